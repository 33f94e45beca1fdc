/* Referrers in a registry that has no referrers API: an index under tag sha256-HEX of what refers to that digest.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema */
#ifndef OCI_STORAGE_FALLBACK_H
#define OCI_STORAGE_FALLBACK_H

#include "storage/writer.h"

struct oci_fallback; /* what one run found, by repository and subject */

struct oci_fallback *oci_fallback_new(void);
void oci_fallback_free(struct oci_fallback *f);
void oci_fallback_freep(struct oci_fallback **f);

/* The tag of a subject (OCI_DIGEST_TEXT bytes in buf), and back: false for any other tag. */
const char *oci_fallback_tag(char *buf, const struct oci_digest *subject);
bool oci_fallback_subject(const char *tag, struct oci_digest *out);

/* A document with a subject stands in repository. */
void oci_fallback_add(struct oci_fallback *f, const char *repository, const struct oci_desc *desc,
		      const struct oci_manifest *document);
/* An index (already a revision of repository) is to stand under subject's tag: its entries count, and it is used as it
 * is when nothing else refers to the subject. */
void oci_fallback_offer(struct oci_fallback *f, const char *repository, const struct oci_digest *subject,
			const struct oci_desc *desc, const struct oci_manifest *index);

/* Write the tags: for each subject all that the store and this run know. A tag that says all of it is left alone. */
int oci_fallback_write(const struct oci_fallback *f, struct oci_store *store, struct oci_store_writer *w,
		       struct oci_err **err);

#define auto_fallback OCI_AUTO(oci_fallback_freep)

#endif
