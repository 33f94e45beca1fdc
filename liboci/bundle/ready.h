/* Making a module's layers fit for a bundle: as they are where that is possible, else written anew. */
#ifndef OCI_BUNDLE_READY_H
#define OCI_BUNDLE_READY_H

#include "bundle/conflict.h"

struct oci_ready {
	struct oci_blobs *blobs; /* where layers go that are written or read */
	int compression;	 /* enum oci_compression of what is written; -1: by a look at the content */
	int64_t epoch;
	bool no_check; /* do not compare contents */
	const struct oci_out *out;
};

/* Can its layers be taken over unread: sealed, without whiteouts? */
bool oci_ready_as_is(const struct oci_part *p);

/* Write a folder's layers; bring and read an image that is not as it should be: its paths and whiteouts are known then.
 */
int oci_ready_part(const struct oci_ready *r, struct oci_part *p, struct oci_err **err);

/* Write part n as one layer, when it has a prefix or its whiteouts reach what is below it. */
int oci_ready_rewrite(const struct oci_ready *r, const struct oci_parts *parts, size_t n, struct oci_err **err);

#endif
