/* Locks of image lists. */
#include "ops/lockfile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_image_lock struct oci_image_lock lock = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_image_lock_parse("lock", (const char *)data, size, &lock, &err);
	return 0;
}
