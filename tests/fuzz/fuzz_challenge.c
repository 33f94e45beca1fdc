/* WWW-Authenticate headers. */
#include "registry/challenge.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = oci_strndup((const char *)data, size);
	auto_challenge struct oci_challenge c = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_challenge_parse(text, &c, &err);
	return 0;
}
