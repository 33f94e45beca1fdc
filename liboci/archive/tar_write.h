/* Writing tar files: ustar headers, pax records for what they cannot hold. Our own, because the bytes have digests:
 * the same members must give the same bytes whatever version of a library is installed.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
#ifndef OCI_ARCHIVE_TAR_WRITE_H
#define OCI_ARCHIVE_TAR_WRITE_H

#include "archive/tar.h"
#include "base/stream.h"

struct oci_tar_write;

/* to is borrowed. Bytes are gathered into big writes. */
struct oci_tar_write *oci_tar_write_new(struct oci_writer *to);

/* Begin a member; for a FILE exactly e->size bytes of data must follow before the next one. No names of users are
 * written. */
int oci_tar_write_entry(struct oci_tar_write *t, const struct oci_tar_entry *e, struct oci_err **err);
int oci_tar_write_data(struct oci_tar_write *t, const void *data, size_t n, struct oci_err **err);
/* A member with all of its data; a stream that is not e->size bytes long is an error naming e->path. */
int oci_tar_write_file(struct oci_tar_write *t, const struct oci_tar_entry *e, struct oci_reader *data,
		       struct oci_err **err);
/* The end mark; `to` is not finished, that is the caller's. */
int oci_tar_write_end(struct oci_tar_write *t, struct oci_err **err);
void oci_tar_write_free(struct oci_tar_write *t);
void oci_tar_write_freep(struct oci_tar_write **t);

#define auto_tar_write OCI_AUTO(oci_tar_write_freep)

#endif
