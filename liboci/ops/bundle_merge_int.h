/* One run of bundle-merge. */
#ifndef OCI_OPS_BUNDLE_MERGE_INT_H
#define OCI_OPS_BUNDLE_MERGE_INT_H

#include "bundle/documents.h"
#include "bundle/ready.h"
#include "image/layout.h"
#include "ops/bundle_merge.h"

/* What one platform gets. */
struct oci_merge_platform {
	struct oci_platform platform;
	struct oci_parts parts;
	struct oci_bundle_image image;
};

struct oci_merge {
	struct oci_bundle_merge *what;
	OCI_VEC(struct oci_module) modules;
	OCI_VEC(struct oci_merge_platform) platforms;
	struct oci_pairs labels;
	struct oci_ready ready;
	struct oci_document index;

	/* the target: a layout, or a repository of a registry */
	char *dir, *tag;	  /* NULL for a registry */
	struct oci_ref ref;	  /* of a registry */
	struct oci_layout layout; /* of a registry: where new layers are kept until they are sent, opened when needed */
	int lock;
	bool wrote; /* layers were written or copied */
};

/* The plan: modules opened, platforms chosen, manifests, configs and seals read. */
int oci_merge_plan(struct oci_merge *m, struct oci_err **err);
/* Everything is ready: put it where it belongs. */
int oci_merge_save(struct oci_merge *m, struct oci_err **err);
int oci_merge_push(struct oci_merge *m, struct oci_err **err);
char *oci_merge_aside(
	const struct oci_merge *m); /* the folder for layers on their way to a registry; the caller's to free */

#endif
