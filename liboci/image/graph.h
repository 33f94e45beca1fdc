/* Walking what an entry of a layout leads to: indexes, manifests, configs and layers. */
#ifndef OCI_IMAGE_GRAPH_H
#define OCI_IMAGE_GRAPH_H

#include "image/layout.h"

enum oci_role { OCI_ROLE_INDEX, OCI_ROLE_MANIFEST, OCI_ROLE_CONFIG, OCI_ROLE_LAYER };

/* One thing met on the walk. Borrowed for the length of the callback. */
struct oci_node {
	enum oci_role role;
	const struct oci_desc *desc;
	const struct oci_manifest *parent;   /* the document that names it; NULL for the root */
	const struct oci_manifest *self;     /* the parsed document, for INDEX and MANIFEST */
	const struct oci_buf *bytes;	     /* its bytes, for INDEX and MANIFEST */
	const struct oci_platform *platform; /* of the index entry it stands below; NULL when none is named */
};

typedef int oci_graph_fn(void *ctx, const struct oci_node *node, struct oci_err **err);

struct oci_walk {
	const struct oci_blobs *blobs;
	const struct oci_platforms *platforms; /* index children of other platforms are left out; NULL: all */
	/* Called for children before their parents (blobs, manifests, indexes: the order of a push). */
	oci_graph_fn *visit;
	/* A child of an index that is not in the store (a platform that was not fetched); NULL: it is just left out. */
	oci_graph_fn *absent;
	void *ctx;
};

/* Walk from root. A manifest that is present with an absent config or layer (foreign layers aside) is an error, as are
 * indexes nested more than 8 deep. Attestations (platform unknown/unknown) and children without a platform pass every
 * filter. */
int oci_graph_walk(const struct oci_walk *w, const struct oci_desc *root, struct oci_err **err);

#endif
