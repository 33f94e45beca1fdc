/* The chain that pulled a package in. */
#include "base/buf.h"
#include "pkgrepo/solve.h"

#include <stdlib.h>

static void write_chain(Pool *pool, const Id *from, Id s, struct oci_buf *out)
{
	if (from[s] != OCI_REACH_START) {
		write_chain(pool, from, from[s], out);
		oci_buf_adds(out, " -> ");
	}
	oci_buf_adds(out, pool_id2str(pool, pool_id2solvable(pool, s)->name));
}

static void list_asked(const struct oci_asks *asks, Queue *out)
{
	for (size_t i = 0; i < asks->n; i++)
		queue_insertn(out, out->count, asks->v[i].one_of.count, asks->v[i].one_of.elements);
}

char *oci_solve_why(const struct oci_solve *sv, const Queue *chosen, bool recommends, const char *package)
{
	Pool *pool = sv->pool;
	Id name = pool_str2id(pool, package, 0);
	auto_queue Queue asked;
	struct oci_buf b = { 0 };
	Map map;

	queue_init(&asked);
	list_asked(sv->asks, &asked);
	map_init(&map, pool->nsolvables);
	for (int i = 0; i < chosen->count; i++)
		MAPSET(&map, chosen->elements[i]);
	auto_free Id *from = oci_solve_reach(pool, &map, &asked, recommends);

	map_free(&map);
	for (int i = 0; i < chosen->count && !b.len; i++) {
		Id s = chosen->elements[i];

		if (name && pool_id2solvable(pool, s)->name == name && from[s])
			write_chain(pool, from, s, &b);
	}
	return b.len ? oci_buf_take(&b) : NULL;
}
