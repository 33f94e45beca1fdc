/* Who needs whom among the packages that were chosen. */
#include "base/buf.h"
#include "pkgrepo/solve.h"

struct reaching {
	Pool *pool;
	const Map *chosen;
	Id *from;
	Queue todo;
};

static void visit(struct reaching *r, Id s, Id from)
{
	if (r->from[s] || !MAPTST(r->chosen, s))
		return;
	r->from[s] = from;
	queue_push(&r->todo, s);
}

static void visit_needs(struct reaching *r, Id s, Offset relations)
{
	Pool *pool = r->pool;
	Id p, pp;

	for (const Id *need = oci_solve_ids(pool_id2solvable(pool, s)->repo, relations); *need; need++)
		FOR_PROVIDES(p, pp, *need)
		{
			visit(r, p, s);
		}
}

Id *oci_solve_reach(Pool *pool, const Map *chosen, const Queue *starts, bool recommends)
{
	struct reaching r = { .pool = pool, .chosen = chosen };

	r.from = oci_calloc((size_t)pool->nsolvables, sizeof(*r.from));
	queue_init(&r.todo);
	for (int i = 0; i < starts->count; i++)
		visit(&r, starts->elements[i], OCI_REACH_START);
	for (int i = 0; i < r.todo.count; i++) {
		Id s = r.todo.elements[i];

		visit_needs(&r, s, pool_id2solvable(pool, s)->requires);
		if (recommends)
			visit_needs(&r, s, pool_id2solvable(pool, s)->recommends);
	}
	queue_free(&r.todo);
	return r.from;
}
