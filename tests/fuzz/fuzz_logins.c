/* config.json and auth.json. What names a credential helper is not followed: a fuzzer starts no programs. */
#include "registry/logins.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_logins struct oci_logins *l = NULL;
	auto_login struct oci_login login = { 0 };
	auto_err struct oci_err *err = NULL;

	if (memmem(data, size, "cred", 4) || memmem(data, size, "\\u", 2))
		return 0;
	if (oci_logins_parse(&l, "config.json", data, size, &err) == 0)
		oci_logins_find(l, "quay.io", "a/b", &login, &err);
	return 0;
}
