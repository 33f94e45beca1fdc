/* The config, manifests and index of a bundle: same modules, same bytes. */
#ifndef OCI_BUNDLE_DOCUMENTS_H
#define OCI_BUNDLE_DOCUMENTS_H

#include "bundle/conflict.h"

#define OCI_LAYERS_MAX 127 /* what Docker's storage takes */

struct oci_document {
	struct oci_desc desc;
	struct oci_buf bytes;
};

/* One platform's image. */
struct oci_bundle_image {
	struct oci_document config, manifest;
	size_t layers;
	uint64_t bytes; /* of the layers */
};

/* Layers in the order of the parts, one history entry a layer; labels go into the config, names, versions and digests
 * of the modules into the manifest's annotations. More than OCI_LAYERS_MAX layers are an error. */
int oci_bundle_image(const struct oci_parts *parts, const struct oci_platform *platform, const struct oci_pairs *labels,
		     int64_t epoch, struct oci_bundle_image *out, struct oci_err **err);
/* The index over n images, whose modules are parts[0..n). */
void oci_bundle_index(const struct oci_bundle_image *images, const struct oci_parts *parts, size_t n,
		      struct oci_document *out);
void oci_document_clear(struct oci_document *d);
void oci_bundle_image_clear(struct oci_bundle_image *b);

#endif
