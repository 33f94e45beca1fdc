/* A registry store, read as though it were a layout. */
#ifndef OCI_STORAGE_VIEW_H
#define OCI_STORAGE_VIEW_H

#include "image/layout.h"
#include "storage/store.h"

/* Annotation of each entry: its repository as the store spells it, which a name does not always tell (docker.io's
 * library/ may be missing there). */
#define OCI_STORE_REPOSITORY "store.repository"

/* Entries are the tags, and the revisions that nothing leads to, under docker.io names. For reading only. An entry
 * whose document is absent or damaged is there as well: it fails when its bytes are asked for. */
int oci_store_view(const char *dir, struct oci_layout *out, struct oci_err **err);

#endif
