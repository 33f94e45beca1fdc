#include "pkgrepo/yum_solve.h"

#include <solv/solver.h>

/* dnf's settings: its install equals this one's answer. A job that sets CPU and version may take what the user named
 * even where another CPU's package of that name is better; without it "glibc.i686" would bring glibc.x86_64 along. */
static Solver *solve(void *ctx, const struct oci_asks *asks, const Queue *group)
{
	const struct oci_yum_pool *p = ctx;
	Pool *pool = p->pool;
	Solver *solver = solver_create(pool);
	auto_queue Queue jobs;

	queue_init(&jobs);
	for (int i = 0; i < group->count; i++) {
		struct oci_ask *a = &asks->v[group->elements[i]];

		if (a->dep) {
			queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, a->dep);
			continue;
		}
		queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_ONE_OF | SOLVER_SETARCH | SOLVER_SETEVR,
			    pool_queuetowhatprovides(pool, &a->one_of));
	}
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, !p->recommends);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_VENDORCHANGE, 1);
	solver_set_flag(solver, SOLVER_FLAG_KEEP_ORPHANS, 1);
	solver_set_flag(solver, SOLVER_FLAG_BEST_OBEY_POLICY, 1);
	solver_set_flag(solver, SOLVER_FLAG_YUM_OBSOLETES, 1);
	solver_solve(solver, &jobs);
	return solver;
}

struct oci_solve oci_yum_question(struct oci_yum_pool *p, const struct oci_asks *asks)
{
	return (struct oci_solve){ .pool = p->pool, .base = p->base, .asks = asks, .solve = solve, .ctx = p };
}
