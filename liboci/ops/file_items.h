/* The lines of a file list: URL [sha256:HEX|sha512:HEX] [> PATH]. */
#ifndef OCI_OPS_FILE_ITEMS_H
#define OCI_OPS_FILE_ITEMS_H

#include "base/list.h"
#include "base/map.h"
#include "base/vec.h"
#include "digest/digest.h"

struct oci_file_item {
	char *url;		  /* as in the list */
	char *ask;		  /* where it is asked: url, or a mirror's */
	char *path;		  /* in the tree: HOST/PATH of url, or what the line says behind > */
	char *where;		  /* "files.list:3" */
	struct oci_digest expect; /* OCI_NO_DIGEST: none known (yet) */
	struct oci_digest locked; /* sha256 of the lock, where expect is by another algorithm */
	struct oci_digest sha256; /* once it is there */
	uint64_t size;
	char *validator; /* ETag, else Last-Modified, of what is there; NULL unknown */
	bool kept;
	struct oci_err *err; /* why it failed */
};

struct oci_file_items {
	struct oci_file_item *v;
	size_t n, cap;
	struct oci_map by_path; /* path -> place + 1 */
};

/* Turn list lines into items. A line that stands twice counts once; one path from two URLs, or one URL with two
 * checksums, is OCI_CONFLICT naming both lines. Schemes other than http and https (and file where allowed) are refused.
 */
int oci_file_items_parse(const struct oci_list *list, bool allow_file, struct oci_file_items *out,
			 struct oci_err **err);

/* Send items whose URL begins with a PREFIX of PREFIX=URL elsewhere; the longest prefix wins. */
int oci_file_items_mirror(struct oci_file_items *items, const struct oci_strs *mirrors, struct oci_err **err);
void oci_file_items_clear(struct oci_file_items *items);

#define auto_file_items OCI_AUTO(oci_file_items_clear)

#endif
