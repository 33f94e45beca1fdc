/* Fetching and verifying a suite's Release. */
#ifndef OCI_PKGREPO_APT_RELEASE_GET_H
#define OCI_PKGREPO_APT_RELEASE_GET_H

#include "base/err.h"

struct oci_os_repo;
struct oci_release;
struct oci_repo_net;

/* dir: URL of the folder that holds InRelease, or Release with Release.gpg. Verified by the repository's keys, unless
 * it is trusted; its age is checked unless the description says otherwise. A flat repository that is trusted needs
 * none, as with apt: out is then what a Release of its Packages file would say. */
int oci_apt_release_get(struct oci_repo_net *net, const struct oci_os_repo *repo, const char *dir,
			struct oci_release *out, struct oci_err **err);

#endif
