/* Manifests and indexes as parsed views; the bytes stay what they are.
 * https://github.com/opencontainers/image-spec/blob/main/manifest.md and image-index.md */
#ifndef OCI_IMAGE_MANIFEST_H
#define OCI_IMAGE_MANIFEST_H

#include "image/desc.h"

#define OCI_NESTING_MAX 8	    /* indexes in indexes */
#define OCI_MANIFEST_MAX (4u << 20) /* bytes; what registries accept, and a cap before memory is taken */

/* One document, either kind. */
struct oci_manifest {
	bool is_index;
	char *media_type;		   /* its own, else the descriptor's, else by its shape */
	char *artifact_type;		   /* NULL for none */
	struct oci_desc config;		   /* of a manifest */
	OCI_VEC(struct oci_desc) children; /* a manifest's layers, an index's manifests */
	struct oci_desc *subject;	   /* what it refers to, or NULL */
	struct oci_pairs annotations;
};

/* Parse a document. `what` names it in errors; media_type is the descriptor's or the server's, NULL when unknown.
 * Schema1 and the retired artifact manifest are OCI_UNSUPPORTED with a remedy; a document that is both manifest and
 * index is refused (https://github.com/advisories/GHSA-77vh-xpmg-72qh). */
int oci_manifest_parse(const char *what, const void *data, size_t n, const char *media_type, struct oci_manifest *out,
		       struct oci_err **err);
/* The same refusal by the type alone: a schema1 manifest's digest is not that of its bytes. */
int oci_manifest_check_type(const char *media_type, const char *what, struct oci_err **err);
int oci_manifest_check_depth(const char *what, unsigned depth, struct oci_err **err); /* of indexes in indexes */
bool oci_manifest_is_image(const struct oci_manifest *m); /* a manifest whose config is an image config */
/* How a document with a subject is listed among what refers to that: type, digest, size, artifact type, annotations. */
void oci_manifest_referrer(const struct oci_manifest *m, const struct oci_digest *d, uint64_t size,
			   struct oci_desc *out);
/* Is it a layer that registries need not hold: a non-distributable type? */
bool oci_layer_is_foreign(const struct oci_desc *layer);
void oci_manifest_clear(struct oci_manifest *m);

#define auto_manifest OCI_AUTO(oci_manifest_clear)

#endif
