/* oci-to-registry: from layouts, or other stores, to a registry store. */
#ifndef OCI_OPS_TO_REGISTRY_H
#define OCI_OPS_TO_REGISTRY_H

#include "base/out.h"
#include "base/vec.h"

struct oci_to_registry {
	struct oci_strs inputs; /* layouts; registry:DIR is another store */
	const char *output;	/* the store */
	const char *map;	/* file of pairs, or NULL */
	const char *prefix;	/* put in front of each repository, or NULL */
	const char *platform;	/* as oci_platforms_parse; NULL: all that the layouts hold */
	struct oci_strs lists;	/* files with names; "-" is stdin */
	char *const *names;	/* NULL-terminated; with no name at all, everything */
	bool copy;		/* never hard-link */
	bool keep_tags;		/* refuse to move a tag */
	bool verify;		/* hash in the end what stands in the store */
	struct oci_out out;
};

/* Without list and names all images are taken. Failed images are listed in *err, the others are complete. */
int oci_to_registry_run(const struct oci_to_registry *what, struct oci_err **err);
void oci_to_registry_clear(struct oci_to_registry *what);

#endif
