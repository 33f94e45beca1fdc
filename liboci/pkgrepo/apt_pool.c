#include "pkgrepo/apt_pool.h"

#include "pkgrepo/apt_pool_int.h"

#include <stdlib.h>

#include <solv/poolarch.h>

struct oci_apt_pool *oci_apt_pool_new(const struct oci_apt_index *ix, const char *arch, bool recommends)
{
	struct oci_apt_pool *p = oci_calloc(1, sizeof(*p));

	p->index = ix;
	p->arch = oci_strdup(arch);
	p->recommends = recommends;
	p->pool = pool_create();
	pool_setdisttype(p->pool, DISTTYPE_DEB);
	pool_setarch(p->pool, arch);
	p->repo = repo_create(p->pool, "archive");
	return p;
}

void oci_apt_pool_free(struct oci_apt_pool *p)
{
	if (!p)
		return;
	pool_free(p->pool);
	free(p->arch);
	free(p->nodes.v);
	oci_map_clear(&p->loaded);
	free(p->names.v);
	free(p->todo.v);
	free(p);
}

void oci_apt_pool_freep(struct oci_apt_pool **p)
{
	oci_apt_pool_free(*p);
	*p = NULL;
}

struct oci_apt_node *oci_apt_pool_node(struct oci_apt_pool *p, Id solvable)
{
	while (p->nodes.n <= (size_t)solvable)
		oci_vec_push(&p->nodes);
	return &p->nodes.v[solvable];
}

void oci_apt_pool_offer(struct oci_apt_pool *p, const char *name, const char *path)
{
	Id name_id = pool_str2id(p->pool, name, 0), path_id = pool_str2id(p->pool, path, 1);

	for (Id id = 1; name_id && id < p->pool->nsolvables; id++) {
		Solvable *s = pool_id2solvable(p->pool, id);

		if (s->repo && s->name == name_id)
			s->provides = repo_addid(s->repo, s->provides, path_id);
	}
}

static bool is_better(const struct oci_apt_pool *p, Id a, Id b)
{
	if (p->nodes.v[a].pin != p->nodes.v[b].pin)
		return p->nodes.v[a].pin > p->nodes.v[b].pin;
	return pool_evrcmp(p->pool, pool_id2solvable(p->pool, a)->evr, pool_id2solvable(p->pool, b)->evr,
			   EVRCMP_COMPARE) > 0;
}

static void rank(struct oci_apt_pool *p)
{
	Solvable *s;
	Id id;

	oci_apt_mention_find(p->index, &p->loaded, p->names.v, p->names.n);
	FOR_REPO_SOLVABLES(p->repo, id, s)
	{
		size_t at = (size_t)(uintptr_t)oci_map_get(&p->loaded, pool_id2str(p->pool, s->name));

		p->nodes.v[id].rank = p->names.v[at - 1].rank;
	}
}

void oci_apt_pool_ready(struct oci_apt_pool *p)
{
	Solvable *s;
	Id id;

	auto_free Id *best = oci_calloc((size_t)p->pool->ss.nstrings, sizeof(*best));

	FOR_REPO_SOLVABLES(p->repo, id, s)
	{
		if (p->nodes.v[id].pin >= 0 && (!best[s->name] || is_better(p, id, best[s->name])))
			best[s->name] = id;
	}
	for (int i = 0; i < p->pool->ss.nstrings; i++)
		if (best[i])
			p->nodes.v[best[i]].candidate = true;
	rank(p);
	pool_createwhatprovides(p->pool);
}

void oci_apt_pool_prefer(struct oci_apt_pool *p, Id solvable)
{
	Id name = pool_id2solvable(p->pool, solvable)->name;
	Solvable *s;
	Id id;

	FOR_REPO_SOLVABLES(p->repo, id, s)
	if (s->name == name)
		p->nodes.v[id].candidate = id == solvable;
}

const struct oci_apt_pkg *oci_apt_pool_pkg(const struct oci_apt_pool *p, Id solvable)
{
	uint32_t pkg = p->nodes.v[solvable].pkg;

	return pkg == UINT32_MAX ? NULL : &p->index->pkgs.v[pkg];
}

struct oci_slice oci_apt_pool_stanza(const struct oci_apt_pool *p, Id solvable)
{
	return oci_apt_pool_pkg(p, solvable)->text;
}

bool oci_apt_pool_installed(const struct oci_apt_pool *p, Id solvable)
{
	return p->base && pool_id2solvable(p->pool, solvable)->repo == p->base;
}
