/* Locks of file lists: sorted lines "URL sha256:HEX BYTES". */
#ifndef OCI_OPS_FILE_LOCK_H
#define OCI_OPS_FILE_LOCK_H

#include "ops/file_items.h"

/* Take what the lock says as each item's checksum; an item without an entry, or with another checksum in the list, is
 * an error. */
int oci_file_lock_apply(const char *path, struct oci_file_items *items, struct oci_err **err);
int oci_file_lock_save(const char *path, const struct oci_file_items *items,
		       struct oci_err **err); /* what did not fail */

#endif
