#include "pkgrepo/apt_source.h"

#include "archive/inflate.h"
#include "base/map.h"
#include "base/out.h"
#include "base/path.h"
#include "pkgrepo/apt_meta.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/apt_release.h"
#include "pkgrepo/apt_release_get.h"
#include "pkgrepo/get.h"

#include <stdlib.h>
#include <string.h>

/* Failures are told once, at the end. */
static const struct oci_out silent;

struct loading {
	const struct oci_apt_source *s;
	struct oci_apt_metas metas;
	struct oci_failures failures;
	size_t repos;
	const char *url; /* of the repository at hand */
};

/* A suite, or a flat repository. */
struct suite {
	struct loading *l;
	const struct oci_os_repo *repo;
	struct oci_release release;
	const char *dir;    /* URL of the folder of the Release file */
	const char *folder; /* the same below the repository's URL, when it is a flat one */
};

static bool want(struct suite *s, enum oci_apt_meta_kind kind, const char *index)
{
	return oci_apt_metas_add(
		&s->l->metas, s->l->s->cache,
		&(struct oci_apt_meta_at){ kind, s->repo, &s->release, s->dir, s->l->url, s->folder, index });
}

static int fail_unlisted(const struct suite *s, const char *index, struct oci_err **err)
{
	return oci_fail(err, OCI_NOTFOUND, "%s: its Release lists no %s", s->dir, index);
}

/* Lists of files, where paths are asked for; below a component, or, as Ubuntu has them, of the whole suite. */
static void want_files(struct suite *s, const char *below)
{
	auto_free char *own = oci_printf("%sContents-%s", below, s->l->s->arch);
	auto_free char *all = oci_printf("%sContents-all", below);

	if (!s->l->s->paths || !s->l->s->paths->v.n)
		return;
	want(s, OCI_APT_FILES, own);
	want(s, OCI_APT_FILES_ALL, all);
}

/* The index for "all" where the archive keeps those packages apart. */
static bool has_all(const struct oci_release *r)
{
	return !r->no_all_packages && oci_strs_has(&r->architectures, "all");
}

static int want_component(struct suite *s, const char *component, struct oci_err **err)
{
	auto_free char *index = oci_printf("%s/binary-%s/Packages", component, s->l->s->arch);
	auto_free char *all = oci_printf("%s/binary-all/Packages", component);
	auto_free char *below = oci_printf("%s/", component);

	bool own = want(s, OCI_APT_PACKAGES, index), apart = has_all(&s->release) && want(s, OCI_APT_PACKAGES, all);

	if (!own && !apart)
		return fail_unlisted(s, index, err);
	want_files(s, below);
	return 0;
}

static void check_suite(const struct loading *l, const struct oci_release *r, const char *dir, const char *suite)
{
	const char *last = strrchr(suite, '/') ? strrchr(suite, '/') + 1 : suite;

	if (!oci_streq(r->suite, suite) && !oci_streq(r->codename, suite) && !oci_streq(r->codename, last) &&
	    !oci_streq(r->suite, last) && (r->suite || r->codename))
		oci_warn(l->s->out, "%s: its Release is that of %s", dir, r->codename ? r->codename : r->suite);
}

/* As apt, go on without a repository that is not made for this CPU, unless the description says that it is. */
static bool lacks_arch(const struct suite *s)
{
	const struct oci_strs *has = &s->release.architectures;

	if (s->repo->arches.n || !has->n || oci_strs_has(has, s->l->s->arch) || has_all(&s->release))
		return false;
	oci_warn(s->l->s->out, "%s: has no packages for %s", s->dir, s->l->s->arch);
	return true;
}

static int want_components(struct suite *s, struct oci_err **err)
{
	if (lacks_arch(s))
		return 0;
	for (size_t i = 0; i < s->repo->components.n; i++)
		if (want_component(s, s->repo->components.v[i], err) < 0)
			return -1;
	want_files(s, "");
	return 0;
}

static int want_suite(struct loading *l, const struct oci_os_repo *repo, const char *suite_text, struct oci_err **err)
{
	auto_free char *name = oci_os_expand(l->s->os, l->s->arch, suite_text);
	auto_free char *below = oci_printf("dists/%s", name);
	auto_free char *dir = oci_repo_url(l->url, below);
	struct suite s = { .l = l, .repo = repo, .dir = dir };

	if (oci_apt_release_get(l->s->net, repo, dir, &s.release, err) < 0)
		return -1;
	check_suite(l, &s.release, dir, name);
	int rc = want_components(&s, err);

	oci_release_clear(&s.release);
	return rc;
}

/* A flat repository: Release and Packages in one folder. */
static int want_flat(struct loading *l, const struct oci_os_repo *repo, struct oci_err **err)
{
	auto_free char *flat = oci_os_expand(l->s->os, l->s->arch, repo->flat);
	const char *folder = flat + (oci_starts(flat, "./") ? 2 : strspn(flat, "/"));
	auto_free char *dir = oci_repo_url(l->url, folder);
	struct suite s = { .l = l, .repo = repo, .dir = dir, .folder = folder };

	if (oci_apt_release_get(l->s->net, repo, dir, &s.release, err) < 0)
		return -1;
	int rc = want(&s, OCI_APT_PACKAGES, "Packages") ? 0 : fail_unlisted(&s, "Packages", err);

	want_files(&s, "");
	oci_release_clear(&s.release);
	return rc;
}

static void want_repo(struct loading *l, const struct oci_os_repo *repo)
{
	const struct oci_apt_source *s = l->s;
	auto_free char *url = oci_os_expand(s->os, s->arch, repo->url);
	struct oci_err *err = NULL;

	l->url = url;
	if (repo->flat && want_flat(l, repo, &err) < 0)
		oci_fail_in(&err, "%s", repo->id);
	for (size_t i = 0; i < repo->suites.n && !repo->flat && !err; i++)
		if (want_suite(l, repo, repo->suites.v[i], &err) < 0)
			oci_fail_in(&err, "%s", repo->id);
	if (err)
		oci_failures_add_take(&l->failures, &silent, &err);
}

static int add(struct loading *l, struct oci_apt_meta *m, struct oci_apt_index *ix, struct oci_err **err)
{
	struct oci_apt_file file = { .what = oci_strdup(m->shown),
				     .base = oci_strdup(m->base),
				     .folder = m->folder ? oci_strdup(m->folder) : NULL,
				     .repo = m->repo,
				     .pin = m->pin };

	if ((!m->cached && oci_apt_meta_unpack(m, err) < 0) || oci_apt_file_map(&file, m->plain, err) < 0) {
		oci_apt_file_clear(&file);
		return -1;
	}
	if (oci_apt_index_add(ix, &file, l->s->arch, err) == 0)
		return 0;
	/* the next run shall look at it anew */
	remove(m->plain);
	return -1;
}

static void add_all(struct loading *l, struct oci_apt_index *ix)
{
	for (size_t i = 0; i < l->metas.n; i++) {
		struct oci_err *err = NULL;

		if (l->metas.v[i].kind == OCI_APT_PACKAGES && add(l, &l->metas.v[i], ix, &err) < 0)
			oci_failures_add_take(&l->failures, &silent, &err);
	}
}

static int read_files(struct oci_apt_paths *paths, const struct oci_apt_meta *m, struct oci_err **err)
{
	struct oci_reader packed;
	auto_reader struct oci_reader plain = { 0 };

	if (oci_reader_of_path(&packed, m->plain, err) < 0 ||
	    oci_inflate_reader(packed, m->shown, &plain, NULL, err) < 0)
		return -1;
	if (oci_apt_paths_read(paths, &plain, m->shown, err) == 0)
		return 0;
	/* the next run shall look at it anew */
	remove(m->plain);
	return -1;
}

/* The lists of what fits every CPU are three times as long: only when the others do not know a path. */
static void find_paths(struct loading *l)
{
	struct oci_apt_paths *paths = l->s->paths;

	for (enum oci_apt_meta_kind kind = OCI_APT_FILES; kind <= OCI_APT_FILES_ALL; kind++) {
		if (!paths || !oci_apt_paths_left(paths) || l->failures.n)
			break;
		oci_apt_metas_fetch(&l->metas, kind, l->s->net, &l->failures);
		for (size_t i = 0; i < l->metas.n && !l->failures.n; i++) {
			struct oci_err *err = NULL;

			if (l->metas.v[i].kind == kind && read_files(paths, &l->metas.v[i], &err) < 0)
				oci_failures_add_take(&l->failures, &silent, &err);
		}
	}
	if (paths)
		oci_apt_paths_settle(paths, l->s->out);
}

static bool is_wanted(const struct oci_os_repo *repo, const char *arch)
{
	return !repo->disabled && (!repo->arches.n || oci_strs_has(&repo->arches, arch));
}

int oci_apt_source_load(const struct oci_apt_source *s, struct oci_apt_index *ix, struct oci_err **err)
{
	struct loading l = { .s = s };
	int rc;

	for (size_t i = 0; i < s->os->repos.n; i++)
		if (is_wanted(&s->os->repos.v[i], s->arch)) {
			l.repos++;
			want_repo(&l, &s->os->repos.v[i]);
		}
	if (!l.failures.n)
		oci_apt_metas_fetch(&l.metas, OCI_APT_PACKAGES, s->net, &l.failures);
	if (!l.failures.n)
		add_all(&l, ix);
	find_paths(&l);
	ix->paths = s->paths;
	rc = oci_failures_end(&l.failures, l.metas.n > l.repos ? l.metas.n : l.repos, err);
	oci_apt_metas_clear(&l.metas);
	oci_failures_clear(&l.failures);
	return rc;
}
