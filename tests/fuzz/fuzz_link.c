/* Link headers. */
#include "registry/link.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = oci_strndup((const char *)data, size);
	free(oci_link_next(text));
	return 0;
}
