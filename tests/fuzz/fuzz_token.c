/* Answers of token servers: an accepted one can stand in a header, and lives for a time that can be reckoned with. */
#include "registry/token_answer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_token_answer struct oci_token_answer a = { 0 };
	auto_err struct oci_err *err = NULL;

	if (oci_token_answer_parse((const char *)data, size, &a, &err) < 0)
		return 0;
	if (!*a.token || !oci_token_fits_header(a.token) || a.seconds <= 0 || a.seconds > INT64_MAX / 750)
		abort();
	return 0;
}
