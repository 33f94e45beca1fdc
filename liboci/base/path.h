/* Paths and folders. */
#ifndef OCI_BASE_PATH_H
#define OCI_BASE_PATH_H

#include "base/err.h"

char *oci_path_join(const char *dir, const char *name); /* the caller's to free; no second slash between them */
char *oci_path_parent(const char *path);		/* "." for a bare name; the caller's to free */
const char *oci_path_base(const char *path);		/* what stands behind the last slash */

/* Is this a relative path that stays inside: not empty, not absolute, no "..", no "." or empty component, no NUL? */
bool oci_path_is_local(const char *path);

bool oci_path_exists(const char *path); /* also true for a dangling link */
bool oci_path_is_dir(const char *path);
bool oci_path_is_file(const char *path);			  /* a regular one: no device, no pipe */
bool oci_path_names(const char *path, int fd);			  /* is it (still) a name of what fd holds? */
int oci_path_mkdirs(const char *path, struct oci_err **err);	  /* all of it, mode 0755; fine when it is there */
int oci_path_mkdirs_for(const char *file, struct oci_err **err);  /* the folders above a file */
int oci_path_remove_tree(const char *path, struct oci_err **err); /* follows no link; fine when it is not there */
int oci_path_is_empty_dir(const char *path, bool *empty, struct oci_err **err); /* also when it does not exist */
int oci_path_sync(const char *path, struct oci_err **err);			/* fsync a file or folder by name */
/* Everything that was written to its file system: once, behind many files and before what vouches for them. */
int oci_path_sync_all(const char *path, struct oci_err **err);

/* Bytes that an unprivileged writer can still put on the file system that holds path (or its nearest existing parent).
 */
int oci_path_free_space(const char *path, uint64_t *bytes, dev_t *device, struct oci_err **err);

/* Call back for each entry of a folder but "." and "..", sorted by bytes. A callback's -1 ends it. */
typedef int oci_path_fn(void *ctx, const char *name, struct oci_err **err);
int oci_path_each(const char *dir, oci_path_fn *fn, void *ctx, struct oci_err **err);

#endif
