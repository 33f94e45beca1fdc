/* Walking through a folder's tree, in an order that does not depend on the file system. */
#ifndef OCI_BUNDLE_FOLDER_H
#define OCI_BUNDLE_FOLDER_H

#include "archive/tar.h"

struct oci_folder_item {
	enum oci_tar_type
		type; /* FILE, DIR, SYMLINK, HARDLINK, or what else stands there: CHAR, BLOCK, FIFO (sockets too) */
	char *path;   /* from the folder; never the folder itself */
	char *link;   /* target of a SYMLINK; of a HARDLINK the path of the same file that came first */
	uint64_t size;
	unsigned mode;
	bool empty;   /* a DIR without anything in it */
	size_t inode; /* counts files that have several names: the same number for all names of one; 0 for others */
};

enum { OCI_FOLDER_SKIP = 1 }; /* what fn may give for a folder, so that nothing in it is looked at */

/* fn gets each item as it is found, a folder before what stands in it, names sorted by bytes, and may take what the
 * item holds: nothing is kept of what has passed but the names of files that have several. Links are not followed. A
 * tree nested more than 1000 deep is an error. */
typedef int oci_folder_fn(void *ctx, struct oci_folder_item *item, struct oci_err **err);
int oci_folder_each(const char *dir, oci_folder_fn *fn, void *ctx, struct oci_err **err);

#endif
