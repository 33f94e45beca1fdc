/* Checksums that download sites publish beside their files. */
#ifndef OCI_OPS_FILE_PUBLISHED_H
#define OCI_OPS_FILE_PUBLISHED_H

#include "base/out.h"
#include "net/xfer.h"
#include "ops/file_items.h"

/* Look in lists/published-sums.list for the sites of items without a checksum, fetch what they publish, all at once,
 * and fill in expect. A site that has none for a file leaves it without. */
int oci_file_published(struct oci_file_items *items, const struct oci_strs *mirrors, struct oci_xfer *x,
		       const struct oci_out *out, struct oci_err **err);

/* Find the checksum of a file in what a site published: "HEX", "HEX  NAME", "HEX *NAME" or "SHA256 (NAME) = HEX". */
bool oci_file_published_find(const char *text, const char *name, struct oci_digest *out);

#endif
