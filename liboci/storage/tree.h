/* The folders of a registry store, as the CNCF distribution registry lays them out on a file system.
 * https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/paths.go
 *
 *	docker/registry/v2/blobs/sha256/ab/HEX/data
 *	docker/registry/v2/repositories/NAME/_layers/sha256/HEX/link
 *	docker/registry/v2/repositories/NAME/_manifests/revisions/sha256/HEX/link
 *	docker/registry/v2/repositories/NAME/_manifests/tags/TAG/current/link
 *	docker/registry/v2/repositories/NAME/_manifests/tags/TAG/index/sha256/HEX/link */
#ifndef OCI_STORAGE_TREE_H
#define OCI_STORAGE_TREE_H

#include "digest/digest.h"

#define OCI_TREE_TOP "docker/registry/v2"
#define OCI_TREE_PATH 512 /* room for each path below */

/* Each fills buf (OCI_TREE_PATH bytes) with a folder and returns it: below the top ... */
const char *oci_tree_blob(char *buf, const struct oci_digest *d);
/* ... and below a repository's folder. */
const char *oci_tree_layer(char *buf, const struct oci_digest *d);
const char *oci_tree_revision(char *buf, const struct oci_digest *d);
const char *oci_tree_current(char *buf, const char *tag);
const char *oci_tree_index(char *buf, const char *tag, const struct oci_digest *d);

/* What a link file in folder `in` (below fd) says; false when there is none or it is not a digest. */
bool oci_tree_link_read(int fd, const char *in, struct oci_digest *out);
/* Write it anew, aside and then renamed: a registry that reads it meanwhile sees the old or the new one. */
int oci_tree_link_write(int fd, const char *in, const struct oci_digest *d, struct oci_err **err);

/* Make a folder and those above it, mode 0755; *made tells whether the last one is new. */
int oci_tree_mkdir(int fd, const char *path, bool *made, struct oci_err **err);

#endif
