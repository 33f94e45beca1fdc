#include "ops/to_archive.h"

#include "archive/tar_write.h"
#include "base/date.h"
#include "base/outfile.h"
#include "ops/to_archive_int.h"
#include "storage/view.h"

#include <stdlib.h>
#include <unistd.h>

#define MARKER "{\"imageLayoutVersion\":\"1.0.0\"}"

void ta_index_print(const struct ta_plan *p, struct oci_buf *out)
{
	auto_json json_t *j = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < p->names.n; i++) {
		auto_desc struct oci_desc d = { 0 };

		oci_desc_copy(&d, p->names.v[i].entry);
		oci_pairs_set(&d.annotations, OCI_STORE_REPOSITORY, NULL);
		oci_pairs_set(&d.annotations, OCI_REF_NAME, p->names.v[i].name);
		oci_pairs_set(&d.annotations, OCI_CONTAINERD_NAME, p->names.v[i].name);
		oci_json_append_take(list, oci_desc_json(&d));
	}
	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", OCI_MEDIA_INDEX);
	oci_json_set_take(j, "manifests", list);
	oci_json_print(j, out);
}

static json_t *texts_json(const struct oci_strs *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n; i++)
		oci_json_append_take(list, json_string(s->v[i]));
	return list;
}

void ta_manifest_print(const struct ta_plan *p, struct oci_buf *out)
{
	auto_json json_t *list = json_array();

	for (size_t i = 0; i < p->images.n; i++) {
		const struct ta_image *im = p->images.items[i].value;
		json_t *j = json_object();

		oci_json_set_str(j, "Config", im->config);
		oci_json_set_take(j, "RepoTags", texts_json(&im->tags));
		oci_json_set_take(j, "Layers", texts_json(&im->layers));
		oci_json_append_take(list, j);
	}
	oci_json_print(list, out);
}

static int write_text(struct oci_tar_write *tar, const char *path, const char *text, size_t n, int64_t mtime,
		      struct oci_err **err)
{
	const struct oci_tar_entry e = { .type = OCI_TAR_FILE, .path = path, .mode = 0644, .size = n, .mtime = mtime };

	return oci_tar_write_entry(tar, &e, err) < 0 || oci_tar_write_data(tar, text, n, err) < 0 ? -1 : 0;
}

static int write_documents(const struct ta_plan *p, struct oci_tar_write *tar, int64_t mtime, struct oci_err **err)
{
	auto_buf struct oci_buf index = { 0 }, manifest = { 0 };

	ta_index_print(p, &index);
	ta_manifest_print(p, &manifest);
	if (write_text(tar, "oci-layout", MARKER, strlen(MARKER), mtime, err) < 0 ||
	    write_text(tar, "index.json", index.data, index.len, mtime, err) < 0)
		return -1;
	return p->docker ? write_text(tar, "manifest.json", manifest.data, manifest.len, mtime, err) : 0;
}

static int write_folder(struct oci_tar_write *tar, const char *path, int64_t mtime, struct oci_err **err)
{
	const struct oci_tar_entry e = { .type = OCI_TAR_DIR, .path = path, .mode = 0755, .mtime = mtime };

	return oci_tar_write_entry(tar, &e, err);
}

static int write_blob(const struct ta_plan *p, struct oci_tar_write *tar, const struct oci_desc *d, int64_t mtime,
		      struct oci_err **err)
{
	auto_free char *path = ta_blob_path(&d->digest);
	auto_reader struct oci_reader r = { 0 };
	const struct oci_tar_entry e = {
		.type = OCI_TAR_FILE, .path = path, .mode = 0644, .size = d->size, .mtime = mtime
	};

	if (oci_blobs_reader(p->layout.blobs, d, &r, err) < 0)
		return -1;
	return oci_tar_write_file(tar, &e, &r, err);
}

static int by_digest(const void *a, const void *b)
{
	const struct oci_desc *const *x = a, *const *y = b;

	return oci_digest_compare(&(*x)->digest, &(*y)->digest);
}

/* Sorted, each once, below a folder for each algorithm. */
static int write_blobs(const struct ta_plan *p, struct oci_tar_write *tar, int64_t mtime, const struct oci_out *out,
		       struct oci_err **err)
{
	auto_free const struct oci_desc **sorted = oci_calloc(p->blobs.n, sizeof(*sorted));
	enum oci_algorithm last = OCI_NO_DIGEST;

	for (size_t i = 0; i < p->blobs.n; i++)
		sorted[i] = p->blobs.items[i].value;
	qsort(sorted, p->blobs.n, sizeof(*sorted), by_digest);
	if (write_folder(tar, "blobs", mtime, err) < 0)
		return -1;
	for (size_t i = 0; i < p->blobs.n; i++) {
		const struct oci_digest *d = &sorted[i]->digest;
		auto_free char *folder = oci_printf("blobs/%s", oci_digest_algorithm(d));

		if (d->algorithm != last && write_folder(tar, folder, mtime, err) < 0)
			return -1;
		last = d->algorithm;
		if (write_blob(p, tar, sorted[i], mtime, err) < 0)
			return -1;
		oci_progress(out, OCI_EVENT_BYTES, OCI_DIGEST(d), sorted[i]->size, NULL);
	}
	return 0;
}

static int write_archive(const struct ta_plan *p, const struct oci_to_archive *what, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;
	int64_t mtime;

	if (oci_date_source(&mtime, err) < 0 || oci_outfile_open_named(&f, what->output ? what->output : "-", err) < 0)
		return -1;
	struct oci_writer to = oci_outfile_writer(f);
	auto_tar_write struct oci_tar_write *tar = oci_tar_write_new(&to);

	oci_progress_plan(&what->out, p->names.n, p->bytes);
	if (write_documents(p, tar, mtime, err) < 0 || write_blobs(p, tar, mtime, &what->out, err) < 0 ||
	    oci_tar_write_end(tar, err) < 0)
		return -1;
	return oci_outfile_commit(f, err);
}

/* stdout carries the archive or the records, never both. */
static void report(const struct ta_plan *p, const struct oci_to_archive *what)
{
	for (size_t i = 0; i < p->names.n; i++) {
		const struct ta_name *n = &p->names.v[i];

		oci_say(&what->out, OCI_TEXT("name", n->name), OCI_TEXT("digest", OCI_DIGEST(&n->entry->digest)));
		oci_progress(&what->out, OCI_EVENT_END, n->name, 0, "written");
	}
}

int oci_to_archive_run(const struct oci_to_archive *what, struct oci_err **err)
{
	OCI_AUTO(ta_plan_clear) struct ta_plan plan = { 0 };
	bool to_stdout = !what->output || oci_outfile_is_stdout(what->output);

	if (to_stdout && isatty(STDOUT_FILENO))
		return oci_fail(err, OCI_USAGE, "no file given, and stdout is a terminal; name a file with -o FILE");
	if (ta_plan_make(&plan, what, err) < 0 || write_archive(&plan, what, err) < 0)
		return -1;
	if (!to_stdout)
		report(&plan, what);
	return 0;
}

void oci_to_archive_clear(struct oci_to_archive *what)
{
	oci_strs_clear(&what->lists);
}
