#include "ops/to_archive.h"

#include "archive/tar_write.h"
#include "base/date.h"
#include "base/outfile.h"
#include "ops/input.h"
#include "ops/to_archive_int.h"

#include <stdlib.h>
#include <unistd.h>

#define MARKER "{\"imageLayoutVersion\":\"1.0.0\"}"

/* Printed twice: the size stands in front of the bytes. */
static int write_json(const struct ta_plan *p, struct oci_tar_write *tar, const struct ta_json *j, int64_t mtime,
		      struct oci_err **err)
{
	struct oci_tar_entry e = { .type = OCI_TAR_FILE, .path = j->path, .mode = 0644, .mtime = mtime };
	auto_buf struct oci_buf part = { 0 };

	for (size_t i = 0; i <= j->n; i++) {
		ta_json_part(p, j, i, &part);
		e.size += part.len;
	}
	if (oci_tar_write_entry(tar, &e, err) < 0)
		return -1;
	for (size_t i = 0; i <= j->n; i++) {
		ta_json_part(p, j, i, &part);
		if (oci_tar_write_data(tar, part.data, part.len, err) < 0)
			return -1;
	}
	return 0;
}

static int write_documents(const struct ta_plan *p, struct oci_tar_write *tar, int64_t mtime, struct oci_err **err)
{
	const struct oci_tar_entry marker = {
		.type = OCI_TAR_FILE, .path = "oci-layout", .mode = 0644, .size = strlen(MARKER), .mtime = mtime
	};
	const struct ta_json index = ta_index(p), manifest = ta_manifest(p);

	if (oci_tar_write_entry(tar, &marker, err) < 0 || oci_tar_write_data(tar, MARKER, strlen(MARKER), err) < 0 ||
	    write_json(p, tar, &index, mtime, err) < 0)
		return -1;
	return p->docker ? write_json(p, tar, &manifest, mtime, err) : 0;
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

static int write_archive(const struct ta_plan *p, struct oci_outfile *f, const struct oci_out *out,
			 struct oci_err **err)
{
	struct oci_writer to = oci_outfile_writer(f);
	auto_tar_write struct oci_tar_write *tar = oci_tar_write_new(&to);
	int64_t mtime;

	if (oci_date_source(&mtime, err) < 0)
		return -1;
	oci_progress_plan(out, p->names.n, p->bytes);
	if (write_documents(p, tar, mtime, err) < 0 || write_blobs(p, tar, mtime, out, err) < 0 ||
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

/* As skopeo has it, "oci-archive:FILE" says the format, too. */
static int split_output(struct oci_to_archive *own, struct oci_err **err)
{
	static const char *const kinds[][2] = { { "docker-archive:", "docker" }, { "oci-archive:", "oci" } };

	for (size_t i = 0; i < OCI_COUNT(kinds); i++) {
		if (!own->output || !oci_starts(own->output, kinds[i][0]))
			continue;
		if (own->format && !oci_streq(own->format, kinds[i][1]))
			return oci_fail(err, OCI_USAGE, "-o %s: not what --format %s writes", own->output, own->format);
		own->format = kinds[i][1];
		return oci_output_path(own->output, kinds[i][0], &own->output, err);
	}
	return 0;
}

int oci_to_archive_run(const struct oci_to_archive *what, struct oci_err **err)
{
	struct oci_to_archive own = *what;
	OCI_AUTO(ta_plan_clear) struct ta_plan plan = { 0 };
	auto_outfile struct oci_outfile *f = NULL;

	if (split_output(&own, err) < 0)
		return -1;
	const char *output = own.output ? own.output : "-";
	bool to_stdout = oci_outfile_is_stdout(output);

	if (to_stdout && isatty(STDOUT_FILENO))
		return oci_fail(err, OCI_USAGE, "no file given, and stdout is a terminal; name a file with -o FILE");
	/* The file first: where none can be, thousands of manifests need not be read. */
	if (oci_outfile_open_named(&f, output, err) < 0 || ta_plan_make(&plan, &own, err) < 0 ||
	    write_archive(&plan, f, &what->out, err) < 0)
		return -1;
	if (!to_stdout)
		report(&plan, what);
	return 0;
}

void oci_to_archive_clear(struct oci_to_archive *what)
{
	oci_strs_clear(&what->lists);
}
