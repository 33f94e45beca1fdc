#include "ops/input.h"

#include "storage/view.h"

#include <stdlib.h>
#include <string.h>

#define REGISTRY "registry:"
#define LAYOUT "oci:"

int oci_input_open(const char *input, struct oci_layout *out, struct oci_err **err)
{
	if (oci_starts(input, REGISTRY))
		return oci_store_view(input + strlen(REGISTRY), out, err);
	return oci_layout_open(oci_starts(input, LAYOUT) ? input + strlen(LAYOUT) : input, out, err);
}

void oci_input_repository(const struct oci_desc *entry, const struct oci_ref *name, struct oci_ref *to)
{
	const char *own = oci_pairs_get(&entry->annotations, OCI_STORE_REPOSITORY);

	if (!own || !oci_streq(to->repository, name->repository))
		return;
	free(to->repository);
	to->repository = oci_strdup(own);
}
