/* Reading tar (ustar, pax, GNU, v7) and ar files member by member, as bytes stream by. */
#ifndef OCI_ARCHIVE_TAR_READ_H
#define OCI_ARCHIVE_TAR_READ_H

#include "archive/tar.h"
#include "base/stream.h"

struct oci_tar_read;

/* Read plain tar bytes (inflate first: archive/inflate.h) from `from`, which is taken and closed with it, on failure
 * too. `what` begins each error. An empty stream is an archive without members. */
int oci_tar_read_open(struct oci_tar_read **out, struct oci_reader from_take, const char *what, struct oci_err **err);
/* The same over an ar file, as .deb files are. */
int oci_ar_read_open(struct oci_tar_read **out, struct oci_reader from_take, const char *what, struct oci_err **err);

/* The next member: 1 with *entry (borrowed until the next call), 0 at the end, -1. Data that was not read is skipped.
 */
int oci_tar_read_next(struct oci_tar_read *t, const struct oci_tar_entry **entry, struct oci_err **err);

/* A run of the current member's data without a copy: *n is 0 at its end. Holes of sparse members come as runs of zeros.
 */
int oci_tar_read_block(struct oci_tar_read *t, const void **data, size_t *n, struct oci_err **err);
struct oci_reader oci_tar_read_data(struct oci_tar_read *t); /* the same as a stream; closing it does nothing */

/* Read `from` to its end: what stands behind the archive's end mark still belongs to a digest. */
int oci_tar_read_drain(struct oci_tar_read *t, struct oci_err **err);
void oci_tar_read_close(struct oci_tar_read *t);
void oci_tar_read_closep(struct oci_tar_read **t);

#define auto_tar_read OCI_AUTO(oci_tar_read_closep)

#endif
