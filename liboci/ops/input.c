#include "ops/input.h"

#include "base/path.h"
#include "storage/view.h"

#include <stdlib.h>
#include <string.h>

#define REGISTRY "registry:"
#define LAYOUT "oci:"

static bool is_other_source(const char *input)
{
	static const char *const kinds[] = { "docker://", "dir:", "docker-archive:", "oci-archive:" };

	for (size_t i = 0; i < OCI_COUNT(kinds); i++)
		if (oci_starts(input, kinds[i]))
			return true;
	return false;
}

int oci_input_open(const char *input, struct oci_layout *out, struct oci_err **err)
{
	if (oci_starts(input, REGISTRY))
		return oci_store_view(input + strlen(REGISTRY), out, err);
	if (is_other_source(input))
		return oci_fail(
			err, OCI_USAGE,
			"-i %s: neither a layout (oci:DIR) nor a store (registry:DIR); oci-fetch makes a layout of it",
			input);
	return oci_layout_open(oci_starts(input, LAYOUT) ? input + strlen(LAYOUT) : input, out, err);
}

int oci_output_path(const char *output, const char *kind, const char **out, struct oci_err **err)
{
	bool said = oci_starts(output, kind);
	const char *path = said ? output + strlen(kind) : output;
	const char *name = said && !oci_path_exists(path) ? strchr(oci_path_base(path), ':') : NULL;

	if (name)
		return oci_fail(err, OCI_USAGE, "-o %s: images keep their names; leave out \"%s\"", output, name);
	*out = path;
	return 0;
}

void oci_input_repository(const struct oci_desc *entry, const struct oci_ref *name, struct oci_ref *to)
{
	const char *own = oci_pairs_get(&entry->annotations, OCI_STORE_REPOSITORY);

	if (!own || !oci_streq(to->repository, name->repository))
		return;
	free(to->repository);
	to->repository = oci_strdup(own);
}
