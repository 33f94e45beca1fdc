/* Solving what is asked for: together where it can stand together, else apart, with reasons in words. */
#ifndef OCI_PKGREPO_SOLVE_H
#define OCI_PKGREPO_SOLVE_H

#include "base/err.h"
#include "base/vec.h"
#include "pkgrepo/asks.h"

#include <solv/bitmap.h>
#include <solv/pool.h>
#include <solv/queue.h>
#include <solv/repo.h>

struct s_Solver;

struct oci_solve {
	Pool *pool;
	const Repo *base; /* what is assumed installed, or NULL */
	const struct oci_asks *asks;
	/* Solve some of the asks, by number: the first jobs are theirs, in this order. */
	struct s_Solver *(*solve)(void *ctx, const struct oci_asks *asks, const Queue *group);
	void *ctx;
};

/* Asks that cannot stand beside the others are solved apart, and `apart` (may be NULL) says which and why. What cannot
 * be had at all is an error in words, all of it at once. *chosen: solvables, base left out, sorted by name, version and
 * CPU. */
int oci_solve_all(const struct oci_solve *s, Queue *chosen, struct oci_strs *apart, struct oci_err **err);

/* What the chosen ones among `starts` need, in turn, of the chosen: by solvable who led to it first, OCI_REACH_START
 * for a start, 0 for whom nobody needs. The caller's to free. */
#define OCI_REACH_START (-1)
Id *oci_solve_reach(Pool *pool, const Map *chosen, const Queue *starts, bool recommends);

/* The shortest chain from what was asked for to a package among the chosen ones: "curl -> libcurl4 -> libssl3"; NULL
 * when it is not among them; along recommendations too when they were taken. The caller's to free. */
char *oci_solve_why(const struct oci_solve *s, const Queue *chosen, bool recommends, const char *package);

/* What stands in a list of a repository's, up to a 0; a package without the list has an empty one. */
static inline const Id *oci_solve_ids(const Repo *repo, Offset list)
{
	static const Id none = 0;

	return list ? repo->idarraydata + list : &none;
}

void oci_solve_queue_clear(Queue *q);
#define auto_queue OCI_AUTO(oci_solve_queue_clear)

#endif
