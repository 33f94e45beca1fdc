/* Revisions of a repository that nothing there leads to: no tag, now or before, no index, no subject. */
#ifndef OCI_STORAGE_ORPHANS_H
#define OCI_STORAGE_ORPHANS_H

#include "storage/store.h"

/* tags are the repository's. Appended to out, in the order of oci_store_revisions. */
int oci_store_orphans(const struct oci_store *s, const char *repository, const struct oci_strs *tags,
		      struct oci_digests *out, struct oci_err **err);

#endif
