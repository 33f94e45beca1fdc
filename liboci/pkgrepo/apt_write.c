/* Writing an apt repository: Packages, Release, InRelease.
 * https://wiki.debian.org/DebianRepository/Format */
#include "archive/pack.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/path.h"
#include "digest/digest.h"
#include "pkgrepo/apt_int.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_file.h"
#include "pkgrepo/pgp.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 30)

struct written {
	char *path; /* below the folder of the Release file */
	struct oci_buf data;
};

struct writing {
	const struct oci_repo_place *place;
	char *dir; /* of the Release file */
	bool flat;
	bool apart; /* the repository of local packages */
	OCI_VEC(struct written) files;
	struct oci_strs arches;
};

static void writing_clear(struct writing *w)
{
	for (size_t i = 0; i < w->files.n; i++) {
		free(w->files.v[i].path);
		oci_buf_clear(&w->files.v[i].data);
	}
	free(w->files.v);
	free(w->dir);
	oci_strs_clear(&w->arches);
}

/* The stanza as upstream has it, but for where the file lies. */
static void add_stanza(const struct oci_repo_pkg *p, bool flat, struct oci_buf *out)
{
	const char *path = p->apart ? p->path + strlen(OCI_REPO_APART "/") : p->path;
	struct oci_slice rest = oci_slice(p->stanza);
	struct oci_field822 f;

	if (out->len)
		oci_buf_addc(out, '\n');
	while (oci_stanza_field(&rest, &f)) {
		if (oci_field_is(f.name, "Filename")) {
			oci_buf_addf(out, "Filename: %s%s\n", flat ? "./" : "", path);
			continue;
		}
		oci_buf_add(out, f.whole.p, f.whole.len);
		if (f.whole.len && f.whole.p[f.whole.len - 1] != '\n')
			oci_buf_addc(out, '\n');
	}
}

static struct oci_buf *add_file(struct writing *w, char *path_take)
{
	struct written *f = oci_vec_push(&w->files);

	f->path = path_take;
	return &f->data;
}

/* Packages, Packages.gz and Packages.xz. */
static int add_index(struct writing *w, const char *folder, struct oci_buf *text, struct oci_err **err)
{
	static const struct {
		const char *suffix;
		enum oci_packing packing;
	} packed[] = { { ".gz", OCI_PACKING_GZIP }, { ".xz", OCI_PACKING_XZ } };

	for (size_t i = 0; i < OCI_COUNT(packed); i++) {
		struct oci_buf *to = add_file(w, oci_printf("%sPackages%s", folder, packed[i].suffix));

		if (oci_pack(packed[i].packing, oci_buf_text(text), text->len, to, err) < 0)
			return -1;
	}
	*add_file(w, oci_printf("%sPackages", folder)) = *text;
	*text = (struct oci_buf){ 0 };
	return 0;
}

static int write_arch(struct writing *w, const struct oci_repo_result *r, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	auto_free char *folder = oci_printf("main/binary-%s/", r->target->arch);

	for (size_t i = 0; i < r->closure.n; i++)
		if (r->closure.v[i].apart == w->apart)
			add_stanza(&r->closure.v[i], false, &text);
	oci_strs_add(&w->arches, r->target->arch);
	return add_index(w, folder, &text, err);
}

static int by_stanza(const void *a, const void *b)
{
	const struct oci_repo_pkg *const *x = a, *const *y = b;

	int d = strcmp((*x)->path, (*y)->path);

	return d ? d : ((*y)->size > 0) - ((*x)->size > 0); /* this run's own before what is kept */
}

static void keep_stanza(struct oci_slice stanza, struct oci_repo_closure *kept)
{
	*oci_vec_push(kept) = (struct oci_repo_pkg){ .arch = oci_slice_dup(oci_stanza_get(stanza, "Architecture")),
						     .path = oci_slice_dup(oci_apt_stanza_path(stanza)),
						     .stanza = oci_slice_dup(stanza) };
}

/* A flat list of an earlier run: its other CPUs stay, and with them what fits all, as nobody can tell whose it is. */
static int keep_flat(struct writing *w, struct oci_repo_closure *kept, struct oci_err **err)
{
	auto_free char *path = oci_path_join(w->dir, "Packages");
	auto_strs struct oci_strs others = { 0 };
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, stanza;

	if (!oci_path_exists(path))
		return 0;
	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	for (rest = (struct oci_slice){ oci_buf_text(&text), text.len }; oci_stanza_next(&rest, &stanza);) {
		auto_free char *arch = oci_slice_dup(oci_stanza_get(stanza, "Architecture"));

		if (oci_strs_has(&w->arches, arch))
			continue;
		keep_stanza(stanza, kept);
		if (!oci_streq(arch, "all") && !oci_strs_has(&others, arch))
			oci_strs_add(&others, arch);
	}
	for (size_t i = 0; i < others.n; i++)
		oci_strs_add(&w->arches, others.v[i]);
	if (!others.n)
		oci_repo_closure_clear(kept);
	return 0;
}

/* All CPUs in one list, what they share once. */
static void join_flat(const struct oci_repo_pkg **all, size_t n, struct oci_buf *text)
{
	qsort(all, n, sizeof(*all), by_stanza);
	for (size_t i = 0; i < n; i++)
		if (!i || !oci_streq(all[i]->path, all[i - 1]->path))
			add_stanza(all[i], true, text);
}

static int write_flat(struct writing *w, const struct oci_repo_result *results, size_t n, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_repo_closure kept = { 0 };
	OCI_VEC(const struct oci_repo_pkg *) all = { 0 };

	for (size_t i = 0; i < n; i++) {
		oci_strs_add(&w->arches, results[i].target->arch);
		for (size_t k = 0; k < results[i].closure.n; k++)
			if (results[i].closure.v[k].apart == w->apart)
				*oci_vec_push(&all) = &results[i].closure.v[k];
	}
	int rc = keep_flat(w, &kept, err);

	for (size_t i = 0; i < kept.n; i++)
		*oci_vec_push(&all) = &kept.v[i];
	if (all.n)
		join_flat(all.v, all.n, &text);
	free(all.v);
	oci_repo_closure_clear(&kept);
	return rc < 0 ? -1 : add_index(w, "", &text, err);
}

struct keeping {
	struct writing *w;
	const char *main; /* folder of the component */
};

/* A CPU of an earlier run: its lists stay as they are. */
static int keep_arch(void *ctx, const char *name, struct oci_err **err)
{
	struct keeping *k = ctx;
	const char *arch = name + strlen("binary-");
	static const char *const suffixes[] = { "", ".gz", ".xz" };

	if (!oci_starts(name, "binary-") || oci_strs_has(&k->w->arches, arch))
		return 0;
	for (size_t i = 0; i < OCI_COUNT(suffixes); i++) {
		auto_free char *path = oci_printf("%s/%s/Packages%s", k->main, name, suffixes[i]);

		if (oci_path_exists(path) &&
		    oci_file_read(path, MAX_TEXT, add_file(k->w, oci_printf("main/%s/Packages%s", name, suffixes[i])),
				  err) < 0)
			return -1;
	}
	oci_strs_add(&k->w->arches, arch);
	return 0;
}

static int keep_others(struct writing *w, struct oci_err **err)
{
	auto_free char *main = oci_path_join(w->dir, "main");

	if (w->flat || !oci_path_is_dir(main))
		return 0;
	return oci_path_each(main, keep_arch, &(struct keeping){ w, main }, err);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct written *)a)->path, ((const struct written *)b)->path);
}

static void print_release(struct writing *w, struct oci_buf *out)
{
	auto_free char *date = oci_date_rfc2822(w->place->date);
	const struct oci_os *os = w->place->os;

	if (w->files.n)
		qsort(w->files.v, w->files.n, sizeof(*w->files.v), by_path);
	oci_strs_sort(&w->arches);
	oci_buf_addf(out, "Origin: kubecrate\nLabel: %s\n", os->name);
	if (!w->flat)
		oci_buf_addf(out, "Suite: %s\nCodename: %s\n", os->codename, os->codename);
	oci_buf_addf(out, "Date: %s\nArchitectures:", date);
	for (size_t i = 0; i < w->arches.n; i++)
		oci_buf_addf(out, " %s", w->arches.v[i]);
	oci_buf_addf(out, "\n%sDescription: packages for %s with all that they need\nSHA256:\n",
		     w->flat ? "" : "Components: main\n", os->name);
	for (size_t i = 0; i < w->files.n; i++) {
		struct oci_digest d;

		oci_digest_of(oci_buf_text(&w->files.v[i].data), w->files.v[i].data.len, &d);
		oci_buf_addf(out, " %s %zu %s\n", OCI_HEX(&d), w->files.v[i].data.len, w->files.v[i].path);
	}
}

static int add_release(struct writing *w, struct oci_err **err)
{
	auto_buf struct oci_buf release = { 0 }, signed_text = { 0 };

	print_release(w, &release);
	if (w->place->signer &&
	    oci_signer_clear(w->place->signer, (struct oci_slice){ oci_buf_text(&release), release.len }, &signed_text,
			     err) < 0)
		return -1;
	*add_file(w, oci_strdup("Release")) = release;
	release = (struct oci_buf){ 0 };
	if (w->place->signer) {
		*add_file(w, oci_strdup("InRelease")) = signed_text;
		signed_text = (struct oci_buf){ 0 };
	}
	return 0;
}

/* Lists first, then what vouches for them. */
static int put_files(struct writing *w, struct oci_err **err)
{
	for (size_t i = 0; i < w->files.n; i++) {
		auto_free char *path = oci_path_join(w->dir, w->files.v[i].path);
		const struct oci_buf *data = &w->files.v[i].data;
		bool vouches = oci_ends(path, "Release");

		if (oci_path_mkdirs_for(path, err) < 0 ||
		    (vouches ? oci_file_vouch : oci_file_replace)(path, oci_buf_text(data), data->len, err) < 0)
			return -1;
	}
	return 0;
}

/* A list may name one package and hold the hash of another. */
static int check_files(const struct oci_repo_place *place, const struct oci_repo_result *r, struct oci_err **err)
{
	for (size_t i = 0; i < r->closure.n; i++) {
		const struct oci_repo_pkg *p = &r->closure.v[i];
		auto_free char *path = oci_path_join(place->dir, p->path);

		if (oci_deb_file_check(path, oci_slice(p->stanza), err) < 0)
			return oci_fail_in(err, "%s %s", p->name, p->version);
	}
	return 0;
}

static int write_repo(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n, bool apart,
		      struct oci_err **err)
{
	OCI_AUTO(writing_clear) struct writing w = { .place = place, .apart = apart };
	auto_free char *root = apart ? oci_path_join(place->dir, OCI_REPO_APART) : oci_strdup(place->dir);

	w.flat = oci_streq(place->os->layout, "flat");
	w.dir = w.flat ? oci_steal(&root) : oci_printf("%s/dists/%s", root, place->os->codename);
	if (w.flat && write_flat(&w, results, n, err) < 0)
		return -1;
	for (size_t i = 0; i < n && !w.flat; i++)
		if (write_arch(&w, &results[i], err) < 0)
			return -1;
	if (keep_others(&w, err) < 0 || add_release(&w, err) < 0)
		return -1;
	return put_files(&w, err);
}

int oci_apt_write(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		  struct oci_err **err)
{
	for (size_t i = 0; i < n; i++)
		if (check_files(place, &results[i], err) < 0)
			return -1;
	if (oci_repo_needs_apart(place, results, n) && write_repo(place, results, n, true, err) < 0)
		return -1;
	return write_repo(place, results, n, false, err);
}
