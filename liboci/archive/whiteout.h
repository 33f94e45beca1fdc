/* Names that delete: https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
#ifndef OCI_ARCHIVE_WHITEOUT_H
#define OCI_ARCHIVE_WHITEOUT_H

#include "base/err.h"

enum oci_whiteout {
	OCI_WHITEOUT_NONE,   /* an ordinary name */
	OCI_WHITEOUT_PATH,   /* DIR/.wh.NAME deletes DIR/NAME */
	OCI_WHITEOUT_OPAQUE, /* DIR/.wh..wh..opq deletes all below DIR */
	OCI_WHITEOUT_OTHER,  /* .wh..wh.* is bookkeeping of AUFS and means nothing */
};

/* What a normalised path does; *target is the path deleted (for OPAQUE the folder, "" being the root), the caller's to
 * free, NULL for NONE and OTHER. A whiteout of nothing, "." or ".." is an error. */
int oci_whiteout_of(const char *path, enum oci_whiteout *kind, char **target, struct oci_err **err);

#endif
