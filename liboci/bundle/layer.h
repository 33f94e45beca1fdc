/* One layer of an image: its packed bytes, and what they are unpacked. */
#ifndef OCI_BUNDLE_LAYER_H
#define OCI_BUNDLE_LAYER_H

#include "archive/tar_read.h"
#include "image/blobs.h"
#include "transport/source.h"

struct oci_layer {
	struct oci_desc desc;
	struct oci_digest diff_id; /* of the plain tar */
};

struct oci_layers { /* bottom first */
	struct oci_layer *v;
	size_t n, cap;
};

/* Where layers are read: in a store, or else where a source has them. */
struct oci_layer_from {
	const struct oci_blobs *blobs;
	const struct oci_source *source;
};

/* A layer being read: every byte passes its digest and its diff ID. */
struct oci_layer_read;

int oci_layer_read_open(struct oci_layer_read **out, const struct oci_layer_from *from, const struct oci_layer *layer,
			struct oci_err **err);
struct oci_tar_read *oci_layer_read_tar(struct oci_layer_read *r); /* lives as long as r */
/* Behind the last member: read the rest, compare digest, size and diff ID. Nothing read before is proven until then. */
int oci_layer_read_end(struct oci_layer_read *r, struct oci_err **err);
void oci_layer_read_closep(struct oci_layer_read **r);

/* Call back for each member of a layer, whose data may be read from tar; then oci_layer_read_end. */
typedef int oci_layer_fn(void *ctx, struct oci_tar_read *tar, const struct oci_tar_entry *e, struct oci_err **err);
int oci_layer_each(const struct oci_layer_from *from, const struct oci_layer *layer, oci_layer_fn *fn, void *ctx,
		   struct oci_err **err);

/* Pair the layers of a manifest with the diff IDs of its config: another count, a foreign or encrypted layer, or a type
 * that is no layer's is an error that begins with `what`. Docker's types become OCI's of the same format. */
struct oci_manifest;
struct oci_config;
int oci_layers_of(const char *what, const struct oci_manifest *m, const struct oci_config *c, struct oci_layers *out,
		  struct oci_err **err);
void oci_layers_add(struct oci_layers *l, const struct oci_layer *layer); /* a copy */
void oci_layers_clear(struct oci_layers *l);

#define auto_layer_read OCI_AUTO(oci_layer_read_closep)
#define auto_layers OCI_AUTO(oci_layers_clear)

#endif
