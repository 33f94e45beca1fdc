/* Metalinks: any bytes give an error or at least one place. */
#include "pkgrepo/rpmmd_metalink.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	auto_err struct oci_err *err = NULL;
	auto_metalink struct oci_metalink m = { 0 };

	if (oci_metalink_parse("fuzz", (const char *)data, n, &m, &err) == 0 && !m.bases.n)
		abort();
	return 0;
}
