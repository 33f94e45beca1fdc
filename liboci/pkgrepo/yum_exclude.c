/* What a description leaves out of its repositories. As dnf, it reads a pattern among the packages of all of them, and
 * then leaves out those of the one. */
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_solve.h"

static void find(const struct oci_yum_pool *p, const struct oci_strs *texts, Map *out)
{
	map_init(out, p->pool->nsolvables);
	for (size_t i = 0; i < texts->n; i++) {
		auto_queue Queue found;

		queue_init(&found);
		oci_yum_match(p, texts->v[i], &found);
		for (int k = 0; k < found.count; k++)
			MAPSET(out, found.elements[k]);
	}
}

static void exclude_from(const struct oci_yum_pool *p, uint32_t source, Map *out)
{
	const struct oci_os_repo *repo = p->sources.v[source].repo;
	Map excluded, included;

	find(p, &repo->exclude, &excluded);
	find(p, &repo->include, &included);
	OCI_YUM_EACH(p, id)
	{
		if (p->nodes.v[id].source == source &&
		    (MAPTST(&excluded, id) || (repo->include.n && !MAPTST(&included, id))))
			MAPSET(out, id);
	}
	map_free(&excluded);
	map_free(&included);
}

void oci_yum_exclude(struct oci_yum_pool *p)
{
	Map out;

	map_init(&out, p->pool->nsolvables);
	for (uint32_t i = 0; i < p->sources.n; i++)
		if (p->sources.v[i].repo && (p->sources.v[i].repo->exclude.n || p->sources.v[i].repo->include.n))
			exclude_from(p, i, &out);
	for (Id id = 2; id < p->pool->nsolvables; id++)
		if (MAPTST(&out, id))
			oci_yum_pool_hide(p, id);
	map_free(&out);
}
