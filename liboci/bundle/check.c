#include "bundle/check.h"

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "bundle/folder.h"
#include "bundle/hash_files.h"
#include "bundle/seal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct check_run {
	struct oci_check *c;
	struct oci_map known; /* links that a seal names, and the seals */
	OCI_VEC(struct oci_seal) seals;
};

static void run_clear(struct check_run *r)
{
	for (size_t i = 0; i < r->seals.n; i++)
		oci_seal_clear(&r->seals.v[i]);
	free(r->seals.v);
	oci_map_clear(&r->known);
}

static void report(const struct check_run *r, const char *finding, const char *path, uint64_t *count)
{
	++*count;
	oci_say(r->c->out, OCI_TEXT("state", finding), OCI_TEXT("path", path));
}

/* The sums of a seal whose JSON is damaged or gone, which is a finding like any other: the sums name it. */
static int take_sums(const char *path, struct oci_sums *sums, struct oci_seal *out, struct oci_err **err)
{
	for (size_t i = 0; i < sums->n; i++)
		if (!oci_path_is_local(sums->v[i].path))
			return oci_fail(err, OCI_BADINPUT, "%s: \"%s\" is no path inside of the package", path,
					sums->v[i].path);
	oci_sums_sort(sums);
	out->sums = *sums;
	*sums = (struct oci_sums){ 0 };
	return 0;
}

static int load_seal(void *ctx, const char *name, struct oci_err **err)
{
	struct check_run *r = ctx;
	auto_free char *json = oci_seal_json_path(name), *sums = oci_seal_sums_path(name);
	auto_free char *json_path = oci_path_join(r->c->dir, json), *sums_path = oci_path_join(r->c->dir, sums);
	auto_buf struct oci_buf json_text = { 0 };
	auto_sums struct oci_sums all = { 0 };
	struct oci_seal seal = { 0 };

	oci_map_add(&r->known, sums, r);
	if (oci_sums_load(sums_path, OCI_SEAL_MAX, &all, err) < 0)
		return -1;
	if ((oci_file_read(json_path, OCI_SEAL_MAX, &json_text, NULL) < 0 ||
	     oci_seal_parse(name, &json_text, &all, &seal, NULL) < 0) &&
	    take_sums(sums_path, &all, &seal, err) < 0)
		return -1;
	*oci_vec_push(&r->seals) = seal;
	return 0;
}

static void check_link(struct check_run *r, const struct oci_pair *link)
{
	auto_free char *path = oci_path_join(r->c->dir, link->key);
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	oci_map_add(&r->known, link->key, r);
	if (n < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			report(r, "missing", link->key, &r->c->missing);
		else
			report(r, "changed", link->key, &r->c->changed);
		return;
	}
	target[n] = '\0';
	if (!oci_streq(target, link->value))
		report(r, "changed", link->key, &r->c->changed);
}

static void check_folder(struct check_run *r, const char *name)
{
	auto_free char *path = oci_path_join(r->c->dir, name);

	if (!oci_path_exists(path))
		report(r, "missing", name, &r->c->missing);
	else if (!oci_path_is_dir(path))
		report(r, "changed", name, &r->c->changed);
}

static void judge(struct check_run *r, const struct oci_sum *sum, struct oci_hash_file *f)
{
	if (oci_err_code(f->err) == OCI_NOTFOUND)
		report(r, "missing", sum->path, &r->c->missing);
	else if (f->err || !oci_digest_same(&f->digest, &sum->digest))
		report(r, "changed", sum->path, &r->c->changed);
	else
		r->c->files++, r->c->bytes += f->size;
	if (f->err && oci_err_code(f->err) != OCI_NOTFOUND)
		oci_warn(r->c->out, "%s", oci_err_text(f->err));
	oci_err_clear(&f->err);
}

/* The files of all seals in one batch, so that all threads have something to do until the end. */
static void check_files(struct check_run *r)
{
	size_t total = 0, n = 0;

	for (size_t i = 0; i < r->seals.n; i++)
		total += r->seals.v[i].sums.n;
	auto_free struct oci_hash_file *files = oci_calloc(total, sizeof(*files));
	auto_free const struct oci_sum **sums = oci_calloc(total, sizeof(*sums));

	for (size_t i = 0; i < r->seals.n; i++)
		for (size_t k = 0; k < r->seals.v[i].sums.n; k++, n++) {
			sums[n] = &r->seals.v[i].sums.v[k];
			files[n].path = sums[n]->path;
		}
	oci_hash_files(r->c->dir, files, n, r->c->jobs, r->c->out);
	for (size_t i = 0; i < n; i++)
		judge(r, sums[i], &files[i]);
}

static bool is_known(const struct check_run *r, const char *path)
{
	for (size_t i = 0; i < r->seals.n; i++)
		if (oci_sums_find(&r->seals.v[i].sums, path))
			return true;
	return oci_map_has(&r->known, path);
}

static int find_extra(void *ctx, struct oci_folder_item *item, struct oci_err **err)
{
	struct check_run *r = ctx;

	(void)err;
	if (item->type != OCI_TAR_DIR && !is_known(r, item->path))
		report(r, "extra", item->path, &r->c->extra);
	return 0;
}

int oci_check_run(struct oci_check *c, struct oci_err **err)
{
	OCI_AUTO(run_clear) struct check_run r = { .c = c };
	auto_free char *folder = oci_path_join(c->dir, "SHA256SUMS.d");

	if (!oci_path_is_dir(c->dir))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", c->dir);
	if (!oci_path_is_dir(folder))
		return oci_fail(err, OCI_NOTFOUND, "%s: has no SHA256SUMS.d, so there is nothing to compare it with",
				c->dir);
	if (oci_path_each(folder, load_seal, &r, err) < 0)
		return -1;
	check_files(&r);
	for (size_t i = 0; i < r.seals.n; i++) {
		for (size_t k = 0; k < r.seals.v[i].symlinks.n; k++)
			check_link(&r, &r.seals.v[i].symlinks.v[k]);
		for (size_t k = 0; k < r.seals.v[i].empty.n; k++)
			check_folder(&r, r.seals.v[i].empty.v[k]);
	}
	return oci_folder_each(c->dir, find_extra, &r, err);
}
