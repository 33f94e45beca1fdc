/* modules.yaml: any bytes give an error or streams with names. */
#include "pkgrepo/yum_modules.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	auto_err struct oci_err *err = NULL;
	auto_rpm_modules struct oci_rpm_modules m = { 0 };

	if (oci_rpm_modules_parse(&m, "fuzz", (const char *)data, n, &err) < 0)
		return 0;
	for (size_t i = 0; i < m.streams.n; i++)
		if (!m.streams.v[i].module || !m.streams.v[i].stream)
			abort();
	return 0;
}
