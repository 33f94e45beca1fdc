/* What the words of a list mean to dnf: names and versions, capabilities, paths, groups. */
#include "base/buf.h"
#include "base/slice.h"
#include "pkgrepo/like.h"
#include "pkgrepo/rpmmd_comps.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/solve.h"
#include "pkgrepo/wants_wrong.h"
#include "pkgrepo/yum_paths.h"
#include "pkgrepo/yum_solve.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <solv/dataiterator.h>
#include <solv/evr.h>

void oci_yum_asks_clear(struct oci_yum_asks *asks)
{
	for (size_t i = 0; i < asks->n; i++) {
		free(asks->v[i].text);
		free(asks->v[i].where);
		queue_free(&asks->v[i].one_of);
	}
	free(asks->v);
	oci_map_clear(&asks->paths);
	*asks = (struct oci_yum_asks){ 0 };
}

struct making {
	struct oci_yum_pool *p;
	const struct oci_rpm_comps *comps;
	const struct oci_map *known;
	struct oci_yum_asks *asks;
	struct oci_wants_wrong wrong;
};

static struct oci_yum_ask *ask(struct making *m, const char *text, const char *where, const Queue *one_of)
{
	struct oci_yum_ask *a = oci_vec_push(m->asks);

	a->text = oci_strdup(text);
	a->where = oci_strdup(where);
	queue_init_clone(&a->one_of, one_of);
	return a;
}

/* dnf installs what took a name's place when that name is asked for. */
static void add_obsoleters(const struct oci_yum_pool *p, Queue *found)
{
	Pool *pool = p->pool;
	int n = found->count;

	OCI_YUM_EACH(p, id)
	{
		const Solvable *s = pool_id2solvable(pool, id);
		bool does = false;

		for (const Id *o = oci_solve_ids(s->repo, s->obsoletes); *o && !does; o++)
			for (int i = 0; i < n && !does; i++)
				does = pool_match_nevr(pool, pool_id2solvable(pool, found->elements[i]), *o);
		if (does)
			queue_pushunique(found, id);
	}
}

static bool is_glob(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

/* A glob asks for every name that it fits, each by itself. */
static void ask_each_name(struct making *m, const struct oci_want *w, const Queue *found, bool just_name)
{
	auto_map struct oci_map seen = { 0 };
	Pool *pool = m->p->pool;

	for (int i = 0; i < found->count; i++) {
		Id name = pool_id2solvable(pool, found->elements[i])->name;
		auto_queue Queue same;

		if (!oci_map_add(&seen, pool_id2str(pool, name), m))
			continue;
		queue_init(&same);
		for (int k = i; k < found->count; k++)
			if (pool_id2solvable(pool, found->elements[k])->name == name)
				queue_push(&same, found->elements[k]);
		if (just_name)
			add_obsoleters(m->p, &same);
		ask(m, w->text, w->where, &same);
	}
}

/* "NAME", "NAME >= EVR", "(a or b)". */
static Id capability(Pool *pool, const char *text)
{
	static const struct {
		const char *sign;
		int op;
	} ops[] = { { ">=", OCI_RPM_GT | OCI_RPM_EQ },
		    { "<=", OCI_RPM_LT | OCI_RPM_EQ },
		    { "==", OCI_RPM_EQ },
		    { "=", OCI_RPM_EQ },
		    { ">", OCI_RPM_GT },
		    { "<", OCI_RPM_LT } };
	struct oci_slice rest = oci_slice(text), name, sign;

	if (*text == '(' || !oci_slice_word(&rest, &name) || !oci_slice_word(&rest, &sign))
		return oci_yum_dep(pool, text, 0, NULL);
	auto_free char *name_text = oci_slice_dup(name), *evr = oci_slice_dup(oci_slice_trim(rest));

	for (size_t i = 0; i < OCI_COUNT(ops); i++)
		if (oci_slice_eq(sign, ops[i].sign) && *evr)
			return oci_yum_dep(pool, name_text, ops[i].op, evr);
	return oci_yum_dep(pool, text, 0, NULL);
}

static void find_providers(const struct oci_yum_pool *p, Id dep, Queue *out)
{
	Pool *pool = p->pool;
	Id id, pp;

	FOR_PROVIDES(id, pp, dep)
	{
		if (oci_yum_pool_usable(p, id))
			queue_pushunique(out, id);
	}
}

/* "perl(Getopt::*)": every capability whose name it fits. */
static void find_glob_providers(const struct oci_yum_pool *p, const char *glob, Queue *out)
{
	Pool *pool = p->pool;

	OCI_YUM_EACH(p, id)
	{
		const Solvable *s = pool_id2solvable(pool, id);

		for (const Id *d = oci_solve_ids(s->repo, s->provides); *d; d++)
			if (fnmatch(glob, pool_id2str(pool, *d), 0) == 0) {
				queue_push(out, id);
				break;
			}
	}
}

static void find_file(const struct oci_yum_pool *p, const char *path, Queue *out)
{
	bool glob = is_glob(path);
	Dataiterator di;

	dataiterator_init(&di, p->pool, NULL, 0, SOLVABLE_FILELIST, path,
			  (glob ? SEARCH_GLOB : SEARCH_STRING) | SEARCH_FILES | SEARCH_COMPLETE_FILELIST);
	while (dataiterator_step(&di)) {
		if (oci_yum_pool_usable(p, di.solvid))
			queue_pushunique(out, di.solvid);
		dataiterator_skip_solvable(&di);
	}
	dataiterator_free(&di);
}

static void ask_path(struct making *m, const struct oci_want *w)
{
	auto_queue Queue found;

	queue_init(&found);
	find_file(m->p, w->text, &found);
	find_providers(m->p, oci_yum_dep(m->p->pool, w->text, 0, NULL), &found);
	if (found.count)
		ask(m, w->text, w->where, &found);
	else if (!oci_yum_path_is_primary(w->text) && !is_glob(w->text) && !oci_map_has(m->known, w->text))
		*oci_map_at(&m->asks->paths, w->text) = m;
	else if (is_glob(w->text))
		oci_wants_wrong_add(
			&m->wrong, w,
			"no package has such a file in primary, where patterns are looked for; name the file");
	else
		oci_wants_wrong_add(&m->wrong, w, "no package has this file");
}

static void ask_unknown(struct making *m, const struct oci_want *w)
{
	auto_map struct oci_map seen = { 0 };
	struct oci_like like;
	Pool *pool = m->p->pool;

	oci_like_begin(&like, w->text);
	OCI_YUM_EACH(m->p, id)
	{
		const char *name = pool_id2str(pool, pool_id2solvable(pool, id)->name);

		if (oci_map_add(&seen, name, m))
			oci_like_add(&like, name, strlen(name));
	}
	auto_free char *near = oci_like_end(&like);

	oci_wants_wrong_add(&m->wrong, w, "no such package for this CPU%s%s", *near ? "; near it: " : "", near);
}

static void ask_package(struct making *m, const struct oci_want *w)
{
	auto_queue Queue found;
	bool just_name = false, glob = is_glob(w->text);

	queue_init(&found);
	oci_yum_match(m->p, w->text, &found, &just_name);
	if (!found.count && glob)
		find_glob_providers(m->p, w->text, &found);
	if (found.count && glob) {
		ask_each_name(m, w, &found, just_name);
		return;
	}
	if (found.count && just_name)
		add_obsoleters(m->p, &found);
	if (!found.count)
		find_providers(m->p, capability(m->p->pool, w->text), &found);
	if (found.count)
		ask(m, w->text, w->where, &found);
	else
		ask_unknown(m, w);
}

static void find_named(const struct oci_yum_pool *p, struct oci_slice name, Queue *out)
{
	Id id_of_name = pool_strn2id(p->pool, name.p, (unsigned)name.len, 0);

	OCI_YUM_EACH(p, id)
	{
		if (id_of_name && pool_id2solvable(p->pool, id)->name == id_of_name)
			queue_push(out, id);
	}
}

/* "NAME", or "(NAME if OTHER)". */
static void ask_member(struct making *m, const char *text, const char *where)
{
	struct oci_slice rest = oci_slice(text), name = rest;
	bool conditional = *text == '(';
	auto_queue Queue found;

	queue_init(&found);
	if (conditional) {
		rest = oci_slice(text + 1);
		oci_slice_word(&rest, &name);
	}
	find_named(m->p, name, &found);
	if (!found.count)
		return;
	if (conditional) {
		ask(m, text, where, &found)->dep = oci_yum_dep(m->p->pool, text, 0, NULL);
		return;
	}
	add_obsoleters(m->p, &found);
	ask(m, text, where, &found);
}

/* Members that the repositories lack are passed over, as dnf does: groups name what other CPUs have. */
static void ask_group(struct making *m, const struct oci_want *w)
{
	auto_strs struct oci_strs names = { 0 };
	size_t had = m->asks->n;

	if (!m->comps || !oci_rpm_comps_members(m->comps, w->text + 1, &names)) {
		auto_free char *known = m->comps ? oci_rpm_comps_names(m->comps) : oci_strdup("");

		oci_wants_wrong_add(&m->wrong, w, "no such group%s%s",
				    *known ? "; there are " : " (no repository has groups)", known);
		return;
	}
	for (size_t i = 0; i < names.n; i++)
		ask_member(m, names.v[i], w->where);
	if (m->asks->n == had)
		oci_wants_wrong_add(&m->wrong, w, "no package of this group is there");
}

int oci_yum_asks_make(struct oci_yum_pool *p, const struct oci_wants *wants, const struct oci_rpm_comps *comps,
		      const struct oci_map *known, struct oci_yum_asks *out, struct oci_err **err)
{
	struct making m = { .p = p, .comps = comps, .known = known, .asks = out };

	for (size_t i = 0; i < wants->n; i++) {
		const struct oci_want *w = &wants->v[i];

		if (w->text[0] == '@')
			ask_group(&m, w);
		else if (w->text[0] == '/')
			ask_path(&m, w);
		else
			ask_package(&m, w);
	}
	return oci_wants_wrong_end(&m.wrong, err);
}
