/* Reading an apt repository back: is it whole, and can what it promises be installed from it alone? */
#include "base/file.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/verify.h"
#include "digest/hasher.h"
#include "pkgrepo/apt_int.h"
#include "pkgrepo/apt_local.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/apt_solve.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_file.h"

#include <stdlib.h>
#include <string.h>

/* Failures are told once, at the end. */
static const struct oci_out silent;

struct proving {
	const struct oci_repo_place *place;
	const struct oci_repo_target *target;
	struct oci_apt_local parts[2]; /* the repository, and the one of local packages that stands below it */
	size_t n_parts;
	struct oci_failures failures;
};

static void proving_clear(struct proving *p)
{
	for (size_t i = 0; i < p->n_parts; i++)
		oci_apt_local_clear(&p->parts[i]);
	oci_failures_clear(&p->failures);
}

static char *file_of(const struct oci_apt_index *ix, const struct oci_apt_pkg *pkg, struct oci_err **err)
{
	auto_free char *name = oci_slice_dup(oci_apt_stanza_path(pkg->text));

	if (oci_path_is_local(name))
		return oci_path_join(ix->files.v[pkg->file].base, name);
	oci_fail(err, OCI_BADINPUT, "Filename \"%s\" leaves the repository", name);
	return NULL;
}

/* The file of a stanza: there, and what it should be. */
static int check_package(const struct proving *p, const struct oci_apt_index *ix, const struct oci_apt_pkg *pkg,
			 struct oci_err **err)
{
	auto_free char *path = file_of(ix, pkg, err);
	struct oci_digest want, got;
	uint64_t size, real;

	if (!path || oci_apt_stanza_sum(pkg->text, &want, &size, err) < 0 ||
	    oci_hash_file(want.algorithm, path, &got, &real, err) < 0 ||
	    oci_verify(&(struct oci_expect){ .what = path, .digest = want, .size = size }, &got, real, err) < 0)
		return -1;
	/* what was just written was looked into before */
	return p->place->os ? 0 : oci_deb_file_check(path, pkg->text, err);
}

static void check_packages(struct proving *p, const struct oci_apt_index *ix)
{
	for (size_t i = 0; i < ix->pkgs.n; i++) {
		struct oci_err *err = NULL;

		if (check_package(p, ix, &ix->pkgs.v[i], &err) == 0)
			continue;
		oci_fail_in(&err, "%.*s", (int)ix->pkgs.v[i].name.len, ix->pkgs.v[i].name.p);
		oci_failures_add_take(&p->failures, &silent, &err);
	}
}

/* Every package of a part; NULL: of all. */
static void want_all(const struct oci_apt_index *ix, const struct oci_apt_local *part, struct oci_wants *wants)
{
	for (size_t i = 0; i < ix->pkgs.n; i++) {
		const struct oci_apt_pkg *p = &ix->pkgs.v[i];

		if (part && !oci_streq(ix->files.v[p->file].base, part->root))
			continue;
		auto_free char *text =
			oci_printf("%.*s=%.*s", (int)p->name.len, p->name.p, (int)p->version.len, p->version.p);

		oci_wants_add(wants, text, "repository");
	}
}

/* Our lists do not name files, and nor do most people's: the packages do. */
static int find_paths(const struct proving *p, const struct oci_apt_index *ix, struct oci_apt_paths *paths,
		      struct oci_err **err)
{
	oci_apt_paths_want(paths, p->target->wants);
	for (size_t i = 0; i < ix->pkgs.n && oci_apt_paths_left(paths); i++) {
		auto_free char *path = file_of(ix, &ix->pkgs.v[i], err);

		if (!path || oci_deb_file_paths(path, ix->pkgs.v[i].name, paths, err) < 0)
			return -1;
	}
	oci_apt_paths_settle(paths, &silent);
	return 0;
}

static int solve_again(struct proving *p, const char *arch, struct oci_apt_index *ix, struct oci_err **err)
{
	auto_wants struct oci_wants all = { 0 };
	auto_apt_paths struct oci_apt_paths paths = { 0 };
	struct oci_repo_target t = *p->target;
	struct oci_repo_closure closure = { 0 };

	t.arch = arch;
	/* nothing named: each package shall be installable; of what was just written, local packages beside the names
	 */
	for (size_t i = 0; i < t.wants->n; i++)
		oci_wants_add(&all, t.wants->v[i].text, t.wants->v[i].where);
	if (!t.wants->n)
		want_all(ix, NULL, &all);
	else if (p->place->os && p->n_parts > 1)
		want_all(ix, &p->parts[1], &all);
	if (find_paths(p, ix, &paths, err) < 0)
		return -1;
	ix->paths = &paths;
	int rc = oci_apt_solve_index(&t, &all, ix, &closure, NULL, NULL, err);

	ix->paths = NULL;
	oci_repo_closure_clear(&closure);
	return rc < 0 ? oci_fail_in(err, "%s, %s", p->parts[0].release_dir, arch) : 0;
}

static int prove_arch(struct proving *p, const char *arch, struct oci_err **err)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	bool found = false, more;

	for (size_t i = 0; i < p->n_parts; i++)
		if (oci_apt_local_add(&p->parts[i], arch, &ix, i ? &more : &found, err) < 0)
			return -1;
	if (!found)
		return oci_fail(err, OCI_NOTFOUND, "%s: no packages for %s", p->parts[0].release_dir, arch);
	if (p->place->proved)
		oci_strs_add(p->place->proved, arch);
	check_packages(p, &ix);
	return solve_again(p, arch, &ix, err);
}

static void prove_arches(struct proving *p, const char *arch)
{
	auto_strs struct oci_strs arches = { 0 };
	struct oci_err *err = NULL;

	if (arch)
		oci_strs_add(&arches, arch);
	else if (oci_apt_local_arches(&p->parts[0], &arches, &err) < 0)
		oci_failures_add_take(&p->failures, &silent, &err);
	for (size_t i = 0; i < arches.n; i++)
		if (prove_arch(p, arches.v[i], &err) < 0)
			oci_failures_add_take(&p->failures, &silent, &err);
}

static int open_parts(struct proving *p, const char *suite, struct oci_err **err)
{
	auto_free char *apart = oci_path_join(p->place->dir, OCI_REPO_APART);
	auto_free char *dists = oci_printf("%s/dists/%s", apart, suite ? suite : "");
	auto_free char *flat = oci_path_join(apart, "Packages");

	if (oci_apt_local_open(&p->parts[p->n_parts++], p->place, p->place->dir, suite, err) < 0)
		return -1;
	if (!(suite ? oci_path_is_dir(dists) : oci_path_exists(flat)))
		return 0;
	return oci_apt_local_open(&p->parts[p->n_parts++], p->place, apart, suite, err);
}

/* suite: NULL for a flat repository */
static int prove_suite(const struct oci_repo_place *place, const char *suite, const char *arch,
		       const struct oci_repo_target *t, struct oci_err **err)
{
	OCI_AUTO(proving_clear) struct proving p = { .place = place, .target = t };

	if (open_parts(&p, suite, err) < 0)
		return -1;
	prove_arches(&p, arch);
	return oci_failures_end(&p.failures, p.failures.n, err);
}

struct suites {
	const struct oci_repo_place *place;
	const char *dists, *arch;
	const struct oci_repo_target *t;
};

static int prove_one(void *ctx, const char *name, struct oci_err **err)
{
	const struct suites *s = ctx;
	auto_free char *dir = oci_path_join(s->dists, name);

	return oci_path_is_dir(dir) ? prove_suite(s->place, name, s->arch, s->t, err) : 0;
}

int oci_apt_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		  struct oci_err **err)
{
	auto_free char *dists = oci_path_join(place->dir, "dists");
	struct suites s = { place, dists, arch, t };

	if (!oci_path_is_dir(dists))
		return prove_suite(place, NULL, arch, t, err);
	/* just written: its own suite only */
	return place->os ? prove_one(&s, place->os->codename, err) : oci_path_each(dists, prove_one, &s, err);
}
