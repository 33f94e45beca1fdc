#include "pkgrepo/yum_solve.h"

#include "pkgrepo/solve.h"

#include <solv/solver.h>

struct solving {
	struct oci_yum_pool *pool;
	const struct oci_yum_asks *asks;
};

/* dnf's settings: its install equals this one's answer. A job that sets CPU and version may take what the user named
 * even where another CPU's package of that name is better; without it "glibc.i686" would bring glibc.x86_64 along. */
static Solver *solve(void *ctx, const Queue *group)
{
	const struct solving *sv = ctx;
	Pool *pool = sv->pool->pool;
	Solver *solver = solver_create(pool);
	auto_queue Queue jobs;

	queue_init(&jobs);
	for (int i = 0; i < group->count; i++) {
		struct oci_yum_ask *a = &sv->asks->v[group->elements[i]];

		if (a->dep) {
			queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, a->dep);
			continue;
		}
		queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_ONE_OF | SOLVER_SETARCH | SOLVER_SETEVR,
			    pool_queuetowhatprovides(pool, &a->one_of));
	}
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, !sv->pool->recommends);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_VENDORCHANGE, 1);
	solver_set_flag(solver, SOLVER_FLAG_KEEP_ORPHANS, 1);
	solver_set_flag(solver, SOLVER_FLAG_BEST_OBEY_POLICY, 1);
	solver_set_flag(solver, SOLVER_FLAG_YUM_OBSOLETES, 1);
	solver_solve(solver, &jobs);
	return solver;
}

static const char *text_of(void *ctx, Id ask)
{
	const struct solving *sv = ctx;

	return sv->asks->v[ask].text;
}

static const char *where_of(void *ctx, Id ask)
{
	const struct solving *sv = ctx;

	return sv->asks->v[ask].where;
}

int oci_yum_solve(struct oci_yum_pool *p, const struct oci_yum_asks *asks, Queue *chosen, struct oci_strs *apart,
		  struct oci_err **err)
{
	struct solving sv = { p, asks };

	return oci_solve_all(&(struct oci_solve){ .pool = p->pool,
						  .base = p->base,
						  .n = asks->n,
						  .solve = solve,
						  .text = text_of,
						  .where = where_of,
						  .ctx = &sv },
			     chosen, apart, err);
}

char *oci_yum_why(struct oci_yum_pool *p, const struct oci_yum_asks *asks, const Queue *chosen, const char *package)
{
	auto_queue Queue starts;

	queue_init(&starts);
	for (size_t i = 0; i < asks->n; i++)
		queue_insertn(&starts, starts.count, asks->v[i].one_of.count, asks->v[i].one_of.elements);
	return oci_solve_why(p->pool, &starts, chosen, p->recommends, package);
}
