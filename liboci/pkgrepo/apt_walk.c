#include "pkgrepo/apt_walk.h"

#include "pkgrepo/solve.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 3000 /* apt's own */

struct oci_apt_walk *oci_apt_walk_new(struct oci_apt_pool *p)
{
	struct oci_apt_walk *w = oci_calloc(1, sizeof(*w));
	Id id;
	Solvable *s;

	w->pool = p;
	w->marks = oci_calloc((size_t)p->pool->nsolvables, sizeof(*w->marks));
	if (p->base) {
		FOR_REPO_SOLVABLES(p->base, id, s)
		w->marks[id].chosen = true;
	}
	return w;
}

void oci_apt_walk_free(struct oci_apt_walk *w)
{
	if (!w)
		return;
	free(w->marks);
	free(w);
}

void oci_apt_walk_freep(struct oci_apt_walk **w)
{
	oci_apt_walk_free(*w);
	*w = NULL;
}

static bool can_be(const struct oci_apt_walk *w, Id s)
{
	return w->pool->nodes.v[s].candidate && !w->marks[s].keep_away;
}

static bool is_fulfilled(const struct oci_apt_walk *w, Id relation)
{
	Pool *pool = w->pool->pool;
	Id p, pp;

	FOR_PROVIDES(p, pp, relation)
	if (w->marks[p].chosen)
		return true;
	return false;
}

/* What a plain relation names: "a" of "a (>= 1)". */
static Id relation_name(Pool *pool, Id id)
{
	while (ISRELDEP(id))
		id = GETRELDEP(pool, id)->name;
	return id;
}

/* Is a better than b for a relation on `name`? */
static bool is_better(const struct oci_apt_walk *w, Id name, Id a, Id b)
{
	const Pool *pool = w->pool->pool;
	const struct oci_apt_node *na = &w->pool->nodes.v[a], *nb = &w->pool->nodes.v[b];
	bool real_a = pool->solvables[a].name == name, real_b = pool->solvables[b].name == name;

	if (w->marks[a].protect != w->marks[b].protect)
		return w->marks[a].protect;
	if (real_a != real_b)
		return real_a;
	if (na->essential != nb->essential)
		return na->essential;
	if (na->important != nb->important)
		return na->important;
	if (na->priority != nb->priority)
		return na->priority < nb->priority;
	return na->rank > nb->rank;
}

static void insert(const struct oci_apt_walk *w, Id name, Queue *q, int from, Id p)
{
	int at = q->count;

	while (at > from && is_better(w, name, p, q->elements[at - 1]))
		at--;
	queue_insert(q, at, p);
}

static void order_one(const struct oci_apt_walk *w, Id relation, Queue *out)
{
	Pool *pool = w->pool->pool;
	Id name = relation_name(pool, relation), p, pp;
	int from = out->count;

	FOR_PROVIDES(p, pp, relation)
	{
		bool there = false;

		for (int i = 0; i < from && !there; i++)
			there = out->elements[i] == p;
		if (!there && can_be(w, p))
			insert(w, name, out, from, p);
	}
}

void oci_apt_walk_order(const struct oci_apt_walk *w, Id relation, Queue *out)
{
	Pool *pool = w->pool->pool;

	while (ISRELDEP(relation) && GETRELDEP(pool, relation)->flags == REL_OR) {
		order_one(w, GETRELDEP(pool, relation)->name, out);
		relation = GETRELDEP(pool, relation)->evr;
	}
	order_one(w, relation, out);
}

static bool mark(struct oci_apt_walk *w, Id s, unsigned depth);

/* Nobody is asked for something that cannot be had. */
static bool needs_can_be_met(const struct oci_apt_walk *w, Id s)
{
	Pool *pool = w->pool->pool;
	const Id *need = oci_solve_ids(pool->solvables[s].repo, pool->solvables[s].requires);
	Id p, pp;

	for (; *need; need++) {
		bool found = false;

		FOR_PROVIDES(p, pp, *need)
		found |= w->marks[p].chosen || can_be(w, p);
		if (!found)
			return false;
	}
	return true;
}

/* What s conflicts with and was chosen before leaves again, unless it is protected. */
static bool push_aside(struct oci_apt_walk *w, Id s, bool propagate)
{
	Pool *pool = w->pool->pool;
	const Id *against = oci_solve_ids(pool->solvables[s].repo, pool->solvables[s].conflicts);
	bool done = true;
	Id p, pp;

	for (; *against; against++)
		FOR_PROVIDES(p, pp, *against)
		{
			if (p == s || !w->pool->nodes.v[p].candidate ||
			    pool->solvables[p].name == pool->solvables[s].name)
				continue;
			if (w->marks[p].chosen && w->marks[p].protect) {
				done = false;
				continue;
			}
			w->marks[p].chosen = false;
			if (propagate)
				w->marks[p].keep_away = true;
		}
	return done;
}

/* Walk on along a relation that is fulfilled already: an only solution of a protected package is protected too. */
static bool follow_fulfilled(struct oci_apt_walk *w, Id relation, unsigned depth)
{
	Pool *pool = w->pool->pool;
	Queue order;
	Id p, pp;

	FOR_PROVIDES(p, pp, relation)
	if (oci_apt_pool_installed(w->pool, p))
		return true;
	queue_init(&order);
	oci_apt_walk_order(w, relation, &order);
	Id only = order.count == 1 ? order.elements[0] : 0;

	queue_free(&order);
	if (!only || w->marks[only].protect)
		return true;
	w->marks[only].protect = true;
	return mark(w, only, depth + 1);
}

static bool fulfil(struct oci_apt_walk *w, Id relation, bool propagate, unsigned depth)
{
	bool found = false;
	Queue order;

	queue_init(&order);
	oci_apt_walk_order(w, relation, &order);
	for (int i = 0; i < order.count && !found; i++) {
		Id p = order.elements[i];

		if (propagate && order.count == 1)
			w->marks[p].chosen = w->marks[p].protect = true;
		found = mark(w, p, depth + 1);
	}
	queue_free(&order);
	return found;
}

static bool fulfil_all(struct oci_apt_walk *w, Id s, Offset relations, bool critical, bool propagate, unsigned depth)
{
	Pool *pool = w->pool->pool;
	bool all = true;
	const Id *r = oci_solve_ids(pool->solvables[s].repo, relations);

	for (; *r; r++) {
		bool ok;

		if (!is_fulfilled(w, *r))
			ok = fulfil(w, *r, propagate && critical, depth);
		else
			ok = !propagate || !critical || follow_fulfilled(w, *r, depth);
		if (ok || !critical)
			continue;
		all = false;
		if (!propagate)
			return false;
	}
	return all;
}

static bool give_up(struct oci_apt_walk *w, Id s)
{
	w->marks[s].chosen = false;
	w->marks[s].keep_away = true;
	return false;
}

/* Choose s and what it needs; false when that cannot be. What the user asked for stays chosen all the same: whether it
 * can really be had is for the solver to say. */
static bool mark(struct oci_apt_walk *w, Id s, unsigned depth)
{
	struct oci_apt_mark *m = &w->marks[s];
	const Solvable *sv = pool_id2solvable(w->pool->pool, s);
	bool propagate = m->protect;

	if (m->chosen && !propagate)
		return true;
	if (!can_be(w, s) || depth > MAX_DEPTH)
		return false;
	if (!needs_can_be_met(w, s) || (!push_aside(w, s, propagate) && !propagate)) {
		m->keep_away |= !propagate;
		return false;
	}
	m->chosen = true;
	m->protect = true; /* while its own dependencies are walked */
	bool ok = fulfil_all(w, s, sv->requires, true, propagate, depth);

	if (ok || propagate)
		fulfil_all(w, s, sv->recommends, false, propagate, depth);
	m->protect = propagate;
	return ok || propagate ? ok : give_up(w, s);
}

/* An alternative that failed further down leaves behind what was taken for it. As apt does, sweep up what nobody needs.
 */
static void sweep(struct oci_apt_walk *w, const Queue *asked)
{
	Pool *pool = w->pool->pool;
	Map chosen;

	map_init(&chosen, pool->nsolvables);
	for (Id s = 1; s < pool->nsolvables; s++)
		if (w->marks[s].chosen)
			MAPSET(&chosen, s);
	auto_free Id *from = oci_solve_reach(pool, &chosen, asked, w->pool->recommends);

	map_free(&chosen);
	for (Id s = 1; s < pool->nsolvables; s++)
		w->marks[s].chosen &= from[s] || oci_apt_pool_installed(w->pool, s);
}

void oci_apt_walk_run(struct oci_apt_walk *w, const Queue *asked)
{
	for (int i = 0; i < asked->count; i++)
		w->marks[asked->elements[i]].chosen = w->marks[asked->elements[i]].protect = true;
	for (int i = 0; i < asked->count; i++)
		mark(w, asked->elements[i], 0);
	sweep(w, asked);
}
