/* Descriptors: https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
#ifndef OCI_IMAGE_DESC_H
#define OCI_IMAGE_DESC_H

#include "base/json.h"
#include "digest/digest.h"
#include "image/media.h"
#include "image/platform.h"

struct oci_pair {
	char *key, *value;
};

/* Annotations and labels, in the order of the document. */
struct oci_pairs {
	struct oci_pair *v;
	size_t n, cap;
};

struct oci_desc {
	char *media_type;
	struct oci_digest digest;
	uint64_t size;
	bool has_platform;
	struct oci_platform platform; /* with has_platform */
	char *artifact_type;	      /* NULL for none */
	struct oci_strs urls;	      /* of a foreign layer */
	struct oci_pairs annotations;
};

#define OCI_REF_NAME "org.opencontainers.image.ref.name"

/* From JSON; `where` ("index.json: manifests[3]") begins the error. A size over 2^53 is refused. */
int oci_desc_parse(const json_t *j, const char *where, struct oci_desc *out, struct oci_err **err);
json_t *oci_desc_json(const struct oci_desc *d); /* keys in the spec's order, annotations sorted; the caller's */
void oci_desc_copy(struct oci_desc *to, const struct oci_desc *from);
void oci_desc_clear(struct oci_desc *d);

const char *oci_pairs_get(const struct oci_pairs *p, const char *key);	     /* NULL when absent */
void oci_pairs_set(struct oci_pairs *p, const char *key, const char *value); /* NULL takes the key away */
int oci_pairs_parse(const json_t *j, const char *where, struct oci_pairs *out, struct oci_err **err); /* NULL is none */
json_t *oci_pairs_json(const struct oci_pairs *p); /* sorted by key; NULL when empty */
void oci_pairs_clear(struct oci_pairs *p);

#define auto_desc OCI_AUTO(oci_desc_clear)
#define auto_pairs OCI_AUTO(oci_pairs_clear)

#endif
