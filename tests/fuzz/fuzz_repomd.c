/* repomd.xml: any bytes give an error or a list of files that stay inside. */
#include "pkgrepo/rpmmd_repomd.h"

#include "base/path.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	auto_err struct oci_err *err = NULL;
	auto_repomd struct oci_repomd md = { 0 };

	if (oci_repomd_parse("fuzz", (const char *)data, n, &md, &err) < 0)
		return 0;
	for (size_t i = 0; i < md.data.n; i++)
		if (!oci_path_is_local(md.data.v[i].href))
			abort();
	return 0;
}
