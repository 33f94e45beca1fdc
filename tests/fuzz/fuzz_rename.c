/* Map files: a name that a map answers for is a valid reference again. */
#include "image/rename.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_rename struct oci_rename *map = NULL;
	auto_ref struct oci_ref line = { 0 }, from = { 0 }, to = { 0 }, again = { 0 };

	if (oci_rename_parse("map.yml", (const char *)data, size, &map, NULL) < 0)
		return 0;
	oci_ref_parse("k8s.gcr.io/kube-proxy:v1", &line, NULL);
	if (oci_rename_line(map, &line, &from, &to, NULL) < 0)
		return 0;
	auto_free char *name = oci_ref_name(&to);

	if (oci_ref_parse(name, &again, NULL) < 0 || !oci_ref_same(&to, &again))
		abort();
	return 0;
}
