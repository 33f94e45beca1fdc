/* An apt repository's metadata: Release files verified, Packages files fetched and indexed. */
#ifndef OCI_PKGREPO_APT_SOURCE_H
#define OCI_PKGREPO_APT_SOURCE_H

#include "base/err.h"
#include "pkgrepo/apt_index.h"
#include "pkgrepo/os.h"

struct oci_apt_paths;
struct oci_out;
struct oci_repo_net;

struct oci_apt_source {
	const struct oci_os *os;
	const char *arch;
	struct oci_repo_net *net;
	const char *cache;	     /* folder */
	struct oci_apt_paths *paths; /* that are looked for in the lists of files; may be NULL */
	const struct oci_out *out;
};

/* Read every repository of the OS that is switched on and has this CPU into ix. Everything that fails is said at once.
 */
int oci_apt_source_load(const struct oci_apt_source *s, struct oci_apt_index *ix, struct oci_err **err);

#endif
