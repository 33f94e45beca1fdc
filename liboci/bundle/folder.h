/* A folder's tree, listed in an order that does not depend on the file system. */
#ifndef OCI_BUNDLE_FOLDER_H
#define OCI_BUNDLE_FOLDER_H

#include "archive/tar.h"
#include "base/vec.h"

struct oci_folder_item {
	enum oci_tar_type
		type; /* FILE, DIR, SYMLINK, HARDLINK, or what else stands there: CHAR, BLOCK, FIFO (sockets too) */
	char *path;   /* from the folder; never the folder itself */
	char *link;   /* target of a SYMLINK; of a HARDLINK the path of the same file that came first */
	uint64_t size;
	unsigned mode;
	bool empty; /* a DIR without anything in it */
};

struct oci_folder {
	char *dir;
	OCI_VEC(struct oci_folder_item) items; /* a folder before what stands in it, names sorted by bytes */
};

/* Links are not followed. A tree nested more than 1000 deep is an error. */
int oci_folder_scan(const char *dir, struct oci_folder *out, struct oci_err **err);
/* The same without a list: fn gets each item as it is found, and may take what it holds. */
typedef int oci_folder_fn(void *ctx, struct oci_folder_item *item, struct oci_err **err);
int oci_folder_each(const char *dir, oci_folder_fn *fn, void *ctx, struct oci_err **err);
void oci_folder_clear(struct oci_folder *f);

#define auto_folder OCI_AUTO(oci_folder_clear)

#endif
