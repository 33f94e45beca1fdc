#include "pkgrepo/yum_paths.h"

#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/rpmmd_lists.h"
#include "pkgrepo/solve.h"
#include "pkgrepo/yum_solve.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

bool oci_yum_path_is_primary(const char *path)
{
	return oci_starts(path, "/etc/") || strstr(path, "bin/") || oci_streq(path, "/usr/lib/sendmail");
}

struct reaching {
	const struct oci_yum_pool *p;
	struct oci_map *wanted;
	Map seen;     /* solvables */
	Map seen_dep; /* plain dependencies */
	Queue todo;
};

static void reach_solvable(struct reaching *r, Id id)
{
	if (MAPTST(&r->seen, id))
		return;
	MAPSET(&r->seen, id);
	queue_push(&r->todo, id);
}

static void want_path(const struct reaching *r, const char *text)
{
	if (*text == '/' && !oci_yum_path_is_primary(text) && !oci_map_has(r->wanted, text))
		*oci_map_at(r->wanted, text) = NULL;
}

static void reach_name(struct reaching *r, Id dep, bool follow)
{
	Pool *pool = r->p->pool;
	Id id, pp;

	want_path(r, pool_id2str(pool, dep));
	if (!follow || MAPTST(&r->seen_dep, dep))
		return;
	MAPSET(&r->seen_dep, dep);
	FOR_PROVIDES(id, pp, dep)
	reach_solvable(r, id);
}

/* Rich dependencies are a tree of relations; the version side of a plain one is none. */
static void reach_dep(struct reaching *r, Id dep, bool follow)
{
	while (ISRELDEP(dep)) {
		const Reldep *rel = GETRELDEP(r->p->pool, dep);

		if (rel->flags > 7)
			reach_dep(r, rel->evr, follow);
		dep = rel->name;
	}
	reach_name(r, dep, follow);
}

static void reach_deps(struct reaching *r, const Repo *repo, Offset deps, bool follow)
{
	for (const Id *d = oci_solve_ids(repo, deps); *d; d++)
		reach_dep(r, *d, follow);
}

/* Weak dependencies that are not followed still decide between packages that would do. */
static void reach_all(struct reaching *r, const Solvable *s)
{
	bool weak = r->p->recommends;

	reach_deps(r, s->repo, s->requires, true);
	reach_deps(r, s->repo, s->conflicts, true);
	reach_deps(r, s->repo, s->recommends, weak);
	reach_deps(r, s->repo, s->suggests, false);
	reach_deps(r, s->repo, s->supplements, false);
	reach_deps(r, s->repo, s->enhances, false);
}

/* These come along unasked. */
static void reach_supplementing(struct reaching *r)
{
	OCI_YUM_EACH(r->p, id)
	{
		const Solvable *s = pool_id2solvable(r->p->pool, id);

		if (*oci_solve_ids(s->repo, s->supplements))
			reach_solvable(r, id);
	}
}

void oci_yum_reach_paths(const struct oci_yum_pool *p, const struct oci_asks *asks, struct oci_map *wanted)
{
	struct reaching r = { .p = p, .wanted = wanted };

	map_init(&r.seen, p->pool->nsolvables);
	map_init(&r.seen_dep, p->pool->ss.nstrings);
	queue_init(&r.todo);
	for (size_t i = 0; i < asks->n; i++)
		for (int k = 0; k < asks->v[i].one_of.count; k++)
			reach_solvable(&r, asks->v[i].one_of.elements[k]);
	if (p->recommends)
		reach_supplementing(&r);
	for (int i = 0; i < r.todo.count; i++)
		reach_all(&r, pool_id2solvable(p->pool, r.todo.elements[i]));
	map_free(&r.seen);
	map_free(&r.seen_dep);
	queue_free(&r.todo);
}

struct loading {
	struct oci_yum_pool *p;
	const struct oci_map *wanted;
	OCI_VEC(const char *) globs; /* among the wanted */
	struct oci_map by_pkgid;     /* -> Id, of the source at hand */
	Id at;
};

static bool on_package(void *ctx, const char *pkgid)
{
	struct loading *l = ctx;

	l->at = (Id)(intptr_t)oci_map_get(&l->by_pkgid, pkgid);
	return l->at != 0;
}

static void add_provides(const struct loading *l, const char *text)
{
	Solvable *s = pool_id2solvable(l->p->pool, l->at);

	s->provides = repo_addid_dep(s->repo, s->provides, pool_str2id(l->p->pool, text, 1), SOLVABLE_FILEMARKER);
}

/* Who has a file that a pattern fits provides the pattern. */
static void on_file(void *ctx, struct oci_slice path)
{
	const struct loading *l = ctx;
	auto_free char *text = oci_slice_dup(path);

	if (oci_map_has(l->wanted, text))
		add_provides(l, text);
	for (size_t i = 0; i < l->globs.n; i++)
		if (fnmatch(l->globs.v[i], text, 0) == 0)
			add_provides(l, l->globs.v[i]);
}

static int load_source(struct loading *l, const struct oci_yum_source *source, struct oci_err **err)
{
	static const struct oci_rpm_list_events events = { .package = on_package, .file = on_file };
	auto_reader struct oci_reader r = { 0 };
	Solvable *s;
	Id id;

	FOR_REPO_SOLVABLES(source->solv, id, s)
	{
		(void)s;
		*oci_map_at(&l->by_pkgid, OCI_HEX(&l->p->nodes.v[id].digest)) = (void *)(intptr_t)id;
	}
	if (oci_yum_file_open(&source->filelists, &r, err) < 0)
		return -1;
	return oci_rpm_list_read(&r, source->filelists.url, "filelists", oci_yum_file_max(&source->filelists), &events,
				 l, err);
}

static int get_filelists(struct oci_yum_pool *p, struct oci_repo_net *net, struct oci_err **err)
{
	OCI_VEC(struct oci_yum_file *) files = { 0 };

	for (size_t i = 0; i < p->sources.n; i++)
		if (p->sources.v[i].filelists.data)
			*oci_vec_push(&files) = &p->sources.v[i].filelists;
	int rc = oci_yum_files_get(net, files.v, files.n, err);

	free(files.v);
	return rc;
}

int oci_yum_paths_load(struct oci_yum_pool *p, struct oci_repo_net *net, const struct oci_map *wanted,
		       struct oci_err **err)
{
	struct loading l = { .p = p, .wanted = wanted };
	int rc = get_filelists(p, net, err);

	for (size_t i = 0; i < wanted->n; i++)
		if (wanted->items[i].value)
			*oci_vec_push(&l.globs) = wanted->items[i].key;
	for (size_t i = 0; i < p->sources.n && rc == 0; i++) {
		if (p->sources.v[i].filelists.data)
			rc = load_source(&l, &p->sources.v[i], err);
		oci_map_clear(&l.by_pkgid);
	}
	free(l.globs.v);
	if (rc < 0)
		return -1;
	oci_yum_base_refresh(p);
	oci_yum_pool_ready(p);
	return 0;
}
