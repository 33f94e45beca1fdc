/* Reading an apt repository back: is it whole, and can what it promises be installed from it alone? */
#include "archive/inflate.h"
#include "base/file.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/verify.h"
#include "digest/hasher.h"
#include "pkgrepo/apt_int.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/apt_release.h"
#include "pkgrepo/apt_solve.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_file.h"
#include "pkgrepo/pgp.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 30)

/* Failures are told once, at the end. */
static const struct oci_out silent;

struct proving {
	const struct oci_repo_place *place;
	const struct oci_repo_target *target;
	const char *release_dir; /* folder of Release */
	bool flat;
	struct oci_release release;
	bool has_release;
	struct oci_failures failures;
	size_t packages;
};

static int read_all(struct oci_reader *r, struct oci_buf *out, const char *what, struct oci_err **err)
{
	ssize_t n;

	do {
		oci_buf_reserve(out, 65536);
		n = oci_reader_read(r, out->data + out->len, 65536, err);
		if (n > 0)
			out->len += (size_t)n;
		if (out->len > MAX_TEXT)
			return oci_fail(err, OCI_BADINPUT, "%s: unpacks to more than %zu bytes", what, MAX_TEXT);
	} while (n > 0);
	if (out->data)
		out->data[out->len] = '\0';
	return n < 0 ? -1 : 0;
}

/* One list, checked against Release, unpacked. */
static int read_index(struct proving *p, const char *path, struct oci_buf *out, struct oci_err **err)
{
	auto_free char *full = oci_path_join(p->release_dir, path);
	const struct oci_release_file *f = p->has_release ? oci_release_find(&p->release, path) : NULL;
	struct oci_expect expect = { .what = full, .size = f ? f->size : OCI_SIZE_UNKNOWN };
	struct oci_reader file, plain;

	if (f)
		expect.digest = f->digest;
	if (oci_reader_of_path(&file, full, err) < 0)
		return -1;
	if (oci_inflate_reader(oci_verify_reader(file, &expect), full, &plain, NULL, err) < 0)
		return -1;
	int rc = read_all(&plain, out, full, err);

	oci_reader_close(&plain);
	return rc;
}

static int add_index(struct proving *p, const char *folder, const char *arch, struct oci_apt_index *ix, bool *found,
		     struct oci_err **err)
{
	static const char *const suffixes[] = { "", ".gz", ".xz", ".zst", ".bz2" };

	for (size_t i = 0; i < OCI_COUNT(suffixes); i++) {
		auto_free char *path = oci_printf("%sPackages%s", folder, suffixes[i]);
		auto_free char *full = oci_path_join(p->release_dir, path);
		struct oci_buf text = { 0 };

		if (!oci_path_exists(full))
			continue;
		if (read_index(p, path, &text, err) < 0) {
			oci_buf_clear(&text);
			return -1;
		}
		*found = true;
		return oci_apt_index_add(ix,
					 &(struct oci_apt_file){ .what = oci_steal(&full),
								 .base = oci_printf("file://%s", p->place->dir),
								 .pin = 500,
								 .text = { oci_buf_text(&text), text.len },
								 .owned = text.data },
					 arch, err);
	}
	return 0;
}

static char *file_of(const struct proving *p, const struct oci_apt_pkg *pkg, struct oci_err **err)
{
	auto_free char *name = oci_slice_dup(oci_stanza_get(pkg->text, "Filename"));
	const char *local = oci_starts(name, "./") ? name + 2 : name;

	if (oci_path_is_local(local))
		return oci_path_join(p->place->dir, local);
	oci_fail(err, OCI_BADINPUT, "Filename \"%s\" leaves the repository", name);
	return NULL;
}

/* The file of a stanza: there, and what it should be. */
static int check_package(struct proving *p, const struct oci_apt_pkg *pkg, struct oci_err **err)
{
	auto_free char *path = file_of(p, pkg, err);
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

		p->packages++;
		if (check_package(p, &ix->pkgs.v[i], &err) == 0)
			continue;
		oci_fail_in(&err, "%.*s", (int)ix->pkgs.v[i].name.len, ix->pkgs.v[i].name.p);
		oci_failures_add_take(&p->failures, &silent, &err);
	}
}

/* Nothing named: every package shall be installable. */
static void want_all(const struct oci_apt_index *ix, struct oci_wants *wants)
{
	for (size_t i = 0; i < ix->pkgs.n; i++) {
		const struct oci_apt_pkg *p = &ix->pkgs.v[i];
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
		auto_free char *path = file_of(p, &ix->pkgs.v[i], err);

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
	if (!t.wants->n)
		want_all(ix, &all);
	if (find_paths(p, ix, &paths, err) < 0)
		return -1;
	ix->paths = &paths;
	int rc = oci_apt_solve_index(&t, t.wants->n ? t.wants : &all, ix, &closure, NULL, NULL, err);

	ix->paths = NULL;
	oci_repo_closure_clear(&closure);
	return rc < 0 ? oci_fail_in(err, "%s, %s", p->release_dir, arch) : 0;
}

struct folders {
	struct proving *p;
	const char *arch;
	struct oci_apt_index *ix;
	bool found;
};

/* A component's folder below that of Release. */
static int add_component(void *ctx, const char *name, struct oci_err **err)
{
	struct folders *f = ctx;
	auto_free char *folder = oci_printf("%s/binary-%s/", name, f->arch);
	auto_free char *all = oci_printf("%s/binary-all/", name);

	if (add_index(f->p, folder, f->arch, f->ix, &f->found, err) < 0)
		return -1;
	return add_index(f->p, all, f->arch, f->ix, &(bool){ false }, err);
}

static int prove_arch(struct proving *p, const char *arch, struct oci_err **err)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	struct folders f = { p, arch, &ix, false };

	if (p->flat ? add_index(p, "", arch, &ix, &f.found, err) < 0
		    : oci_path_each(p->release_dir, add_component, &f, err) < 0)
		return -1;
	if (!f.found)
		return oci_fail(err, OCI_NOTFOUND, "%s: no packages for %s", p->release_dir, arch);
	check_packages(p, &ix);
	return solve_again(p, arch, &ix, err);
}

/* The CPUs that a flat list holds packages of; one that fits all when there are no others. */
static int flat_arches(struct proving *p, struct oci_strs *arches, struct oci_err **err)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	bool found = false;

	if (add_index(p, "", NULL, &ix, &found, err) < 0)
		return -1;
	for (size_t i = 0; i < ix.pkgs.n; i++) {
		auto_free char *arch = oci_slice_dup(oci_stanza_get(ix.pkgs.v[i].text, "Architecture"));

		if (!oci_streq(arch, "all") && !oci_strs_has(arches, arch))
			oci_strs_add(arches, arch);
	}
	if (!arches->n)
		oci_strs_add(arches, "amd64");
	return 0;
}

static int note_arch(void *ctx, const char *name, struct oci_err **err)
{
	struct oci_strs *arches = ctx;
	const char *arch = name + strlen("binary-");

	(void)err;
	if (oci_starts(name, "binary-") && !oci_streq(arch, "all") && !oci_strs_has(arches, arch))
		oci_strs_add(arches, arch);
	return 0;
}

struct components {
	const char *dir;
	struct oci_strs *arches;
};

static int note_arches(void *ctx, const char *name, struct oci_err **err)
{
	const struct components *c = ctx;
	auto_free char *dir = oci_path_join(c->dir, name);

	return oci_path_is_dir(dir) ? oci_path_each(dir, note_arch, c->arches, err) : 0;
}

/* What is there: a copy of a large archive holds few of the CPUs that its Release names. */
static int list_arches(struct proving *p, struct oci_strs *arches, struct oci_err **err)
{
	int rc = p->flat ? flat_arches(p, arches, err)
			 : oci_path_each(p->release_dir, note_arches, &(struct components){ p->release_dir, arches },
					 err);

	if (rc == 0 && !arches->n)
		return oci_fail(err, OCI_NOTFOUND, "%s: no packages here", p->release_dir);
	oci_strs_sort(arches);
	return rc;
}

static void prove_arches(struct proving *p, const char *arch)
{
	auto_strs struct oci_strs arches = { 0 };
	struct oci_err *err = NULL;

	if (arch)
		oci_strs_add(&arches, arch);
	else if (list_arches(p, &arches, &err) < 0)
		oci_failures_add_take(&p->failures, &silent, &err);
	for (size_t i = 0; i < arches.n; i++)
		if (prove_arch(p, arches.v[i], &err) < 0)
			oci_failures_add_take(&p->failures, &silent, &err);
}

static int prove_suite(const struct oci_repo_place *place, const char *release_dir, bool flat, const char *arch,
		       const struct oci_repo_target *t, struct oci_err **err)
{
	struct proving p = { .place = place, .target = t, .release_dir = release_dir, .flat = flat };
	int rc = oci_apt_release_local(place, release_dir, &p.release, &p.has_release, err);

	if (rc == 0) {
		prove_arches(&p, arch);
		rc = oci_failures_end(&p.failures, p.failures.n, err);
	}
	oci_failures_clear(&p.failures);
	oci_release_clear(&p.release);
	return rc;
}

struct suites {
	const struct oci_repo_place *place;
	const char *dists, *arch;
	const struct oci_repo_target *t;
};

static int prove_one(void *ctx, const char *name, struct oci_err **err)
{
	struct suites *s = ctx;
	auto_free char *dir = oci_path_join(s->dists, name);

	if (!oci_path_is_dir(dir))
		return 0;
	return prove_suite(s->place, dir, false, s->arch, s->t, err);
}

int oci_apt_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		  struct oci_err **err)
{
	auto_free char *dists = oci_path_join(place->dir, "dists");

	if (!oci_path_is_dir(dists))
		return prove_suite(place, place->dir, true, arch, t, err);
	if (place->os) /* just written: its own suite only */
		return prove_one(&(struct suites){ place, dists, arch, t }, place->os->codename, err);
	return oci_path_each(dists, prove_one, &(struct suites){ place, dists, arch, t }, err);
}

/* A folder "Packages" is where many rpm repositories keep theirs. */
bool oci_apt_is_repo(const char *dir)
{
	static const char *const lists[] = { "Packages", "Packages.gz", "Packages.xz" };
	auto_free char *dists = oci_path_join(dir, "dists");
	bool found = oci_path_exists(dists);

	for (size_t i = 0; i < OCI_COUNT(lists); i++) {
		auto_free char *path = oci_path_join(dir, lists[i]);

		found |= oci_path_exists(path) && !oci_path_is_dir(path);
	}
	return found;
}
