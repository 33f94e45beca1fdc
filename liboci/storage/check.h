/* Is an image in a registry store whole: links in place, every blob's bytes hashed? */
#ifndef OCI_STORAGE_CHECK_H
#define OCI_STORAGE_CHECK_H

#include "storage/store.h"

struct oci_store_check; /* remembers what it has hashed, so that a shared layer is read once */

struct oci_store_check *oci_store_check_new(const struct oci_store *store);
void oci_store_check_free(struct oci_store_check *c);
void oci_store_check_freep(struct oci_store_check **c);

/* Check repository's revision d, all that it leads to, and that tag (NULL: none) stands for it. Children that an index
 * names but the store has not are platforms that were not fetched, and fine. */
int oci_store_check_image(struct oci_store_check *c, const char *repository, const char *tag,
			  const struct oci_digest *d, struct oci_err **err);

#define auto_store_check OCI_AUTO(oci_store_check_freep)

#endif
