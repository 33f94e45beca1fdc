#include "pkgrepo/apt_solve.h"

#include "pkgrepo/apt_walk.h"
#include "pkgrepo/solve.h"

#include <solv/solver.h>

struct solving {
	struct oci_apt_pool *pool;
	const struct oci_apt_asks *asks;
};

static bool is_among(Pool *pool, Id relation, const Queue *asked)
{
	Id p, pp;

	FOR_PROVIDES(p, pp, relation)
	for (int i = 0; i < asked->count; i++)
		if (asked->elements[i] == p)
			return true;
	return false;
}

/* What stands for an ask in the walk: its package; of a path or a virtual name what was asked for by its own name, else
 * the first that fulfils it. */
static void walk_from(struct oci_apt_walk *w, const struct oci_apt_asks *asks, const Queue *group)
{
	auto_queue Queue from, order;

	queue_init(&from);
	queue_init(&order);
	for (int i = 0; i < group->count; i++) {
		const struct oci_apt_ask *a = &asks->v[group->elements[i]];

		if (a->solvable)
			queue_pushunique(&from, a->solvable);
	}
	for (int i = 0; i < group->count; i++) {
		const struct oci_apt_ask *a = &asks->v[group->elements[i]];

		queue_empty(&order);
		if (!a->solvable && !is_among(w->pool->pool, a->relation, &from))
			oci_apt_walk_order(w, a->relation, &order);
		if (order.count)
			queue_pushunique(&from, order.elements[0]);
	}
	oci_apt_walk_run(w, &from);
}

static void push_asks(const struct solving *sv, const Queue *group, Queue *jobs)
{
	for (int i = 0; i < group->count; i++) {
		const struct oci_apt_ask *a = &sv->asks->v[group->elements[i]];

		if (a->solvable)
			queue_push2(jobs, SOLVER_INSTALL | SOLVER_SOLVABLE, a->solvable);
		else
			queue_push2(jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, a->relation);
	}
}

/* Solve one group with the walk's choices as wishes. */
static Solver *solve(void *ctx, const Queue *group)
{
	const struct solving *sv = ctx;
	auto_apt_walk struct oci_apt_walk *w = oci_apt_walk_new(sv->pool);
	Solver *solver = solver_create(sv->pool->pool);
	auto_queue Queue jobs;

	queue_init(&jobs);
	push_asks(sv, group, &jobs);
	walk_from(w, sv->asks, group);
	for (Id s = 1; s < sv->pool->pool->nsolvables; s++)
		if (w->marks[s].chosen && !oci_apt_pool_installed(sv->pool, s))
			queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE | SOLVER_WEAK, s);
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, !sv->pool->recommends);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_DOWNGRADE, 1);
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

int oci_apt_solve(struct oci_apt_pool *p, const struct oci_apt_asks *asks, Queue *chosen, struct oci_strs *apart,
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
