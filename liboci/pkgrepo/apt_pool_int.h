/* Shared by the files that fill the pool. */
#ifndef OCI_PKGREPO_APT_POOL_INT_H
#define OCI_PKGREPO_APT_POOL_INT_H

#include "pkgrepo/apt_pool.h"

struct oci_deb_dep;

/* What is kept of a solvable, new or not. */
struct oci_apt_node *oci_apt_pool_node(struct oci_apt_pool *p, Id solvable);

/* "a (>= 1)", without its alternatives. */
Id oci_apt_pool_dep(const struct oci_apt_pool *p, const struct oci_deb_dep *dep);

#endif
