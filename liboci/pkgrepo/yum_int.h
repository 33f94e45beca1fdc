/* Shared by the files of the yum family. */
#ifndef OCI_PKGREPO_YUM_INT_H
#define OCI_PKGREPO_YUM_INT_H

#include "pkgrepo/family.h"
#include "pkgrepo/rpmmd_comps.h"
#include "pkgrepo/yum_pool.h"

/* Assume the packages of a file installed; in a pool that is ready. */
int oci_yum_base_assume(struct oci_yum_pool *p, const char *path, struct oci_err **err);

/* Solve a target's wants in a pool to which everything was added, and fill the closure. */
int oci_yum_solve_pool(const struct oci_repo_target *t, const struct oci_wants *wants, struct oci_yum_pool *pool,
		       const struct oci_rpm_comps *comps, struct oci_repo_closure *out, const struct oci_strs *why,
		       struct oci_strs *chains, struct oci_err **err);

/* Fill the closure from what was chosen. */
int oci_yum_closure_list(const struct oci_yum_pool *pool, const Queue *chosen, struct oci_repo_closure *out,
			 struct oci_err **err);

#endif
