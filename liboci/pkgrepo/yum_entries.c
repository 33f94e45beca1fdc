/* The entries of a closure's packages in filelists and other, as upstream has them. */
#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/out.h"
#include "base/path.h"
#include "base/stream.h"
#include "pkgrepo/rpm_file.h"
#include "pkgrepo/rpmmd_lists.h"
#include "pkgrepo/yum_int.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_TAKEN ((uint64_t)1 << 30)

static const char *const roots[] = { "filelists", "otherdata" };

/* Failures are told once, at the end. */
static const struct oci_out silent;

struct filling {
	struct oci_map wanted; /* pkgid -> struct oci_repo_pkg */
	bool other;	       /* other.xml, else filelists.xml */
	struct oci_repo_pkg *at;
};

static char **slot(const struct filling *f)
{
	return f->other ? &f->at->other : &f->at->files;
}

static bool on_package(void *ctx, const char *pkgid)
{
	struct filling *f = ctx;

	f->at = oci_map_get(&f->wanted, pkgid);
	return f->at && !*slot(f);
}

static void on_element(void *ctx, struct oci_slice element)
{
	*slot(ctx) = oci_slice_dup(element);
}

static int read_from(struct filling *f, struct oci_reader *r, const char *what, uint64_t max, struct oci_err **err)
{
	static const struct oci_rpm_list_events events = { .package = on_package, .element = on_element };

	return oci_rpm_list_read(r, what, roots[f->other], max, &events, f, err);
}

static bool is_full(struct filling *f)
{
	for (size_t i = 0; i < f->wanted.n; i++) {
		f->at = f->wanted.items[i].value;
		if (!*slot(f))
			return false;
	}
	return true;
}

/* What an earlier run took: the same request again need not look through all of a distribution's files. */
static void read_taken(struct filling *f, const char *path)
{
	auto_reader struct oci_reader r = { 0 };
	auto_err struct oci_err *err = NULL;

	if (!oci_path_exists(path))
		return;
	if (oci_reader_of_path(&r, path, &err) < 0 || read_from(f, &r, path, MAX_TAKEN, &err) < 0)
		remove(path);
}

static int keep_taken(struct filling *f, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };

	oci_buf_addf(&b, "<%s>\n", roots[f->other]);
	for (size_t i = 0; i < f->wanted.n; i++) {
		f->at = f->wanted.items[i].value;
		if (*slot(f))
			oci_buf_addf(&b, "%s\n", *slot(f));
	}
	oci_buf_addf(&b, "</%s>\n", roots[f->other]);
	return oci_file_replace(path, oci_buf_text(&b), b.len, err);
}

/* One list of a repository. */
static int fill_list(struct filling *f, const struct oci_repo_target *t, struct oci_yum_file *file,
		     struct oci_err **err)
{
	auto_free char *taken = oci_printf("%s.taken", file->plain);
	auto_reader struct oci_reader r = { 0 };

	read_taken(f, taken);
	if (is_full(f))
		return 0;
	if (oci_yum_files_get(t->net, &file, 1, err) < 0 || oci_yum_file_open(file, &r, err) < 0 ||
	    read_from(f, &r, file->url, oci_yum_file_max(file), err) < 0)
		return -1;
	return keep_taken(f, taken, err);
}

/* One repository's part of the closure. */
static int fill_from(const struct oci_repo_target *t, const struct oci_os_repo *repo, struct filling *f,
		     struct oci_err **err)
{
	static const char *const types[] = { "filelists", "other" };
	auto_yum_repo struct oci_yum_repo yum = { 0 };
	int rc = oci_yum_repo_open(t->net, t->os, t->arch, repo, &yum, err);

	for (size_t i = 0; i < OCI_COUNT(types) && rc == 0; i++) {
		const struct oci_repomd_data *data = oci_repomd_find(&yum.md, types[i]);
		struct oci_yum_file file = { 0 };

		if (!data)
			continue;
		oci_yum_file_init(&file, &yum, data, t->cache);
		f->other = i == 1;
		rc = fill_list(f, t, &file, err);
		oci_yum_file_clear(&file);
	}
	return rc;
}

static int fill_repo(const struct oci_repo_result *r, const struct oci_os_repo *repo, struct oci_err **err)
{
	struct filling f = { 0 };

	for (size_t i = 0; i < r->closure.n; i++) {
		struct oci_repo_pkg *p = &r->closure.v[i];

		if (p->repo == repo && !(p->files && p->other))
			*oci_map_at(&f.wanted, OCI_HEX(&p->digest)) = p;
	}
	int rc = f.wanted.n ? fill_from(r->target, repo, &f, err) : 0;

	oci_map_clear(&f.wanted);
	return rc;
}

static int fill_local(struct oci_repo_pkg *p, struct oci_err **err)
{
	auto_rpm_file struct oci_rpm_file f = { 0 };

	if (oci_rpm_file_read(p->local, "", &f, err) < 0)
		return -1;
	p->files = oci_steal(&f.filelists);
	p->other = oci_steal(&f.other);
	return 0;
}

int oci_yum_entries_fill(const struct oci_repo_result *r, struct oci_err **err)
{
	auto_failures struct oci_failures failures = { 0 };
	const struct oci_os *os = r->target->os;

	for (size_t i = 0; i < os->repos.n; i++) {
		struct oci_err *why = NULL;

		if (fill_repo(r, &os->repos.v[i], &why) < 0)
			oci_failures_add_take(&failures, &silent, &why);
	}
	for (size_t i = 0; i < r->closure.n; i++) {
		struct oci_err *why = NULL;

		if (r->closure.v[i].local && fill_local(&r->closure.v[i], &why) < 0)
			oci_failures_add_take(&failures, &silent, &why);
	}
	return oci_failures_end(&failures, os->repos.n, err);
}
