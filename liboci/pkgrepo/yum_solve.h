/* From what is asked for to the packages that fulfil it, as dnf's install would choose them (docs/rpm-closure.md). */
#ifndef OCI_PKGREPO_YUM_SOLVE_H
#define OCI_PKGREPO_YUM_SOLVE_H

#include "pkgrepo/solve.h"
#include "pkgrepo/yum_pool.h"

struct oci_rpm_comps;

/* Turn the wants into asks, in a pool that is ready. What cannot be found is an error that lists all of it, nearest
 * names included. comps: the groups that "@NAME" can mean, or NULL. paths: those that filelists were read for; if
 * others have to be, they are added, patterns with a value, and nothing is told yet. */
int oci_yum_asks_make(struct oci_yum_pool *p, const struct oci_wants *wants, const struct oci_rpm_comps *comps,
		      struct oci_map *paths, struct oci_asks *out, struct oci_err **err);

/* Add the paths to wanted that packages within reach of the asks require and primary does not list. */
void oci_yum_reach_paths(const struct oci_yum_pool *p, const struct oci_asks *asks, struct oci_map *wanted);

/* Read filelists for the wanted paths, and make the pool ready anew. */
struct oci_repo_net;
int oci_yum_paths_load(struct oci_yum_pool *p, struct oci_repo_net *net, const struct oci_map *wanted,
		       struct oci_err **err);

/* Files that were found since the base was assumed are its packages', too. */
void oci_yum_base_refresh(struct oci_yum_pool *p);

/* All of it as a question; it lives as long as both. */
struct oci_solve oci_yum_question(struct oci_yum_pool *p, const struct oci_asks *asks);

/* How a text names packages. */
struct oci_yum_reading {
	bool just_name; /* by nothing else */
	bool cpu_glob;	/* of several CPUs: each of them is meant */
};

/* Packages that a NAME, NAME.ARCH, NAME-VERSION, NAME-VERSION-RELEASE[.ARCH], each with an epoch before the version or
 * not, with globs or not, stands for: the first of these readings that anything fulfils. */
struct oci_yum_reading oci_yum_match(const struct oci_yum_pool *p, const char *text, Queue *out);

bool oci_yum_is_glob(const char *text);

#endif
