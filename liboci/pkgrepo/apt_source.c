#include "pkgrepo/apt_source.h"

#include "base/map.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/apt_release.h"
#include "pkgrepo/apt_release_get.h"
#include "pkgrepo/cache.h"
#include "pkgrepo/get.h"

#include <stdlib.h>
#include <string.h>

/* What an index may unpack to where nothing says its size: ten times Debian's largest. */
#define MAX_PLAIN ((uint64_t)1 << 30)

/* Failures are told once, at the end. */
static const struct oci_out silent;

/* One Packages file to come. */
struct wanted {
	const struct oci_os_repo *repo;
	char *base;	      /* what Filename continues */
	char *url, *shown;    /* where it is fetched (by-hash), and the name people know */
	char *packed, *plain; /* cache paths */
	struct oci_digest digest, plain_digest;
	uint64_t size, plain_size;
	int pin;
	bool cached;
};

struct loading {
	const struct oci_apt_source *s;
	OCI_VEC(struct wanted) wanted;
	struct oci_failures failures;
	size_t repos;
	const char *url; /* of the repository at hand */
};

static void wanted_clear(struct wanted *w)
{
	free(w->base);
	free(w->url);
	free(w->shown);
	free(w->packed);
	free(w->plain);
}

/* .gz before .xz: it unpacks ten times faster, and the line is seldom that slow. */
static const char *const packings[] = { ".gz", ".zst", ".xz", ".bz2", "" };

static const struct oci_release_file *choose(const struct oci_release *r, const char *index)
{
	for (size_t i = 0; i < OCI_COUNT(packings); i++) {
		auto_free char *path = oci_printf("%s%s", index, packings[i]);
		const struct oci_release_file *f = oci_release_find(r, path);

		if (f)
			return f;
	}
	return NULL;
}

static char *by_hash(const char *dir, const struct oci_release_file *f)
{
	auto_free char *folder = oci_path_parent(f->path);
	auto_free char *rest = oci_printf("%s/by-hash/%s/%s", folder,
					  f->digest.algorithm == OCI_SHA256 ? "SHA256" : "SHA512", OCI_HEX(&f->digest));

	return oci_repo_url(dir, oci_starts(rest, "./") ? rest + 2 : rest);
}

/* dir: URL of the folder of the Release file; index: "main/binary-amd64/Packages". */
static int want_index(struct loading *l, const struct oci_os_repo *repo, const struct oci_release *r, const char *dir,
		      const char *base, const char *index, struct oci_err **err)
{
	const struct oci_release_file *f = choose(r, index), *plain = oci_release_find(r, index);

	if (!f)
		return oci_fail(err, OCI_NOTFOUND, "%s: its Release lists no %s", dir, index);
	struct wanted *w = oci_vec_push(&l->wanted);

	*w = (struct wanted){ .repo = repo,
			      .base = oci_strdup(base),
			      .url = r->by_hash ? by_hash(dir, f) : oci_repo_url(dir, f->path),
			      .shown = oci_repo_url(dir, f->path),
			      .digest = f->digest,
			      .size = f->size,
			      .plain_size = plain ? plain->size : OCI_SIZE_UNKNOWN,
			      .pin = repo->priority ? (int)repo->priority : 500 };
	if (plain)
		w->plain_digest = plain->digest;
	if (!repo->priority && r->not_automatic)
		w->pin = r->automatic_upgrades ? 100 : 1;
	w->plain = oci_repo_cache_path(l->s->cache, plain ? &plain->digest : &f->digest);
	w->packed = oci_printf("%s.packed-%.16s", w->plain, OCI_HEX(&f->digest));
	return 0;
}

/* The index for "all" where the archive keeps those packages apart. */
static bool has_all(const struct oci_release *r)
{
	return !r->no_all_packages && oci_strs_has(&r->architectures, "all");
}

static int want_component(struct loading *l, const struct oci_os_repo *repo, const struct oci_release *r,
			  const char *dir, const char *component, struct oci_err **err)
{
	auto_free char *index = oci_printf("%s/binary-%s/Packages", component, l->s->arch);
	auto_free char *all = oci_printf("%s/binary-all/Packages", component);

	if (want_index(l, repo, r, dir, l->url, index, err) < 0)
		return -1;
	if (has_all(r) && choose(r, all))
		return want_index(l, repo, r, dir, l->url, all, err);
	return 0;
}

static void check_suite(const struct loading *l, const struct oci_release *r, const char *dir, const char *suite)
{
	const char *last = strrchr(suite, '/') ? strrchr(suite, '/') + 1 : suite;

	if (!oci_streq(r->suite, suite) && !oci_streq(r->codename, suite) && !oci_streq(r->codename, last) &&
	    !oci_streq(r->suite, last) && (r->suite || r->codename))
		oci_warn(l->s->out, "%s: its Release is that of %s", dir, r->codename ? r->codename : r->suite);
}

static int want_suite(struct loading *l, const struct oci_os_repo *repo, const char *suite_text, struct oci_err **err)
{
	auto_free char *suite = oci_os_expand(l->s->os, l->s->arch, suite_text);
	auto_free char *below = oci_printf("dists/%s", suite);
	auto_free char *dir = oci_repo_url(l->url, below);
	auto_release struct oci_release r = { 0 };

	if (oci_apt_release_get(l->s->net, repo, dir, &r, err) < 0)
		return -1;
	check_suite(l, &r, dir, suite);
	for (size_t i = 0; i < repo->components.n; i++)
		if (want_component(l, repo, &r, dir, repo->components.v[i], err) < 0)
			return -1;
	return 0;
}

/* A flat repository: Release and Packages in one folder. */
static int want_flat(struct loading *l, const struct oci_os_repo *repo, struct oci_err **err)
{
	auto_free char *flat = oci_os_expand(l->s->os, l->s->arch, repo->flat);
	auto_free char *dir = oci_repo_url(l->url, oci_starts(flat, "./") ? flat + 2 : flat);
	auto_release struct oci_release r = { 0 };

	if (oci_apt_release_get(l->s->net, repo, dir, &r, err) < 0)
		return -1;
	/* Filename continues the repository's URL, but most flat ones mean the folder, and write "./" */
	return want_index(l, repo, &r, dir, dir, "Packages", err);
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

static void fetch_all(struct loading *l)
{
	auto_free struct oci_repo_get *gets = oci_calloc(l->wanted.n, sizeof(*gets));

	for (size_t i = 0; i < l->wanted.n; i++) {
		struct wanted *w = &l->wanted.v[i];

		w->cached = oci_path_exists(w->plain);
		gets[i] = (struct oci_repo_get){
			.url = w->url, .path = w->packed, .digest = w->digest, .size = w->size, .progress = w->shown
		};
	}
	size_t n = 0;
	auto_free struct oci_repo_get *missing = oci_calloc(l->wanted.n, sizeof(*missing));

	for (size_t i = 0; i < l->wanted.n; i++)
		if (!l->wanted.v[i].cached)
			missing[n++] = gets[i];
	oci_repo_get_files(l->s->net, missing, n);
	for (size_t i = 0; i < n; i++)
		if (missing[i].err)
			oci_failures_add_take(&l->failures, &silent, &missing[i].err);
}

static int unpack(const struct wanted *w, struct oci_err **err)
{
	const struct oci_repo_unpack u = { .packed = w->packed,
					   .what = w->shown,
					   .path = w->plain,
					   .digest = w->plain_digest,
					   .size = w->plain_size,
					   .max = w->plain_size == OCI_SIZE_UNKNOWN ? MAX_PLAIN : w->plain_size };
	int rc = oci_repo_cache_unpack(&u, err);

	remove(w->packed);
	return rc;
}

static int add(struct loading *l, struct wanted *w, struct oci_apt_index *ix, struct oci_err **err)
{
	struct oci_apt_file file = {
		.what = oci_strdup(w->shown), .base = oci_strdup(w->base), .repo = w->repo, .pin = w->pin
	};

	if ((!w->cached && unpack(w, err) < 0) || oci_apt_file_map(&file, w->plain, err) < 0) {
		oci_apt_file_clear(&file);
		return -1;
	}
	if (oci_apt_index_add(ix, &file, l->s->arch, err) == 0)
		return 0;
	/* the next run shall look at it anew */
	remove(w->plain);
	return -1;
}

static void add_all(struct loading *l, struct oci_apt_index *ix)
{
	for (size_t i = 0; i < l->wanted.n; i++) {
		struct oci_err *err = NULL;

		if (add(l, &l->wanted.v[i], ix, &err) < 0)
			oci_failures_add_take(&l->failures, &silent, &err);
	}
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
		fetch_all(&l);
	if (!l.failures.n)
		add_all(&l, ix);
	rc = oci_failures_end(&l.failures, l.wanted.n > l.repos ? l.wanted.n : l.repos, err);
	for (size_t i = 0; i < l.wanted.n; i++)
		wanted_clear(&l.wanted.v[i]);
	free(l.wanted.v);
	oci_failures_clear(&l.failures);
	return rc;
}
