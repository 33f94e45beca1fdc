/* The chain that pulled a package in. */
#include "base/buf.h"
#include "pkgrepo/solve.h"

#include <stdlib.h>

struct tracing {
	Pool *pool;
	const struct oci_asks *asks;
	bool recommends;
	Id *from; /* by solvable: who asked for it first; 0: nobody yet, -1: the user */
	Queue todo;
};

static void visit(struct tracing *t, Id s, Id from)
{
	if (t->from[s])
		return;
	t->from[s] = from;
	queue_push(&t->todo, s);
}

static void visit_needs(struct tracing *t, const Map *chosen, Id s, Offset relations)
{
	Pool *pool = t->pool;
	const Solvable *sv = pool_id2solvable(pool, s);
	Id p, pp;

	for (const Id *r = oci_solve_ids(sv->repo, relations); *r; r++)
		FOR_PROVIDES(p, pp, *r)
	if (MAPTST(chosen, p))
		visit(t, p, s);
}

static void write_chain(const struct tracing *t, Id s, struct oci_buf *out)
{
	if (t->from[s] > 0) {
		write_chain(t, t->from[s], out);
		oci_buf_adds(out, " -> ");
	}
	oci_buf_adds(out, pool_id2str(t->pool, pool_id2solvable(t->pool, s)->name));
}

static void start(struct tracing *t, const Map *chosen, const Queue *asked)
{
	for (int i = 0; i < asked->count; i++)
		if (MAPTST(chosen, asked->elements[i]))
			visit(t, asked->elements[i], -1);
}

static void trace(struct tracing *t, const Map *chosen)
{
	for (size_t i = 0; i < t->asks->n; i++)
		start(t, chosen, &t->asks->v[i].one_of);
	for (int i = 0; i < t->todo.count; i++) {
		const Solvable *s = pool_id2solvable(t->pool, t->todo.elements[i]);

		visit_needs(t, chosen, t->todo.elements[i], s->requires);
		if (t->recommends)
			visit_needs(t, chosen, t->todo.elements[i], s->recommends);
	}
}

char *oci_solve_why(const struct oci_solve *sv, const Queue *chosen, bool recommends, const char *package)
{
	Pool *pool = sv->pool;
	struct tracing t = { .pool = pool, .asks = sv->asks, .recommends = recommends };
	auto_free Id *from = oci_calloc((size_t)pool->nsolvables, sizeof(*from));
	Id name = pool_str2id(pool, package, 0);
	struct oci_buf b = { 0 };
	Map map;

	t.from = from;
	queue_init(&t.todo);
	map_init(&map, pool->nsolvables);
	for (int i = 0; i < chosen->count; i++)
		MAPSET(&map, chosen->elements[i]);
	trace(&t, &map);
	for (int i = 0; i < chosen->count && !b.len; i++) {
		Id s = chosen->elements[i];

		if (name && pool_id2solvable(pool, s)->name == name && from[s])
			write_chain(&t, s, &b);
	}
	queue_free(&t.todo);
	map_free(&map);
	return b.len ? oci_buf_take(&b) : NULL;
}
