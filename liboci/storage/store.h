/* A registry store, read. */
#ifndef OCI_STORAGE_STORE_H
#define OCI_STORAGE_STORE_H

#include "base/buf.h"
#include "base/vec.h"
#include "digest/digest.h"
#include "image/desc.h"
#include "image/manifest.h"
#include "image/ref.h"

struct oci_store;

/* Open for reading: a folder with docker/registry/v2 in it. */
int oci_store_open(struct oci_store **out, const char *dir, struct oci_err **err);
/* Open for adding: what is missing is made. An OCI layout is refused, as it would be a mix-up of -i and -o. */
int oci_store_create(struct oci_store **out, const char *dir, struct oci_err **err);
void oci_store_close(struct oci_store *s);
void oci_store_closep(struct oci_store **s);

int oci_store_fd(const struct oci_store *s);					/* of docker/registry/v2; borrowed */
const char *oci_store_dir(const struct oci_store *s);				/* as it was opened, for messages */
int oci_store_repository_fd(const struct oci_store *s, const char *repository); /* -1: none; the caller's to close */

/* Names of repositories (folders with _manifests in them), sorted; of a repository's tags, sorted; of its revisions. */
int oci_store_repositories(const struct oci_store *s, struct oci_strs *out, struct oci_err **err);
int oci_store_tags(const struct oci_store *s, const char *repository, struct oci_strs *out, struct oci_err **err);

struct oci_digests {
	struct oci_digest *v;
	size_t n, cap;
};

int oci_store_revisions(const struct oci_store *s, const char *repository, struct oci_digests *out,
			struct oci_err **err);
/* Digests that a tag has ever had, the present one included. */
int oci_store_tag_history(const struct oci_store *s, const char *repository, const char *tag, struct oci_digests *out,
			  struct oci_err **err);

/* OCI_NOTFOUND names repository and tag. */
int oci_store_tag(const struct oci_store *s, const char *repository, const char *tag, struct oci_digest *out,
		  struct oci_err **err);
bool oci_store_has_revision(const struct oci_store *s, const char *repository, const struct oci_digest *d);
bool oci_store_has_layer(const struct oci_store *s, const char *repository, const struct oci_digest *d);

char *oci_store_blob_path(const struct oci_store *s, const struct oci_digest *d); /* of data; the caller's to free */
/* Size of a blob's data; false when it is not there. */
bool oci_store_blob_size(const struct oci_store *s, const struct oci_digest *d, uint64_t *size);
/* All bytes of a manifest or config, checked against its digest. */
int oci_store_blob_read(const struct oci_store *s, const struct oci_digest *d, size_t max, struct oci_buf *out,
			struct oci_err **err);
/* A manifest or index, read, checked and parsed; bytes may be NULL. */
int oci_store_manifest(const struct oci_store *s, const struct oci_digest *d, struct oci_manifest *out,
		       struct oci_buf *bytes, struct oci_err **err);

void oci_digests_clear(struct oci_digests *d);

#define auto_store OCI_AUTO(oci_store_closep)
#define auto_digests OCI_AUTO(oci_digests_clear)

#endif
