#include "pkgrepo/apt_solve.h"

#include "pkgrepo/apt_walk.h"

#include <solv/solver.h>

static bool is_among(const Queue *providers, const Queue *asked)
{
	for (int i = 0; i < providers->count; i++)
		for (int k = 0; k < asked->count; k++)
			if (asked->elements[k] == providers->elements[i])
				return true;
	return false;
}

/* What stands for an ask in the walk: its package; of a path or a virtual name what was asked for by its own name, else
 * the first that fulfils it. */
static void walk_from(struct oci_apt_walk *w, const struct oci_asks *asks, const Queue *group)
{
	auto_queue Queue from, order;

	queue_init(&from);
	queue_init(&order);
	for (int i = 0; i < group->count; i++) {
		const struct oci_ask *a = &asks->v[group->elements[i]];

		if (!a->dep)
			queue_pushunique(&from, a->one_of.elements[0]);
	}
	for (int i = 0; i < group->count; i++) {
		const struct oci_ask *a = &asks->v[group->elements[i]];

		queue_empty(&order);
		if (a->dep && !is_among(&a->one_of, &from))
			oci_apt_walk_order(w, a->dep, &order);
		if (order.count)
			queue_pushunique(&from, order.elements[0]);
	}
	oci_apt_walk_run(w, &from);
}

static void push_asks(const struct oci_asks *asks, const Queue *group, Queue *jobs)
{
	for (int i = 0; i < group->count; i++) {
		const struct oci_ask *a = &asks->v[group->elements[i]];

		if (a->dep)
			queue_push2(jobs, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, a->dep);
		else
			queue_push2(jobs, SOLVER_INSTALL | SOLVER_SOLVABLE, a->one_of.elements[0]);
	}
}

/* Solve one group with the walk's choices as wishes. */
static Solver *solve(void *ctx, const struct oci_asks *asks, const Queue *group)
{
	struct oci_apt_pool *p = ctx;
	auto_apt_walk struct oci_apt_walk *w = oci_apt_walk_new(p);
	Solver *solver = solver_create(p->pool);
	auto_queue Queue jobs;

	queue_init(&jobs);
	push_asks(asks, group, &jobs);
	walk_from(w, asks, group);
	for (Id s = 1; s < p->pool->nsolvables; s++)
		if (w->marks[s].chosen && !oci_apt_pool_installed(p, s))
			queue_push2(&jobs, SOLVER_INSTALL | SOLVER_SOLVABLE | SOLVER_WEAK, s);
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, !p->recommends);
	solver_set_flag(solver, SOLVER_FLAG_ALLOW_DOWNGRADE, 1);
	solver_solve(solver, &jobs);
	return solver;
}

struct oci_solve oci_apt_question(struct oci_apt_pool *p, const struct oci_asks *asks)
{
	return (struct oci_solve){ .pool = p->pool, .base = p->base, .asks = asks, .solve = solve, .ctx = p };
}
