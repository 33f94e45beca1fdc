/* Lines of a file list, and the same bytes as a checksum file that a site publishes. */
#include "base/list.h"
#include "base/path.h"
#include "ops/file_items.h"
#include "ops/file_published.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_list struct oci_list list = { 0 };
	auto_file_items struct oci_file_items items = { 0 };
	auto_free char *text = oci_strndup((const char *)data, size);
	struct oci_digest digest;

	oci_file_published_find(text, "etcd.tar.gz", &digest);
	if (oci_list_parse(&list, "fuzz", (const char *)data, size, NULL) < 0 ||
	    oci_file_items_parse(&list, true, &items, NULL) < 0)
		return 0;
	for (size_t i = 0; i < items.n; i++)
		if (!oci_path_is_local(items.v[i].path))
			abort();
	return 0;
}
