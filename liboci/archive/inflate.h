/* Uncompressing as bytes pass by: gzip, zstd, xz and bzip2 are known by their first bytes, anything else is plain. */
#ifndef OCI_ARCHIVE_INFLATE_H
#define OCI_ARCHIVE_INFLATE_H

#include "base/stream.h"

enum oci_packing { OCI_PACKING_PLAIN, OCI_PACKING_GZIP, OCI_PACKING_ZSTD, OCI_PACKING_XZ, OCI_PACKING_BZIP2 };

/* A reader of what `from` holds (taken, closed with it, on failure too). Members and frames that follow one another are
 * one stream, as RFC 1952 and RFC 8878 say. The end comes only when the packed bytes are whole and used up; what is
 * damaged, cut short or followed by anything but zeros fails, beginning with `what`. found may be NULL. */
int oci_inflate_reader(struct oci_reader from_take, const char *what, struct oci_reader *out, enum oci_packing *found,
		       struct oci_err **err);

/* What n bytes (6 are enough) from a stream's start show. */
enum oci_packing oci_packing_of(const void *start, size_t n);
const char *oci_packing_name(enum oci_packing packing); /* "gzip", as in messages */

#endif
