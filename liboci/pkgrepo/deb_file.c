#include "pkgrepo/deb_file.h"

#include "archive/inflate.h"
#include "archive/tar_read.h"
#include "base/out.h"
#include "digest/hasher.h"
#include "pkgrepo/apt_index.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/family.h"
#include "pkgrepo/want_cpu.h"

#include <stdlib.h>

#define MAX_CONTROL ((size_t)1 << 20)
#define LOCAL_PIN 1000 /* what was given by hand goes before the archive's */

static int read_control(struct oci_tar_read *tar, const char *path, struct oci_buf *out, struct oci_err **err)
{
	const void *data;
	size_t n;

	for (;;) {
		if (oci_tar_read_block(tar, &data, &n, err) < 0)
			return -1;
		if (!n)
			break;
		if (out->len + n > MAX_CONTROL)
			return oci_fail(err, OCI_BADINPUT, "%s: a control file of more than %zu bytes", path,
					MAX_CONTROL);
		oci_buf_add(out, data, n);
	}
	while (out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	oci_buf_addc(out, '\n');
	return 0;
}

/* ./control of control.tar.* */
static int find_control(struct oci_reader packed, const char *path, void *ctx, struct oci_err **err)
{
	auto_tar_read struct oci_tar_read *tar = NULL;
	const struct oci_tar_entry *e;
	struct oci_reader plain;
	int rc;

	if (oci_inflate_reader(packed, path, &plain, NULL, err) < 0 || oci_tar_read_open(&tar, plain, path, err) < 0)
		return -1;
	while ((rc = oci_tar_read_next(tar, &e, err)) > 0) {
		const char *name = oci_starts(e->path, "./") ? e->path + 2 : e->path;

		if (oci_streq(name, "control"))
			return read_control(tar, path, ctx, err);
	}
	return rc < 0 ? -1 : oci_fail(err, OCI_BADINPUT, "%s: holds no control file", path);
}

/* Hand the packed bytes of a .deb's "control.tar" or "data.tar", however they are packed, to read. */
static int read_member(const char *path, const char *member,
		       int (*read)(struct oci_reader packed_take, const char *path, void *ctx, struct oci_err **err),
		       void *ctx, struct oci_err **err)
{
	auto_tar_read struct oci_tar_read *ar = NULL;
	const struct oci_tar_entry *e;
	struct oci_reader file;
	int rc;

	if (oci_reader_of_path(&file, path, err) < 0 || oci_ar_read_open(&ar, file, path, err) < 0)
		return -1;
	while ((rc = oci_tar_read_next(ar, &e, err)) > 0)
		if (oci_starts(e->path, member))
			return read(oci_tar_read_data(ar), path, ctx, err);
	return rc < 0 ? -1 : oci_fail(err, OCI_BADINPUT, "%s: not a .deb: no %s in it", path, member);
}

struct looking {
	struct oci_apt_paths *paths;
	struct oci_slice package;
};

static int see_files(struct oci_reader packed, const char *path, void *ctx, struct oci_err **err)
{
	const struct looking *l = ctx;
	auto_tar_read struct oci_tar_read *tar = NULL;
	const struct oci_tar_entry *e;
	struct oci_reader plain;
	int rc;

	if (oci_inflate_reader(packed, path, &plain, NULL, err) < 0 || oci_tar_read_open(&tar, plain, path, err) < 0)
		return -1;
	while ((rc = oci_tar_read_next(tar, &e, err)) > 0)
		oci_apt_paths_see(l->paths, oci_slice(e->path), l->package);
	return rc;
}

int oci_deb_file_paths(const char *path, struct oci_slice package, struct oci_apt_paths *paths, struct oci_err **err)
{
	paths->listed = true;
	return read_member(path, "data.tar", see_files, &(struct looking){ paths, package }, err);
}

int oci_deb_file_check(const char *path, struct oci_slice stanza, struct oci_err **err)
{
	static const char *const fields[] = { "Package", "Version", "Architecture" };
	auto_buf struct oci_buf control = { 0 };

	if (read_member(path, "control.tar", find_control, &control, err) < 0)
		return -1;
	const struct oci_slice own = { oci_buf_text(&control), control.len };

	for (size_t i = 0; i < OCI_COUNT(fields); i++) {
		struct oci_slice is = oci_stanza_get(own, fields[i]), said = oci_stanza_get(stanza, fields[i]);

		if (!oci_slice_same(is, said))
			return oci_fail(err, OCI_BADINPUT, "%s: not what its list says: %s is %.*s, not %.*s", path,
					fields[i], (int)is.len, is.p, (int)said.len, said.p);
	}
	return 0;
}

int oci_deb_file_stanza(const char *path, struct oci_buf *out, struct oci_err **err)
{
	auto_free char *real = realpath(path, NULL);
	auto_buf struct oci_buf control = { 0 };
	struct oci_digest digest;
	uint64_t size;

	if (!real)
		return oci_fail_errno(err, "%s", path);
	if (read_member(path, "control.tar", find_control, &control, err) < 0 ||
	    oci_hash_file(OCI_SHA256, path, &digest, &size, err) < 0)
		return -1;
	oci_buf_add(out, control.data, control.len);
	oci_buf_addf(out, "Filename: %s\nSize: %llu\nSHA256: %s\n", real + 1, (unsigned long long)size,
		     OCI_HEX(&digest));
	return 0;
}

static void ask_for(const struct oci_apt_index *ix, size_t from, struct oci_wants *wants)
{
	for (size_t i = from; i < ix->pkgs.n; i++) {
		const struct oci_apt_pkg *p = &ix->pkgs.v[i];
		auto_free char *text =
			oci_printf("%.*s=%.*s", (int)p->name.len, p->name.p, (int)p->version.len, p->version.p);

		oci_wants_add(wants, text, "--with");
	}
}

static int add_local(const struct oci_repo_target *t, const char *path, struct oci_buf *text, struct oci_err **err)
{
	auto_buf struct oci_buf stanza = { 0 };

	if (oci_deb_file_stanza(path, &stanza, err) < 0)
		return oci_fail_in(err, "--with");
	auto_free char *cpu =
		oci_slice_dup(oci_stanza_get((struct oci_slice){ stanza.data, stanza.len }, "Architecture"));
	int ours = oci_want_cpu_local(OCI_OS_APT, path, cpu, t->arch, t->arches, err);

	if (ours <= 0)
		return ours;
	oci_buf_addf(text, "%s\n", stanza.data);
	oci_warn(t->out, "--with %s: not signed; it goes into a repository of its own, unsigned, whose lists alone are",
		 path);
	return 0;
}

int oci_deb_files_add(struct oci_apt_index *ix, const struct oci_repo_target *t, struct oci_wants *wants,
		      struct oci_err **err)
{
	const struct oci_strs *paths = t->with;
	struct oci_buf text = { 0 };
	size_t from = ix->pkgs.n;

	if (!paths || !paths->n)
		return 0;
	for (size_t i = 0; i < paths->n; i++) {
		if (oci_ends(paths->v[i], ".rpm"))
			continue; /* another system's */
		if (add_local(t, paths->v[i], &text, err) < 0) {
			oci_buf_clear(&text);
			return -1;
		}
	}
	struct oci_apt_file file = { .what = oci_strdup("--with"),
				     .base = oci_strdup("file:///"),
				     .pin = LOCAL_PIN,
				     .text = { oci_buf_text(&text), text.len },
				     .owned = text.data };

	if (oci_apt_index_add(ix, &file, t->arch, err) < 0)
		return -1;
	ask_for(ix, from, wants);
	return 0;
}
