/* packages.yaml and OS descriptions. */
#include "pkgrepo/os.h"
#include "pkgrepo/wants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_os struct oci_os os = { 0 };
	auto_wants struct oci_wants w = { 0 };
	struct oci_os plain = { .family = OCI_OS_APT,
				.name = (char *)(uintptr_t) "debian12",
				.distribution = (char *)(uintptr_t) "debian" };

	oci_os_parse("os.yaml", (const char *)data, size, &os, NULL);
	oci_wants_parse(&w, "packages.yaml", (const char *)data, size, &plain, NULL, NULL);
	return 0;
}
