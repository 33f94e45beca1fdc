/* What the words of a list mean to apt: names, versions, globs, tasks, virtual packages. */
#include "base/buf.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/apt_solve.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_dep.h"
#include "pkgrepo/want_cpu.h"
#include "pkgrepo/wants_wrong.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

struct making {
	struct oci_apt_pool *pool;
	struct oci_asks *asks;
	struct oci_wants_wrong wrong;
};

/* A want cut into its parts. */
struct parts {
	char *name;	     /* the caller's to free */
	const char *version; /* behind "=", inside the want's text; NULL: any */
	bool task;	     /* "name^" */
};

static bool is_glob(const char *s)
{
	return strpbrk(s, "*?[") != NULL;
}

/* "curl:arm64" and "curl.aarch64": the CPU is cut off when it is one. */
static enum oci_want_cpu cut_cpu(const struct oci_apt_pool *p, char *name)
{
	char *at = strrchr(name, ':');

	if (!at)
		at = strrchr(name, '.');
	if (!at || at == name)
		return OCI_CPU_NONE;
	enum oci_want_cpu whose = oci_want_cpu(OCI_OS_APT, at + 1, p->arch, p->cpus);

	if (whose != OCI_CPU_NONE)
		*at = '\0';
	return whose;
}

static bool has_name(const struct oci_apt_index *ix, const char *name)
{
	return oci_apt_index_find(ix, oci_slice(name)) != NULL;
}

/* Does the lock leave something of a name? */
static bool is_free(const struct oci_apt_index *ix, const char *name)
{
	const struct oci_apt_entry *e = oci_apt_index_find(ix, oci_slice(name));

	while (e && ix->pkgs.v[e->pkg].flags & OCI_APT_LEFT_OUT)
		e = oci_apt_index_next(ix, e);
	return e != NULL;
}

static int cut(struct making *m, const struct oci_want *w, struct parts *out)
{
	const char *eq = strchr(w->text, '=');
	size_t n = eq ? (size_t)(eq - w->text) : strlen(w->text);
	enum oci_want_cpu whose = OCI_CPU_NONE;

	*out = (struct parts){ oci_strndup(w->text, n), eq ? eq + 1 : NULL, false };
	if (n && out->name[n - 1] == '^') {
		out->name[n - 1] = '\0';
		out->task = true;
	}
	if (!out->task && !has_name(m->pool->index, out->name))
		whose = cut_cpu(m->pool, out->name);
	if (whose == OCI_CPU_NONE || whose == OCI_CPU_OURS)
		return 0;
	if (whose == OCI_CPU_NOBODYS)
		oci_wants_wrong_cpu(&m->wrong, w);
	free(oci_steal(&out->name));
	return -1;
}

static bool want_is_odd(struct making *m, const struct oci_want *w)
{
	if (w->text[0] == '@')
		oci_wants_wrong_add(&m->wrong, w, "a package group is yum's; apt has tasks, written NAME^");
	return w->text[0] == '@';
}

static void reach(struct making *m, const struct oci_want *w, struct oci_slice name)
{
	auto_err struct oci_err *err = NULL;

	if (oci_apt_pool_reach(m->pool, name, &err) < 0)
		oci_wants_wrong_add(&m->wrong, w, "%s", oci_err_text(err));
}

static const struct oci_apt_path *path_of(const struct making *m, const struct oci_want *w)
{
	return m->pool->index->paths ? oci_apt_paths_find(m->pool->index->paths, w->text) : NULL;
}

static void reach_path(struct making *m, const struct oci_want *w)
{
	const struct oci_apt_path *path = path_of(m, w);
	size_t found = 0;

	for (size_t i = 0; path && i < path->names.n; i++)
		if (is_free(m->pool->index, path->names.v[i])) {
			reach(m, w, oci_slice(path->names.v[i]));
			found++;
		}
	if (!path || (!found && !m->pool->index->paths->listed))
		oci_wants_wrong_add(&m->wrong, w, "a path, and no repository of this system lists its files");
	else if (!found && path->names.n)
		oci_wants_wrong_lock(&m->wrong, w);
	else if (!found)
		oci_wants_wrong_add(&m->wrong, w, "no package has this file");
}

static void offer_path(struct making *m, const struct oci_want *w)
{
	const struct oci_apt_path *path = w->text[0] == '/' ? path_of(m, w) : NULL;

	for (size_t i = 0; path && i < path->names.n; i++)
		oci_apt_pool_offer(m->pool, path->names.v[i], w->text);
}

static bool in_task(const struct oci_apt_pkg *pkg, const char *task)
{
	struct oci_slice rest, word;

	if (!(pkg->flags & OCI_APT_TASKED))
		return false;
	rest = oci_stanza_get(pkg->text, "Task");
	while (oci_slice_cut(rest, ',', &word, &rest) || word.len)
		if (oci_slice_eq(oci_slice_trim(word), task))
			return true;
		else if (!rest.len)
			return false;
	return false;
}

/* Every package name that a glob or a task stands for. */
static void each_named(struct making *m, const struct oci_want *w, const struct parts *parts)
{
	const struct oci_apt_index *ix = m->pool->index;
	struct oci_slice last = { "", 0 };
	bool found = false, left_out = false;

	for (size_t i = 0; i < ix->pkgs.n; i++) {
		const struct oci_apt_pkg *pkg = &ix->pkgs.v[i];
		auto_free char *text = parts->task ? NULL : oci_slice_dup(pkg->name);

		if (oci_slice_same(pkg->name, last))
			continue;
		if (parts->task ? !in_task(pkg, parts->name) : fnmatch(parts->name, text, 0) != 0)
			continue;
		left_out |= pkg->flags & OCI_APT_LEFT_OUT;
		if (pkg->flags & OCI_APT_LEFT_OUT)
			continue;
		last = pkg->name;
		found = true;
		reach(m, w, pkg->name);
	}
	if (!found && left_out)
		oci_wants_wrong_lock(&m->wrong, w);
	else if (!found)
		oci_wants_wrong_add(&m->wrong, w,
				    parts->task ? "no package is in this task" : "no package name matches");
}

static void reach_want(struct making *m, const struct oci_want *w)
{
	struct parts parts;
	auto_free char *name = NULL;

	if (w->text[0] == '/') {
		reach_path(m, w);
		return;
	}
	if (want_is_odd(m, w) || cut(m, w, &parts) < 0)
		return;
	name = parts.name;
	if (parts.task || is_glob(name)) {
		each_named(m, w, &parts);
		return;
	}
	if (is_free(m->pool->index, name)) {
		reach(m, w, oci_slice(name));
		return;
	}
	if (has_name(m->pool->index, name)) {
		oci_wants_wrong_lock(&m->wrong, w);
		return;
	}
	auto_free char *like = oci_apt_index_like(m->pool->index, name);

	oci_wants_wrong_name(&m->wrong, w, like);
}

/* This very package. */
static void ask_package(struct making *m, const struct oci_want *w, Id solvable)
{
	for (size_t i = 0; i < m->asks->n; i++)
		if (!m->asks->v[i].dep && m->asks->v[i].one_of.elements[0] == solvable)
			return;
	queue_push(&oci_asks_add(m->asks, w)->one_of, solvable);
}

/* Anything that fulfils this. */
static void ask_provided(struct making *m, const struct oci_want *w, Id dep)
{
	Pool *pool = m->pool->pool;
	Id p, pp;

	for (size_t i = 0; i < m->asks->n; i++)
		if (m->asks->v[i].dep == dep)
			return;
	struct oci_ask *a = oci_asks_add(m->asks, w);

	a->dep = dep;
	FOR_PROVIDES(p, pp, dep)
	queue_push(&a->one_of, p);
}

/* The candidate of a name, or 0. */
static Id candidate_of(const struct oci_apt_pool *p, Id name)
{
	Solvable *s;
	Id id;

	FOR_REPO_SOLVABLES(p->repo, id, s)
	if (s->name == name && p->nodes.v[id].candidate)
		return id;
	return 0;
}

/* The newest of a name whose version is, or matches, the wanted one. */
static Id version_of(const struct oci_apt_pool *p, Id name, const char *version)
{
	Solvable *s;
	Id id, best = 0;

	FOR_REPO_SOLVABLES(p->repo, id, s)
	{
		if (s->name != name || fnmatch(version, pool_id2str(p->pool, s->evr), 0) != 0)
			continue;
		if (!best || pool_evrcmp(p->pool, s->evr, pool_id2solvable(p->pool, best)->evr, EVRCMP_COMPARE) > 0)
			best = id;
	}
	return best;
}

static char *versions_of(const struct oci_apt_pool *p, Id name)
{
	struct oci_buf b = { 0 };
	Solvable *s;
	Id id;

	FOR_REPO_SOLVABLES(p->repo, id, s)
	if (s->name == name)
		oci_buf_addf(&b, "%s%s", b.len ? ", " : "", pool_id2str(p->pool, s->evr));
	return oci_buf_take(&b);
}

static void ask_version(struct making *m, const struct oci_want *w, Id name, const char *version)
{
	Id id = version_of(m->pool, name, version);

	if (id) {
		oci_apt_pool_prefer(m->pool, id);
		ask_package(m, w, id);
		return;
	}
	auto_free char *known = versions_of(m->pool, name);

	oci_wants_wrong_add(&m->wrong, w, "no version matches; there is %s", *known ? known : "none");
}

static void ask_named(struct making *m, const struct oci_want *w, const struct parts *parts)
{
	struct oci_apt_pool *p = m->pool;
	auto_map struct oci_map seen = { 0 };

	for (size_t i = 0; i < p->index->pkgs.n; i++) {
		const struct oci_apt_pkg *pkg = &p->index->pkgs.v[i];
		auto_free char *text = oci_slice_dup(pkg->name);
		Id id = pool_str2id(p->pool, text, 0);

		if (!id || (parts->task ? !in_task(pkg, parts->name) : fnmatch(parts->name, text, 0) != 0))
			continue;
		if (oci_map_add(&seen, text, p) && (id = candidate_of(p, id)))
			ask_package(m, w, id);
	}
}

static void ask_want(struct making *m, const struct oci_want *w)
{
	struct oci_apt_pool *p = m->pool;
	struct parts parts;

	if (w->text[0] == '/') {
		ask_provided(m, w, pool_str2id(p->pool, w->text, 1));
		return;
	}
	if (cut(m, w, &parts) < 0)
		return;
	auto_free char *name = parts.name;

	if (parts.task || is_glob(name)) {
		ask_named(m, w, &parts);
		return;
	}
	Id id = pool_str2id(p->pool, name, 1), candidate = candidate_of(p, id);

	if (parts.version)
		ask_version(m, w, id, parts.version);
	else if (candidate)
		ask_package(m, w, candidate);
	else
		ask_provided(m, w, id);
}

static void reach_essential(struct making *m)
{
	const struct oci_apt_index *ix = m->pool->index;
	const struct oci_want w = { .text = (char *)(uintptr_t) "essential packages",
				    .where = (char *)(uintptr_t) "--with-essential" };

	for (size_t i = 0; i < ix->pkgs.n; i++)
		if (ix->pkgs.v[i].flags & OCI_APT_ESSENTIAL)
			reach(m, &w, ix->pkgs.v[i].name);
}

static void ask_essential(struct making *m)
{
	struct oci_apt_pool *p = m->pool;
	Solvable *s;
	Id id;

	FOR_REPO_SOLVABLES(p->repo, id, s)
	{
		const struct oci_want w = { .text = (char *)(uintptr_t)pool_id2str(p->pool, s->name),
					    .where = (char *)(uintptr_t) "--with-essential" };

		if (p->nodes.v[id].essential && p->nodes.v[id].candidate)
			ask_package(m, &w, id);
	}
}

int oci_apt_asks_make(struct oci_apt_pool *p, const struct oci_wants *wants, bool with_essential, struct oci_asks *out,
		      struct oci_err **err)
{
	struct making m = { .pool = p, .asks = out };

	for (size_t i = 0; i < wants->n; i++)
		reach_want(&m, &wants->v[i]);
	if (with_essential)
		reach_essential(&m);
	for (size_t i = 0; i < wants->n; i++)
		offer_path(&m, &wants->v[i]);
	oci_apt_pool_ready(p);
	for (size_t i = 0; i < wants->n && !m.wrong.n; i++)
		ask_want(&m, &wants->v[i]);
	if (with_essential)
		ask_essential(&m);
	return oci_wants_wrong_end(&m.wrong, err);
}
