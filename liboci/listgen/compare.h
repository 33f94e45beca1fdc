/* What an upgrade adds, drops and moves. */
#ifndef OCI_LISTGEN_COMPARE_H
#define OCI_LISTGEN_COMPARE_H

#include "base/out.h"
#include "listgen/rows.h"

struct oci_compare_side {
	struct oci_rows images, files, packages;
};

void oci_compare_clear(struct oci_compare_side *side);

/* *folders: both are folders (checkouts); both files: lists. Anything else is OCI_USAGE. */
int oci_compare_kind(const char *a, const char *b, bool *folders, struct oci_err **err);
int oci_compare_load(const char *path, struct oci_compare_side *side,
		     struct oci_err **err); /* lines go where they belong */

/* Records: added|dropped|moved  image|file|package  OLD  NEW ("-" where there is none). An image moves when its tag or
 * digest does, a file when only the versions in its URL do, or when the same variable gives another one. */
void oci_compare_print(const struct oci_compare_side *old, const struct oci_compare_side *new,
		       const struct oci_out *out);

#endif
