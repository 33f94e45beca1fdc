/* Packing whole buffers: the same bytes in give the same bytes out, no time or name in them. */
#ifndef OCI_ARCHIVE_PACK_H
#define OCI_ARCHIVE_PACK_H

#include "archive/inflate.h"
#include "base/buf.h"

/* gzip, zstd or xz; others fail with OCI_UNSUPPORTED. Appends to out. */
int oci_pack(enum oci_packing packing, const void *data, size_t n, struct oci_buf *out, struct oci_err **err);

#endif
