/* An apt repository on disk, read back: its lists are checked against its Release. */
#ifndef OCI_PKGREPO_APT_LOCAL_H
#define OCI_PKGREPO_APT_LOCAL_H

#include "pkgrepo/apt_index.h"
#include "pkgrepo/apt_release.h"

struct oci_repo_place;

struct oci_apt_local {
	char *root;	   /* what Filename continues */
	char *release_dir; /* folder of Release */
	struct oci_release release;
	bool flat, has_release;
};

/* suite: below root/dists; NULL for a flat one. The Release is checked by place's keys. Clear it on failure, too. */
int oci_apt_local_open(struct oci_apt_local *l, const struct oci_repo_place *place, const char *root, const char *suite,
		       struct oci_err **err);

/* Add the lists for a CPU, whose files' base is the root's path. *found: is there one? */
int oci_apt_local_add(const struct oci_apt_local *l, const char *arch, struct oci_apt_index *ix, bool *found,
		      struct oci_err **err);

/* What is there: a copy of a large archive holds few of the CPUs that its Release names. None is an error. */
int oci_apt_local_arches(const struct oci_apt_local *l, struct oci_strs *arches, struct oci_err **err);

void oci_apt_local_clear(struct oci_apt_local *l);

#endif
