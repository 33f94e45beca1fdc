/* --flatten: an index with absent platforms becomes something that registries take. */
#ifndef OCI_OPS_FLATTEN_H
#define OCI_OPS_FLATTEN_H

#include "image/blobs.h"
#include "image/platform.h"

/* What root becomes: itself when it is no index; the one manifest of it that is wanted and present; else a new index of
 * those (nested ones hoisted), whose bytes are then in *bytes and whose digest is in *out. No wanted manifest is an
 * error. */
int oci_flatten(const struct oci_blobs *blobs, const struct oci_desc *root, const struct oci_platforms *platforms,
		struct oci_desc *out, struct oci_buf *bytes, struct oci_err **err);

#endif
