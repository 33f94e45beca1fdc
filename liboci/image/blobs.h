/* The blobs of an OCI layout: blobs/ALGORITHM/HEX, each whole once it has its name.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md#blobs */
#ifndef OCI_IMAGE_BLOBS_H
#define OCI_IMAGE_BLOBS_H

#include "base/file.h"
#include "base/stream.h"
#include "image/desc.h"

struct oci_blobs; /* knows one layout folder */

/* Open the blob folder of a layout; with create it is made when missing, else its absence is OCI_NOTFOUND. */
int oci_blobs_open(struct oci_blobs **out, const char *layout_dir, bool create, struct oci_err **err);
/* Open, for reading only, a folder that holds blobs as a registry's storage does: ALGORITHM/ab/HEX/data. */
int oci_blobs_open_fanned(struct oci_blobs **out, const char *dir, struct oci_err **err);
void oci_blobs_close(struct oci_blobs *b);
void oci_blobs_closep(struct oci_blobs **b);

char *oci_blobs_path(const struct oci_blobs *b, const struct oci_digest *d); /* the caller's to free */
/* Where its bytes are kept while they arrive, across runs: LAYOUT/blobs/.partial/ALGORITHM-HEX. The caller's to free.
 */
char *oci_blobs_partial(const struct oci_blobs *b, const struct oci_digest *d);
bool oci_blobs_has(const struct oci_blobs *b, const struct oci_digest *d, uint64_t size); /* UINT64_MAX: of any size */
bool oci_blobs_has_desc(const struct oci_blobs *b, const struct oci_desc *d);
uint64_t oci_blobs_partial_size(const struct oci_blobs *b, const struct oci_digest *d); /* bytes kept of it so far */

/* Keep n bytes under the digest that they have (checked against expect when that is given). out may be NULL. */
int oci_blobs_put(struct oci_blobs *b, const void *data, size_t n, const struct oci_digest *expect,
		  struct oci_digest *out, struct oci_err **err);
int oci_blobs_check(const struct oci_blobs *b, const struct oci_desc *d, struct oci_err **err); /* reads it all */
/* All bytes of a small blob, checked against digest and size. */
int oci_blobs_read(const struct oci_blobs *b, const struct oci_desc *d, size_t max, struct oci_buf *out,
		   struct oci_err **err);
/* A checking reader over a blob. */
int oci_blobs_reader(const struct oci_blobs *b, const struct oci_desc *d, struct oci_reader *out, struct oci_err **err);
/* Give a file that is known to hold d's bytes that name, too; false where it cannot be linked, or another file has the
 * name that cannot be d by its size. */
int oci_blobs_link(struct oci_blobs *b, const struct oci_desc *d, const char *file, bool *linked, struct oci_err **err);
/* Copy a stream into the store as d, checked. */
int oci_blobs_store(struct oci_blobs *b, const struct oci_desc *d, struct oci_reader *from, struct oci_err **err);

/* A blob whose digest is only known when it is written. Without end() nothing stays. */
struct oci_blob_new;
int oci_blob_new_open(struct oci_blob_new **out, struct oci_blobs *b, struct oci_err **err);
int oci_blob_new_write(struct oci_blob_new *w, const void *data, size_t n, struct oci_err **err);
int oci_blob_new_end(struct oci_blob_new *w, struct oci_digest *digest, uint64_t *size, struct oci_err **err);
void oci_blob_new_closep(struct oci_blob_new **w);

/* From here on, what comes of stored and downloaded blobs is kept as partial, whole as it may be, until
 * oci_blobs_settle has synced it: a power cut then leaves no name over bytes that never reached the disk. */
void oci_blobs_hold_names(struct oci_blobs *b);
/* Where a download has to end, checked; tell oci_blobs_landed when it has. The caller's to free. */
char *oci_blobs_landing(const struct oci_blobs *b, const struct oci_digest *d);
void oci_blobs_landed(struct oci_blobs *b, const struct oci_digest *d);

/* Sync what was written, and give the names that were held; remove the .partial folder when nothing is left in it:
 * before index.json is saved. */
int oci_blobs_settle(struct oci_blobs *b, struct oci_err **err);

/* Remove what is kept of blobs that never got whole: for the holder of the layout's lock, after a run that lacks
 * nothing. */
int oci_blobs_tidy(struct oci_blobs *b, struct oci_err **err);

#define auto_blobs OCI_AUTO(oci_blobs_closep)
#endif
