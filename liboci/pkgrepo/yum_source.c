#include "pkgrepo/yum_source.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/out.h"
#include "base/stream.h"
#include "pkgrepo/family.h"
#include "pkgrepo/rpm_check.h"
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_modules.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_MODULES ((size_t)256 << 20)

/* Failures are told once, at the end. */
static const struct oci_out silent;

/* One repository on its way into the pool. */
struct incoming {
	struct oci_yum_source source;
	struct oci_yum_file primary, comps, modules; /* .data NULL: none */
};

struct loading {
	const struct oci_repo_target *t;
	struct oci_yum_pool *pool;
	struct oci_rpm_comps *comps;
	struct oci_rpm_modules modules;
	OCI_VEC(struct incoming) in;
	struct oci_failures failures;
};

static void loading_clear(struct loading *l)
{
	for (size_t i = 0; i < l->in.n; i++) {
		oci_yum_file_clear(&l->in.v[i].primary);
		oci_yum_file_clear(&l->in.v[i].comps);
		oci_yum_file_clear(&l->in.v[i].modules);
		oci_yum_source_clear(&l->in.v[i].source);
	}
	free(l->in.v);
	oci_failures_clear(&l->failures);
	oci_rpm_modules_clear(&l->modules);
}

bool oci_yum_source_wanted(const struct oci_os_repo *repo, const char *arch)
{
	return !repo->disabled && (!repo->arches.n || oci_strs_has(&repo->arches, arch));
}

static void init_file(struct oci_yum_file *f, const struct incoming *in, const char *type, const char *cache)
{
	const struct oci_repomd_data *data = oci_repomd_find(&in->source.yum.md, type);

	if (data)
		oci_yum_file_init(f, &in->source.yum, data, cache);
}

/* Keys that cannot be read are said before packages are fetched that nobody could check. */
static int check_keys(const struct oci_os_repo *repo, struct oci_err **err)
{
	auto_rpm_keys struct oci_rpm_keys *keys = NULL;

	if (oci_yum_repo_signs_packages(repo) && oci_rpm_keys_open(&keys, &repo->keys, err) < 0)
		return oci_fail_in(err, "%s", repo->id);
	return 0;
}

static void open_repo(struct loading *l, const struct oci_os_repo *repo)
{
	const struct oci_repo_target *t = l->t;
	struct incoming *in = oci_vec_push(&l->in);
	struct oci_err *err = NULL;

	if (check_keys(repo, &err) < 0 || oci_yum_repo_open(t->net, t->os, t->arch, repo, &in->source.yum, &err) < 0) {
		oci_failures_add_take(&l->failures, &silent, &err);
		return;
	}
	in->source.repo = repo;
	in->source.base = oci_strdup(in->source.yum.base);
	init_file(&in->primary, in, "primary", t->cache);
	init_file(&in->source.filelists, in, "filelists", t->cache);
	init_file(&in->modules, in, "modules", t->cache);
	/* the plain one is named twice in most; "group_gz" is the same packed */
	if (l->comps)
		init_file(&in->comps, in, "group", t->cache);
	in->source.what = oci_strdup(in->primary.url);
	in->source.path = oci_strdup(in->primary.plain);
}

static void fetch(struct loading *l)
{
	OCI_VEC(struct oci_yum_file *) files = { 0 };
	struct oci_err *err = NULL;

	for (size_t i = 0; i < l->in.n; i++) {
		*oci_vec_push(&files) = &l->in.v[i].primary;
		if (l->in.v[i].comps.data)
			*oci_vec_push(&files) = &l->in.v[i].comps;
		if (l->in.v[i].modules.data)
			*oci_vec_push(&files) = &l->in.v[i].modules;
	}
	if (oci_yum_files_get(l->t->net, files.v, files.n, &err) < 0)
		oci_failures_add_take(&l->failures, &silent, &err);
	free(files.v);
}

static int read_comps(struct loading *l, const struct oci_yum_file *f, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };

	if (!f->data)
		return 0;
	if (oci_yum_file_open(f, &r, err) < 0)
		return -1;
	return oci_rpm_comps_read(l->comps, &r, f->url, oci_yum_file_max(f), err);
}

static int read_modules(struct loading *l, const struct oci_yum_file *f, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (!f->data)
		return 0;
	if (oci_yum_file_unpack(f, err) < 0 || oci_file_read(f->plain, MAX_MODULES, &text, err) < 0)
		return -1;
	return oci_rpm_modules_parse(&l->modules, f->url, oci_buf_text(&text), text.len, err);
}

static void add(struct loading *l, struct incoming *in)
{
	struct oci_err *err = NULL;

	if (oci_yum_file_unpack(&in->primary, &err) < 0 || read_comps(l, &in->comps, &err) < 0 ||
	    read_modules(l, &in->modules, &err) < 0) {
		oci_failures_add_take(&l->failures, &silent, &err);
	} else if (oci_yum_pool_add(l->pool, &in->source, &err) < 0) {
		remove(in->primary.plain); /* the next run shall look at it anew */
		oci_failures_add_take(&l->failures, &silent, &err);
	}
}

/* Better ones first, as dnf: of packages that would do equally the one heard of first is taken. */
static int by_preference(const void *a, const void *b)
{
	const struct oci_os_repo *x = *(const struct oci_os_repo *const *)a, *y = *(const struct oci_os_repo *const *)b;
	int64_t d = oci_yum_repo_priority(x) - oci_yum_repo_priority(y);

	if (d == 0)
		d = oci_yum_repo_cost(x) - oci_yum_repo_cost(y);
	if (d == 0)
		d = x - y;
	return d < 0 ? -1 : d > 0;
}

static void open_repos(struct loading *l)
{
	OCI_VEC(const struct oci_os_repo *) wanted = { 0 };
	const struct oci_os *os = l->t->os;

	for (size_t i = 0; i < os->repos.n; i++)
		if (oci_yum_source_wanted(&os->repos.v[i], l->t->arch))
			*oci_vec_push(&wanted) = &os->repos.v[i];
	if (wanted.n)
		qsort(wanted.v, wanted.n, sizeof(*wanted.v), by_preference);
	for (size_t i = 0; i < wanted.n; i++)
		open_repo(l, wanted.v[i]);
	free(wanted.v);
}

int oci_yum_source_load(const struct oci_repo_target *t, struct oci_yum_pool *p, struct oci_rpm_comps *comps,
			struct oci_err **err)
{
	struct loading l = { .t = t, .pool = p, .comps = comps };

	open_repos(&l);
	if (!l.failures.n)
		fetch(&l);
	for (size_t i = 0; i < l.in.n && !l.failures.n; i++)
		add(&l, &l.in.v[i]);
	int rc = oci_failures_end(&l.failures, l.in.n, err);

	if (rc == 0) {
		oci_yum_exclude(p);
		rc = oci_yum_modules_apply(p, &l.modules, t->os, err);
	}
	loading_clear(&l);
	return rc;
}
