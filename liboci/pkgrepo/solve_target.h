/* Solving for a target: the answer, and what its user is told of it. */
#ifndef OCI_PKGREPO_SOLVE_TARGET_H
#define OCI_PKGREPO_SOLVE_TARGET_H

#include "pkgrepo/family.h"
#include "pkgrepo/solve.h"

/* As oci_solve_all; what is solved apart becomes a warning. why (may be NULL): packages to explain, a chain for each
 * added to chains. */
int oci_solve_target(const struct oci_repo_target *t, const struct oci_solve *s, const struct oci_strs *why,
		     struct oci_strs *chains, Queue *chosen, struct oci_err **err);

#endif
