/* A registry store, added to: blobs first, then links, the tag last. Nothing is synced but by oci_store_sync. */
#ifndef OCI_STORAGE_WRITER_H
#define OCI_STORAGE_WRITER_H

#include "storage/store.h"

struct oci_store_writer;

/* What was done since oci_store_writer_begin. */
struct oci_store_done {
	size_t linked, copied; /* blobs */
	size_t links;	       /* link files */
	bool moved;	       /* a tag that the store had now stands for something else */
};

/* store is borrowed. copy: reflink or copy blobs, for a layout whose files change later. */
struct oci_store_writer *oci_store_writer_new(struct oci_store *store, bool copy);
void oci_store_writer_free(struct oci_store_writer *w);
void oci_store_writer_freep(struct oci_store_writer **w);

/* What follows goes to this repository; the counts start anew. */
int oci_store_writer_begin(struct oci_store_writer *w, const char *repository, struct oci_err **err);
const struct oci_store_done *oci_store_writer_done(const struct oci_store_writer *w);

/* A config or layer out of a file that holds its bytes: hard link, else reflink, else a checked copy. A file that not
 * everyone may read is copied, since its mode would go with the link. */
int oci_store_writer_layer(struct oci_store_writer *w, const struct oci_desc *d, const char *file,
			   struct oci_err **err);
/* A manifest or index, likewise. */
int oci_store_writer_revision(struct oci_store_writer *w, const struct oci_desc *d, const char *file,
			      struct oci_err **err);
/* A document that was made just now; d gets its digest and size. */
int oci_store_writer_document(struct oci_store_writer *w, const struct oci_buf *bytes, struct oci_desc *d,
			      struct oci_err **err);
/* Would tag stay where it is? OCI_CONFLICT when it stands for something else than d. */
int oci_store_writer_keeps(const struct oci_store_writer *w, const char *tag, const struct oci_digest *d,
			   struct oci_err **err);
/* Let tag stand for d; what it stood for before stays in its history. */
int oci_store_writer_tag(struct oci_store_writer *w, const char *tag, const struct oci_digest *d, struct oci_err **err);

/* Bring all that was written to disk. */
int oci_store_sync(const struct oci_store *s, struct oci_err **err);

#define auto_store_writer OCI_AUTO(oci_store_writer_freep)

#endif
