/* Release files. */
#include "base/path.h"
#include "pkgrepo/apt_release.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_release struct oci_release r = { 0 };

	if (oci_release_parse("Release", (const char *)data, size, &r, NULL) < 0)
		return 0;
	for (size_t i = 0; i < r.files.n; i++)
		if (!oci_path_is_local(r.files.v[i].path))
			abort();
	return 0;
}
