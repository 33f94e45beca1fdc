/* Any bytes as a docker archive: what is found in it lies inside it. */
#include "base/file.h"
#include "transport/source.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_fd int fd = memfd_create("fuzz", MFD_CLOEXEC);
	auto_free char *spec = oci_printf("docker-archive:/proc/self/fd/%d", fd);
	auto_source struct oci_source src = { 0 };
	auto_strs struct oci_strs names = { 0 };
	struct oci_out out = { 0 };

	if (fd < 0 || oci_file_write_fd(fd, "fuzz", data, size, NULL) < 0 ||
	    oci_source_open(spec, &out, &src, NULL) < 0 || oci_source_names(&src, &names, NULL) < 0)
		return 0;
	for (size_t i = 0; i < names.n && i < 10; i++) {
		auto_ref struct oci_ref ref = { 0 };
		struct oci_need need = { .ref = &ref };

		if (oci_ref_parse(names.v[i], &ref, NULL) == 0)
			oci_source_manifests(&src, &need, 1);
		oci_need_clear(&need);
	}
	return 0;
}
