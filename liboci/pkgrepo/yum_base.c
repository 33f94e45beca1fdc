/* A base system (--base): lines "NAME [VERSION]" or as `rpm -qa` prints them, "NAME-VERSION-RELEASE.ARCH". */
#include "base/list.h"
#include "base/slice.h"
#include "pkgrepo/solve.h"
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_solve.h"

#include <solv/evr.h>
#include <solv/poolarch.h>
#include <stdlib.h>
#include <string.h>

/* Of one version, that of the CPU itself before what it can run besides. */
static bool is_better(const Pool *pool, Id a, Id b)
{
	const Solvable *x = pool_id2solvable(pool, a), *y = pool_id2solvable(pool, b);
	int d = pool_evrcmp(pool, x->evr, y->evr, EVRCMP_COMPARE);

	return d ? d > 0 : pool_arch2score(pool, x->arch) < pool_arch2score(pool, y->arch);
}

static Id newest(const Pool *pool, const Queue *found)
{
	Id best = 0;

	for (int i = 0; i < found->count; i++)
		if (!best || is_better(pool, found->elements[i], best))
			best = found->elements[i];
	return best;
}

/* Of an installed package of another version than the repositories have, the name is what counts. */
static Id find(struct oci_yum_pool *p, const char *text)
{
	auto_queue Queue found;

	queue_init(&found);
	oci_yum_match(p, text, &found);
	if (found.count)
		return newest(p->pool, &found);
	auto_free char *name = oci_strdup(text);

	for (int cut = 0; cut < 2; cut++) {
		char *dash = strrchr(name, '-');

		if (!dash)
			return 0;
		*dash = '\0';
	}
	oci_yum_match(p, name, &found);
	return newest(p->pool, &found);
}

static Offset copy_ids(Repo *to, const Repo *from, Offset list)
{
	Offset out = 0;

	for (const Id *d = oci_solve_ids(from, list); *d; d++)
		out = repo_addid(to, out, *d);
	return out;
}

/* What an installed package provides is what the repositories' package of that name says. */
static void assume(struct oci_yum_pool *p, const char *text, Id like)
{
	Pool *pool = p->pool;
	Id id = repo_add_solvable(p->base);
	Solvable *s = pool_id2solvable(pool, id);

	if (!like) {
		s->name = pool_str2id(pool, text, 1);
		s->evr = pool_str2id(pool, "0", 1);
		s->arch = ARCH_NOARCH;
	} else {
		const Solvable *from = pool_id2solvable(pool, like);

		s->name = from->name;
		s->evr = from->evr;
		s->arch = from->arch;
		s->provides = copy_ids(p->base, from->repo, from->provides);
		queue_push2(&p->base_like, id, like);
	}
	if (!s->provides)
		s->provides = repo_addid(p->base, 0, pool_rel2id(pool, s->name, s->evr, REL_EQ, 1));
}

void oci_yum_base_refresh(struct oci_yum_pool *p)
{
	for (int i = 0; i < p->base_like.count; i += 2) {
		const Solvable *from = pool_id2solvable(p->pool, p->base_like.elements[i + 1]);

		pool_id2solvable(p->pool, p->base_like.elements[i])->provides =
			copy_ids(p->base, from->repo, from->provides);
	}
}

void oci_yum_base_assume(struct oci_yum_pool *p, const struct oci_list *list)
{
	p->base = repo_create(p->pool, "base");
	for (size_t i = 0; i < list->n; i++) {
		struct oci_slice rest = oci_slice(list->v[i].text), name, version;

		oci_slice_word(&rest, &name);
		bool versioned = oci_slice_word(&rest, &version);
		auto_free char *text =
			versioned ? oci_printf("%.*s-%.*s", (int)name.len, name.p, (int)version.len, version.p)
				  : oci_slice_dup(name);
		auto_free char *bare = oci_slice_dup(name);
		Id like = find(p, text);

		assume(p, bare, like ? like : find(p, bare));
	}
	pool_set_installed(p->pool, p->base);
	oci_yum_pool_ready(p);
}
