/* Locks of image lists: sorted lines "NAME DIGEST". An image has a line for each of its names with what that stood for
 * in the registry, and one for each manifest that was fetched of an index: "REPOSITORY@DIGEST DIGEST". */
#ifndef OCI_OPS_LOCKFILE_H
#define OCI_OPS_LOCKFILE_H

#include "base/map.h"
#include "digest/digest.h"

struct oci_image_lock {
	struct oci_map names; /* name -> struct oci_digest */
};

/* Errors name the file and the line. */
int oci_image_lock_load(const char *path, struct oci_image_lock *out, struct oci_err **err);
int oci_image_lock_parse(const char *what, const char *text, size_t n, struct oci_image_lock *out,
			 struct oci_err **err);
const struct oci_digest *oci_image_lock_find(const struct oci_image_lock *l, const char *name); /* NULL when absent */
void oci_image_lock_set(struct oci_image_lock *l, const char *name, const struct oci_digest *digest);
int oci_image_lock_save(const struct oci_image_lock *l, const char *path, struct oci_err **err); /* atomic */
void oci_image_lock_clear(struct oci_image_lock *l);

#define auto_image_lock OCI_AUTO(oci_image_lock_clear)

#endif
