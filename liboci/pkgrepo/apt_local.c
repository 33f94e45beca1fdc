/* Lists of an apt repository on disk. */
#include "pkgrepo/apt_local.h"

#include "archive/inflate.h"
#include "base/buf.h"
#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/apt_int.h"
#include "pkgrepo/deb822.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 30)

/* A folder "Packages" is where many rpm repositories keep theirs. */
bool oci_apt_is_repo(const char *dir)
{
	auto_free char *dists = oci_path_join(dir, "dists");
	bool found = oci_path_exists(dists);

	for (size_t i = 0; i < OCI_COUNT(oci_release_packings) && !found; i++) {
		auto_free char *path = oci_printf("%s/Packages%s", dir, oci_release_packings[i]);

		found = oci_path_exists(path) && !oci_path_is_dir(path);
	}
	return found;
}

int oci_apt_local_open(struct oci_apt_local *l, const struct oci_repo_place *place, const char *root, const char *suite,
		       struct oci_err **err)
{
	*l = (struct oci_apt_local){ .root = oci_strdup(root), .flat = !suite };
	l->release_dir = suite ? oci_printf("%s/dists/%s", root, suite) : oci_strdup(root);
	return oci_apt_release_local(place, l->release_dir, &l->release, &l->has_release, err);
}

void oci_apt_local_clear(struct oci_apt_local *l)
{
	free(l->root);
	free(l->release_dir);
	oci_release_clear(&l->release);
	*l = (struct oci_apt_local){ 0 };
}

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
static int read_index(const struct oci_apt_local *l, const char *path, struct oci_buf *out, struct oci_err **err)
{
	auto_free char *full = oci_path_join(l->release_dir, path);
	const struct oci_release_file *f = l->has_release ? oci_release_find(&l->release, path) : NULL;
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

static int add_index(const struct oci_apt_local *l, const char *folder, const char *arch, struct oci_apt_index *ix,
		     bool *found, struct oci_err **err)
{
	for (size_t i = 0; i < OCI_COUNT(oci_release_packings); i++) {
		auto_free char *path = oci_printf("%sPackages%s", folder, oci_release_packings[i]);
		auto_free char *full = oci_path_join(l->release_dir, path);
		struct oci_buf text = { 0 };

		if (!oci_path_exists(full))
			continue;
		if (read_index(l, path, &text, err) < 0) {
			oci_buf_clear(&text);
			return -1;
		}
		*found = true;
		return oci_apt_index_add(ix,
					 &(struct oci_apt_file){ .what = oci_steal(&full),
								 .base = oci_strdup(l->root),
								 .pin = 500,
								 .text = { oci_buf_text(&text), text.len },
								 .owned = text.data },
					 arch, err);
	}
	return 0;
}

struct folders {
	const struct oci_apt_local *l;
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

	if (add_index(f->l, folder, f->arch, f->ix, &f->found, err) < 0)
		return -1;
	return add_index(f->l, all, f->arch, f->ix, &(bool){ false }, err);
}

int oci_apt_local_add(const struct oci_apt_local *l, const char *arch, struct oci_apt_index *ix, bool *found,
		      struct oci_err **err)
{
	struct folders f = { l, arch, ix, false };
	int rc = l->flat ? add_index(l, "", arch, ix, &f.found, err)
			 : oci_path_each(l->release_dir, add_component, &f, err);

	*found = f.found;
	return rc;
}

/* The CPUs that a flat list holds packages of; one that fits all when there are no others. */
static int flat_arches(const struct oci_apt_local *l, struct oci_strs *arches, struct oci_err **err)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	bool found = false;

	if (add_index(l, "", NULL, &ix, &found, err) < 0)
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
int oci_apt_local_arches(const struct oci_apt_local *l, struct oci_strs *arches, struct oci_err **err)
{
	int rc = l->flat ? flat_arches(l, arches, err)
			 : oci_path_each(l->release_dir, note_arches, &(struct components){ l->release_dir, arches },
					 err);

	if (rc == 0 && !arches->n)
		return oci_fail(err, OCI_NOTFOUND, "%s: no packages here", l->release_dir);
	oci_strs_sort(arches);
	return rc;
}
