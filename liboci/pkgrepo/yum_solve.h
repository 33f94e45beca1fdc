/* From what is asked for to the packages that fulfil it, as dnf's install would choose them (docs/rpm-closure.md). */
#ifndef OCI_PKGREPO_YUM_SOLVE_H
#define OCI_PKGREPO_YUM_SOLVE_H

#include "pkgrepo/wants.h"
#include "pkgrepo/yum_pool.h"

struct oci_rpm_comps;

/* One thing asked for: one of these packages. */
struct oci_yum_ask {
	char *text, *where; /* for messages */
	Queue one_of;
	Id dep; /* only where this wants one of them, as "(a if b)" does; 0: always */
};

struct oci_yum_asks {
	struct oci_yum_ask *v;
	size_t n, cap;
	struct oci_map paths; /* asked for, but only filelists can tell who has them */
};

/* Turn the wants into asks, in a pool that is ready. What cannot be found is an error that lists all of it, nearest
 * names included. comps: the groups that "@NAME" can mean, or NULL. known: paths that filelists were read for; while
 * out->paths has others, nothing is told yet. */
int oci_yum_asks_make(struct oci_yum_pool *p, const struct oci_wants *wants, const struct oci_rpm_comps *comps,
		      const struct oci_map *known, struct oci_yum_asks *out, struct oci_err **err);
void oci_yum_asks_clear(struct oci_yum_asks *asks);
#define auto_yum_asks OCI_AUTO(oci_yum_asks_clear)

/* Add the paths to wanted that packages within reach of the asks require and primary does not list. */
void oci_yum_reach_paths(const struct oci_yum_pool *p, const struct oci_yum_asks *asks, struct oci_map *wanted);

/* Read filelists for the wanted paths, and make the pool ready anew. */
struct oci_repo_net;
int oci_yum_paths_load(struct oci_yum_pool *p, struct oci_repo_net *net, const struct oci_map *wanted,
		       struct oci_err **err);

/* Files that were found since the base was assumed are its packages', too. */
void oci_yum_base_refresh(struct oci_yum_pool *p);

/* As oci_solve_all. */
int oci_yum_solve(struct oci_yum_pool *p, const struct oci_yum_asks *asks, Queue *chosen, struct oci_strs *apart,
		  struct oci_err **err);
char *oci_yum_why(struct oci_yum_pool *p, const struct oci_yum_asks *asks, const Queue *chosen, const char *package);

/* Packages that a NAME, NAME.ARCH, NAME-VERSION, NAME-VERSION-RELEASE[.ARCH], each with an epoch before the version or
 * not, with globs or not, stands for: the first of these readings that anything fulfils. *just_name: it is the name. */
void oci_yum_match(const struct oci_yum_pool *p, const char *text, Queue *out, bool *just_name);

#endif
