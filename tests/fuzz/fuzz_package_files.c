/* Any bytes as a local .deb and a local .rpm. */
#include "base/file.h"
#include "pkgrepo/deb_file.h"
#include "pkgrepo/rpm_file.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_fd int fd = memfd_create("fuzz", MFD_CLOEXEC);
	auto_free char *path = oci_printf("/proc/self/fd/%d", fd);
	auto_buf struct oci_buf stanza = { 0 };
	auto_rpm_file struct oci_rpm_file rpm = { 0 };

	if (fd < 0 || oci_file_write_fd(fd, "fuzz", data, size, NULL) < 0)
		return 0;
	oci_deb_file_stanza(path, &stanza, NULL);
	oci_rpm_file_read(path, "Packages/a.rpm", &rpm, NULL);
	return 0;
}
