/* What a file tree holds: SHA256SUMS over all of it, and validators of files that nobody gave a checksum for. */
#ifndef OCI_OPS_FILE_TREE_H
#define OCI_OPS_FILE_TREE_H

#include "base/out.h"
#include "digest/sumfile.h"
#include "ops/file_items.h"

struct oci_file_tree {
	char *dir;
	struct oci_sums sums; /* DIR/SHA256SUMS as it was; sorted */
	struct oci_map notes; /* path -> what DIR/.etags says of a file that nobody gave a checksum for */
};

struct oci_file_note {
	struct oci_digest sha256;
	char *validator; /* its ETag or Last-Modified */
};

int oci_file_tree_open(const char *dir, struct oci_file_tree *out, struct oci_err **err); /* an absent one is empty */

bool oci_file_tree_owns(const char *path); /* SHA256SUMS, .etags: no name for a file of a list */

/* Does the item's file stand in the tree with the checksum that is expected, or, without one, with the one noted when
 * it was fetched? Fills in sha256 and size when it does, and mends its mode. */
bool oci_file_tree_holds(const struct oci_file_tree *t, struct oci_file_item *it);

/* Note at once what was fetched without a checksum, so that a run after a kill knows it. */
int oci_file_tree_note(const struct oci_file_tree *t, const struct oci_file_item *it, struct oci_err **err);

/* Write SHA256SUMS and .etags: the items that did not fail, and whatever else was listed and is still there. */
int oci_file_tree_save(const struct oci_file_tree *t, const struct oci_file_items *items, struct oci_err **err);

/* Compare a tree with its SHA256SUMS. Prints "changed", "missing" or "extra" and the path for each difference. */
int oci_file_tree_verify(const char *dir, const struct oci_out *out, struct oci_err **err);
void oci_file_tree_close(struct oci_file_tree *t);

#define auto_file_tree OCI_AUTO(oci_file_tree_close)

#endif
