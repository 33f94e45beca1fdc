#include "ops/bundle_seal.h"

#include "base/file.h"
#include "base/list.h"
#include "base/lock.h"
#include "base/outfile.h"
#include "base/path.h"
#include "bundle/folder.h"
#include "bundle/hash_files.h"
#include "bundle/seal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The files of a seal of this name, an interrupted run's too, and the folders they stand in. */
static bool is_own(const char *name, const char *path)
{
	auto_free char *json = oci_seal_json_path(name), *sums = oci_seal_sums_path(name);
	auto_free char *json_partial = oci_printf("%s.partial", json), *sums_partial = oci_printf("%s.partial", sums);

	return oci_streq(path, "modules.d") || oci_streq(path, "SHA256SUMS.d") || oci_streq(path, json) ||
	       oci_streq(path, sums) || oci_streq(path, json_partial) || oci_streq(path, sums_partial);
}

static bool is_in_seals(const char *path)
{
	return oci_starts(path, "modules.d/") || oci_starts(path, "SHA256SUMS.d/");
}

/* What a layer could not hold, or would take for something else. */
static int check_item(const struct oci_folder_item *item, struct oci_err **err)
{
	if (oci_starts(oci_path_base(item->path), ".wh."))
		return oci_fail(err, OCI_BADINPUT, "%s: in an image this name would delete another file; rename it",
				item->path);
	if (item->type == OCI_TAR_CHAR || item->type == OCI_TAR_BLOCK || item->type == OCI_TAR_FIFO)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: neither file, folder nor link; remove it", item->path);
	if (is_in_seals(item->path))
		return oci_fail(
			err, OCI_CONFLICT,
			"%s: of the seal of another module; seal modules one by one, bundle-merge puts them together",
			item->path);
	return 0;
}

static int add_symlink(const struct oci_folder_item *item, struct oci_seal *seal, struct oci_err **err)
{
	json_t *path = json_string(item->path), *target = json_string(item->link);
	bool utf8 = path && target;

	json_decref(path);
	json_decref(target);
	if (!utf8)
		return oci_fail(err, OCI_BADINPUT, "%s: the name or target of this link is not UTF-8", item->path);
	*oci_vec_push(&seal->symlinks) = (struct oci_pair){ oci_strdup(item->path), oci_strdup(item->link) };
	seal->links++;
	return 0;
}

/* The files of the folder and what they hash to; folders and links are only noted in the seal. */
struct described {
	struct oci_seal *seal;
	OCI_VEC(struct oci_hash_file) files;
};

static void described_clear(struct described *d)
{
	for (size_t i = 0; i < d->files.n; i++)
		free((void *)(uintptr_t)d->files.v[i].path);
	free(d->files.v);
}

static int add_item(void *ctx, struct oci_folder_item *item, struct oci_err **err)
{
	struct described *d = ctx;

	if (is_own(d->seal->name, item->path))
		return 0;
	if (check_item(item, err) < 0)
		return -1;
	if (item->type == OCI_TAR_SYMLINK)
		return add_symlink(item, d->seal, err);
	if (item->type == OCI_TAR_DIR) {
		d->seal->folders++;
		if (item->empty)
			oci_strs_add(&d->seal->empty, item->path);
		return 0;
	}
	oci_vec_push(&d->files)->path = oci_steal(&item->path);
	return 0;
}

static int hash_all(const struct oci_bundle_seal *s, struct described *d, struct oci_err **err)
{
	size_t failed = oci_hash_files(s->dir, d->files.v, d->files.n, s->jobs, &s->out);
	int rc = 0;

	for (size_t i = 0; i < d->files.n; i++) {
		if (d->files.v[i].err && rc == 0) {
			rc = oci_fail_with(err, &d->files.v[i].err);
			oci_fail_in(err, "%s", s->dir);
		}
		oci_err_clear(&d->files.v[i].err);
		d->seal->bytes += d->files.v[i].size;
	}
	d->seal->files = d->files.n;
	return failed ? -1 : 0;
}

static int add_list(const char *path, struct oci_seal *seal, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	auto_list struct oci_list list = { 0 };

	if (oci_file_read(path, OCI_SEAL_MAX, &text, err) < 0 ||
	    oci_list_parse(&list, path, oci_buf_text(&text), text.len, err) < 0)
		return -1;
	struct oci_seal_list *out = oci_vec_push(&seal->lists);

	out->name = oci_strdup(oci_streq(path, "-") ? "stdin" : oci_path_base(path));
	oci_digest_of(oci_buf_text(&text), text.len, &out->digest);
	for (size_t i = 0; i < list.n; i++)
		oci_strs_add(&out->lines, list.v[i].text);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct oci_hash_file *)a)->path, ((const struct oci_hash_file *)b)->path);
}

/* A line at a time: all lines together would be most of what is kept in memory. */
static int print_sums(struct described *d, struct oci_outfile *to, struct oci_err **err)
{
	auto_buf struct oci_buf line = { 0 };

	qsort(d->files.v, d->files.n, sizeof(d->files.v[0]), by_path);
	for (size_t i = 0; i < d->files.n; i++) {
		oci_buf_reset(&line);
		oci_sum_print(d->files.v[i].path, &d->files.v[i].digest, &line);
		if (oci_outfile_write(to, line.data, line.len, err) < 0)
			return -1;
	}
	return 0;
}

/* The JSON first: with it the sums of an earlier seal no longer match, so nobody takes a mixture for a seal. */
static int write_both(const struct oci_bundle_seal *s, const struct oci_seal *seal, struct described *d,
		      struct oci_err **err)
{
	auto_free char *json_name = oci_seal_json_path(seal->name), *sums_name = oci_seal_sums_path(seal->name);
	auto_free char *json_path = oci_path_join(s->dir, json_name), *sums_path = oci_path_join(s->dir, sums_name);
	auto_buf struct oci_buf json = { 0 };
	auto_outfile struct oci_outfile *sums = NULL;

	oci_seal_print(seal, &json);
	struct oci_hash_file *own = oci_vec_push(&d->files);

	own->path = oci_strdup(json_name);
	oci_digest_of(json.data, json.len, &own->digest);
	/* The folders' modes are part of the module, so they are not the user's to choose. */
	mode_t mask = umask(022);
	int rc = oci_path_mkdirs_for(json_path, err) < 0 || oci_path_mkdirs_for(sums_path, err) < 0 ? -1 : 0;

	umask(mask);
	if (rc < 0 || oci_file_replace(json_path, json.data, json.len, err) < 0 ||
	    oci_outfile_open(&sums, sums_path, err) < 0 || print_sums(d, sums, err) < 0)
		return -1;
	return oci_outfile_commit(sums, err);
}

int oci_bundle_seal_run(struct oci_bundle_seal *s, struct oci_err **err)
{
	auto_seal struct oci_seal seal = { .name = oci_strdup(s->name),
					   .version = oci_strdup(s->version ? s->version : "0") };
	OCI_AUTO(described_clear) struct described d = { .seal = &seal };
	auto_fd int lock = -1;

	if (oci_seal_check_name(s->name, err) < 0)
		return -1;
	if (!oci_path_is_dir(s->dir))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", s->dir);
	if (oci_lock_dir(s->dir, &s->out, &lock, err) < 0)
		return -1;
	for (size_t i = 0; i < s->licences.n; i++)
		oci_strs_add(&seal.licences, s->licences.v[i]);
	for (size_t i = 0; i < s->from.n; i++)
		if (add_list(s->from.v[i], &seal, err) < 0)
			return -1;
	if (oci_folder_each(s->dir, add_item, &d, err) < 0 || hash_all(s, &d, err) < 0 ||
	    write_both(s, &seal, &d, err) < 0)
		return -1;
	oci_say(&s->out, OCI_TEXT("module", seal.name), OCI_TEXT("version", seal.version), OCI_NUM("files", seal.files),
		OCI_NUM("bytes", seal.bytes));
	return 0;
}
