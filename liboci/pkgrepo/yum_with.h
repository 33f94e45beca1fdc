/* Local .rpm files (--with) among the packages of a pool. */
#ifndef OCI_PKGREPO_YUM_WITH_H
#define OCI_PKGREPO_YUM_WITH_H

#include "base/err.h"

struct oci_repo_target;
struct oci_wants;
struct oci_yum_pool;

/* Add the target's .rpm files that its CPU can use, before all repositories, and ask for each. One that no key of the
 * description's repositories signed is said, and stands apart. */
int oci_yum_with_add(const struct oci_repo_target *t, struct oci_yum_pool *p, struct oci_wants *wants,
		     struct oci_err **err);

#endif
