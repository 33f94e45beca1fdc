/* A member's header as bytes. */
#ifndef OCI_ARCHIVE_TAR_HEADER_INT_H
#define OCI_ARCHIVE_TAR_HEADER_INT_H

#include "archive/tar.h"
#include "archive/tar_block.h"
#include "base/buf.h"

/* Append the header block of e, before it a pax header (two members of blocks) for what ustar cannot hold. */
void oci_tar_header(const struct oci_tar_entry *e, struct oci_buf *out);

#endif
