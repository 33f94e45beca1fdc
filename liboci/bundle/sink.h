/* Where a tree goes: a folder, or a tar file. */
#ifndef OCI_BUNDLE_SINK_H
#define OCI_BUNDLE_SINK_H

#include "archive/tar.h"

struct oci_sink {
	/* Begin a member. Its path (and a hard link's target) is normalised, "" being the root; folders may come behind
	 * what stands in them. A FILE's data and end follow. */
	int (*begin)(void *ctx, const struct oci_tar_entry *e, struct oci_err **err);
	int (*data)(void *ctx, const void *p, size_t n, struct oci_err **err);
	int (*end)(void *ctx, struct oci_err **err);
	/* What was begun under path before is about to come again. NULL: later wins by itself. */
	int (*drop)(void *ctx, const char *path, struct oci_err **err);
	void *ctx;
};

/* Files from here on are weighed against the free space, and sent to the disk at once. */
#define OCI_SINK_BIG (16u << 20)

/* A big file must have room where fd is: a folder, or a file that it is written to; a pipe has room for all. */
int oci_sink_expect_space(int fd, const char *where, const struct oci_tar_entry *e, struct oci_err **err);

#endif
