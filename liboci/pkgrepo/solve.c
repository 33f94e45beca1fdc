#include "pkgrepo/solve.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include <solv/solver.h>

struct solving {
	const struct oci_solve *s;
	Map chosen; /* solvables of all groups */
	struct oci_buf wrong;
	size_t n_wrong;
};

void oci_solve_queue_clear(Queue *q)
{
	queue_free(q);
}

static void auto_solver(Solver **s)
{
	if (*s)
		solver_free(*s);
}

static bool is_base(const struct solving *sv, Id id)
{
	return sv->s->base && pool_id2solvable(sv->s->pool, id)->repo == sv->s->base;
}

static Solver *solve(const struct solving *sv, const Queue *group)
{
	return sv->s->solve(sv->s->ctx, sv->s->asks, group);
}

/* The asks that the solver would give up, one for each problem: of several ways out, the one that keeps what was asked
 * first. */
static void find_losers(Solver *solver, const Queue *group, Queue *losers)
{
	Id problem = 0, solution, element, p, rp;

	while ((problem = solver_next_problem(solver, problem))) {
		Id last = 0;

		for (solution = 0; (solution = solver_next_solution(solver, problem, solution));)
			for (element = 0;
			     (element = solver_next_solutionelement(solver, problem, solution, element, &p, &rp));)
				if (p == SOLVER_SOLUTION_JOB && (rp - 1) / 2 < group->count && rp > last)
					last = rp;
		if (last)
			queue_pushunique(losers, group->elements[(last - 1) / 2]);
	}
}

static void take_chosen(struct solving *sv, Solver *solver)
{
	auto_queue Queue decided;

	queue_init(&decided);
	solver_get_decisionqueue(solver, &decided);
	for (int i = 0; i < decided.count; i++)
		if (decided.elements[i] > SYSTEMSOLVABLE && !is_base(sv, decided.elements[i]))
			MAPSET(&sv->chosen, decided.elements[i]);
}

/* Every reason that the solver found, each once, most telling first. */
static void add_reasons(Solver *solver, struct oci_buf *out, const char *lead)
{
	auto_queue Queue rules;
	auto_strs struct oci_strs seen = { 0 };

	queue_init(&rules);
	for (Id problem = 0; (problem = solver_next_problem(solver, problem));) {
		queue_empty(&rules);
		solver_findallproblemrules(solver, problem, &rules);
		for (int i = 0; i < rules.count; i++) {
			Id source, target, dep;
			SolverRuleinfo type = solver_ruleinfo(solver, rules.elements[i], &source, &target, &dep);
			const char *text = solver_problemruleinfo2str(solver, type, source, target, dep);

			if (type == SOLVER_RULE_JOB || oci_strs_has(&seen, text))
				continue;
			oci_strs_add(&seen, text);
			oci_buf_addf(out, "%s%s", lead, text);
		}
	}
}

/* Can an ask be had alone? When not, say why. */
static bool stands_alone(struct solving *sv, Id ask)
{
	auto_queue Queue alone;

	queue_init(&alone);
	queue_push(&alone, ask);
	OCI_AUTO(auto_solver) Solver *solver = solve(sv, &alone);

	if (!solver_problem_count(solver))
		return true;
	oci_buf_addf(&sv->wrong, "\n  %s: %s cannot be installed:", sv->s->asks->v[ask].where,
		     sv->s->asks->v[ask].text);
	add_reasons(solver, &sv->wrong, "\n    ");
	sv->n_wrong++;
	return false;
}

static void drop(Queue *group, const Queue *losers)
{
	int kept = 0;

	for (int i = 0; i < group->count; i++) {
		bool lost = false;

		for (int j = 0; j < losers->count; j++)
			lost |= losers->elements[j] == group->elements[i];
		if (!lost)
			group->elements[kept++] = group->elements[i];
	}
	queue_truncate(group, kept);
}

static void note_apart(const struct solving *sv, Id ask, Solver *solver, struct oci_strs *apart)
{
	struct oci_buf b = { 0 };

	if (!apart)
		return;
	oci_buf_addf(&b, "%s cannot stand beside the others, the repository holds both:", sv->s->asks->v[ask].text);
	add_reasons(solver, &b, "\n    ");
	oci_strs_add_take(apart, oci_buf_take(&b));
}

/* Solve a group; what does not fit into it is put into *next, unless it cannot be had at all. */
static void solve_group(struct solving *sv, Queue *group, Queue *next, struct oci_strs *apart)
{
	while (group->count) {
		OCI_AUTO(auto_solver) Solver *solver = solve(sv, group);
		auto_queue Queue losers;

		queue_init(&losers);
		if (!solver_problem_count(solver)) {
			take_chosen(sv, solver);
			return;
		}
		find_losers(solver, group, &losers);
		if (!losers.count)
			queue_push(&losers, group->elements[group->count - 1]);
		for (int i = 0; i < losers.count; i++)
			if (stands_alone(sv, losers.elements[i])) {
				queue_push(next, losers.elements[i]);
				note_apart(sv, losers.elements[i], solver, apart);
			}
		drop(group, &losers);
	}
}

static int by_name(const void *a, const void *b, void *arg)
{
	Pool *pool = arg;
	const Solvable *x = pool_id2solvable(pool, *(const Id *)a), *y = pool_id2solvable(pool, *(const Id *)b);
	int d = strcmp(pool_id2str(pool, x->name), pool_id2str(pool, y->name));

	if (d == 0)
		d = strcmp(pool_id2str(pool, x->evr), pool_id2str(pool, y->evr));
	return d ? d : strcmp(pool_id2str(pool, x->arch), pool_id2str(pool, y->arch));
}

static void list_chosen(struct solving *sv, Queue *out)
{
	for (Id s = 1; s < sv->s->pool->nsolvables; s++)
		if (MAPTST(&sv->chosen, s))
			queue_push(out, s);
	if (out->count)
		qsort_r(out->elements, (size_t)out->count, sizeof(Id), by_name, sv->s->pool);
}

int oci_solve_all(const struct oci_solve *s, Queue *chosen, struct oci_strs *apart, struct oci_err **err)
{
	struct solving sv = { .s = s };
	auto_queue Queue group, next;
	int rc = 0;

	map_init(&sv.chosen, s->pool->nsolvables);
	queue_init(&group);
	queue_init(&next);
	for (size_t i = 0; i < s->asks->n; i++)
		queue_push(&group, (Id)i);
	while (group.count) {
		solve_group(&sv, &group, &next, apart);
		queue_free(&group);
		queue_init_clone(&group, &next);
		queue_empty(&next);
	}
	if (sv.n_wrong)
		rc = oci_fail(err, OCI_CONFLICT, "%zu of %zu cannot be installed:%s", sv.n_wrong, s->asks->n,
			      oci_buf_text(&sv.wrong));
	else
		list_chosen(&sv, chosen);
	map_free(&sv.chosen);
	oci_buf_clear(&sv.wrong);
	return rc;
}
