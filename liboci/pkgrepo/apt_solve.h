/* From what is asked for to the packages that fulfil it. */
#ifndef OCI_PKGREPO_APT_SOLVE_H
#define OCI_PKGREPO_APT_SOLVE_H

#include "pkgrepo/apt_pool.h"
#include "pkgrepo/solve.h"

/* Load what the wants can reach into p, make p ready and turn the wants into asks. What cannot be found is an error
 * that lists all of it, nearest names included. with_essential adds every Essential package. */
int oci_apt_asks_make(struct oci_apt_pool *p, const struct oci_wants *wants, bool with_essential, struct oci_asks *out,
		      struct oci_err **err);

/* All of it as a question; as apt-get install would choose (docs/apt-closure.md). It lives as long as both. */
struct oci_solve oci_apt_question(struct oci_apt_pool *p, const struct oci_asks *asks);

#endif
