/* Names in a registry store: a tag of the referrers' scheme leads to its subject and back, a path never leaves its
 * folder. */
#include "image/ref.h"
#include "storage/fallback.h"
#include "storage/tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *tag = oci_strndup((const char *)data, size);
	char back[OCI_DIGEST_TEXT], path[OCI_TREE_PATH];
	struct oci_digest subject;

	if (oci_fallback_subject(tag, &subject) && strcmp(oci_fallback_tag(back, &subject), tag) != 0)
		abort();
	if (oci_ref_valid_tag(oci_slice(tag)) && strstr(oci_tree_current(path, tag), "/../"))
		abort();
	return 0;
}
