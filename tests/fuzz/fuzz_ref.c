/* References: what parses must print to something that parses to the same. */
#include "image/ref.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_ref struct oci_ref ref = { 0 }, again = { 0 };
	auto_err struct oci_err *err = NULL;

	if (oci_ref_parse_slice((struct oci_slice){ (const char *)data, size }, &ref, &err) < 0)
		return 0;
	auto_free char *name = oci_ref_name(&ref);

	if (oci_ref_parse(name, &again, NULL) < 0 || !oci_ref_same(&ref, &again))
		abort();
	return 0;
}
