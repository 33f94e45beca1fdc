/* An OS's rpm-md repositories for one CPU: repomd.xml trusted, primary fetched and read. */
#ifndef OCI_PKGREPO_YUM_SOURCE_H
#define OCI_PKGREPO_YUM_SOURCE_H

#include "pkgrepo/rpmmd_comps.h"
#include "pkgrepo/yum_pool.h"

struct oci_repo_target;

/* Read every repository of the target that is switched on and has this CPU into p, without what its modules hide;
 * comps too when it is not NULL.
 * Everything that fails is said at once. */
int oci_yum_source_load(const struct oci_repo_target *t, struct oci_yum_pool *p, struct oci_rpm_comps *comps,
			struct oci_err **err);

/* Does the target take packages of this repository? */
bool oci_yum_source_wanted(const struct oci_os_repo *repo, const char *arch);

#endif
