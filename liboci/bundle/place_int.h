/* Setting what a member says beside its content. */
#ifndef OCI_BUNDLE_PLACE_INT_H
#define OCI_BUNDLE_PLACE_INT_H

#include "bundle/place.h"

struct oci_place_meta {
	unsigned mode;
	uint64_t uid, gid;
	int64_t mtime;
	unsigned mtime_ns;
};

struct oci_place_folder {
	struct oci_place_meta meta;
	bool made;
};

/* One folder, walked to from the root by descriptor. */
struct oci_place_dirs {
	int root;
	struct oci_paths *made; /* folders that were made: path -> struct oci_place_folder */
	int64_t mtime;
	char *path; /* of fd, the folder walked to last; "" is the root */
	int fd;	    /* -1: none yet */
};

struct oci_place_meta oci_place_meta_of(const struct oci_tar_entry *e, bool special);
int oci_place_set_fd(int fd, const char *path, const struct oci_place_meta *m, struct oci_err **err);
int oci_place_set_at(int dir, const char *name, const char *path, const struct oci_place_meta *m, bool is_link,
		     struct oci_err **err);
int oci_place_set_xattrs(int fd, const struct oci_tar_entry *e, bool special, struct oci_err **err);

/* The folder that path stands in (*fd, borrowed until the next call), made where it is missing, and path's last part.
 */
int oci_place_parent(struct oci_place_dirs *d, const char *path, int *fd, const char **name, struct oci_err **err);
void oci_place_dirs_clear(struct oci_place_dirs *d);

#endif
