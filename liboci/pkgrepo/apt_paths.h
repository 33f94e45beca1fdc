/* Paths that are asked for (/usr/bin/nc), and the packages that hold them: as an archive's Contents lists say, or the
 * packages themselves. https://wiki.debian.org/DebianRepository/Format#A.22Contents.22_indices */
#ifndef OCI_PKGREPO_APT_PATHS_H
#define OCI_PKGREPO_APT_PATHS_H

#include "base/map.h"
#include "base/slice.h"
#include "base/stream.h"
#include "base/vec.h"

struct oci_out;
struct oci_wants;

struct oci_apt_path {
	char *text;
	struct oci_strs names;	/* of packages that hold it */
	struct oci_strs choice; /* of packages that hold "PATH.SOMETHING", among which update-alternatives chooses */
};

struct oci_apt_paths {
	OCI_VEC(struct oci_apt_path) v;
	struct oci_map by_path;
	bool listed; /* some archive lists its files */
};

void oci_apt_paths_want(struct oci_apt_paths *p, const struct oci_wants *wants); /* those that are paths */
const struct oci_apt_path *oci_apt_paths_find(const struct oci_apt_paths *p, const char *text); /* NULL: unknown */
bool oci_apt_paths_left(const struct oci_apt_paths *p); /* is there one that no package holds so far? */

/* A package, or several as "net/netcat,net/nc", holds a file. /bin and /usr/bin are one folder, as on every release. */
void oci_apt_paths_see(struct oci_apt_paths *p, struct oci_slice file, struct oci_slice packages);

/* Read a Contents list. */
int oci_apt_paths_read(struct oci_apt_paths *p, struct oci_reader *from, const char *what, struct oci_err **err);

/* After the last list: a path that no package holds is the choice between those that are offered for it. */
void oci_apt_paths_settle(struct oci_apt_paths *p, const struct oci_out *out);

void oci_apt_paths_clear(struct oci_apt_paths *p);
#define auto_apt_paths OCI_AUTO(oci_apt_paths_clear)

#endif
