#include "ops/file_fetch.h"

#include "base/file.h"
#include "base/lock.h"
#include "base/outfile.h"
#include "base/path.h"
#include "digest/verify.h"
#include "net/xfer.h"
#include "ops/file_lock.h"
#include "ops/file_published.h"
#include "ops/file_tree.h"

#include <string.h>
#include <sys/stat.h>

/* One run: what everything below needs. */
struct run {
	const struct oci_file_fetch *what;
	struct oci_file_tree tree;
	struct oci_file_items items;
	struct oci_xfer *xfer;
};

/* What a callback of a transfer is about. */
struct job {
	struct run *run;
	struct oci_file_item *item;
};

static char *validator_of(const struct oci_response *r)
{
	const char *etag = oci_response_header(r, "ETag");

	return oci_strdup(etag ? etag : oci_response_header(r, "Last-Modified"));
}

/* "./NAME" is what find and sha256sum make of a folder's own files. */
static void drop_dots(struct oci_sums *sums)
{
	for (size_t i = 0; i < sums->n; i++)
		while (oci_starts(sums->v[i].path, "./"))
			memmove(sums->v[i].path, sums->v[i].path + 2, strlen(sums->v[i].path + 2) + 1);
	oci_sums_sort(sums);
}

/* A name's checksum: by its path in the tree, its URL, or its bare file name. */
static const struct oci_sum *find_sum(const struct oci_sums *sums, const struct oci_file_item *it)
{
	const struct oci_sum *s = oci_sums_find(sums, it->path);

	if (!s)
		s = oci_sums_find(sums, it->url);
	return s ? s : oci_sums_find(sums, oci_path_base(it->path));
}

static int apply_checksum_file(struct run *run, struct oci_err **err)
{
	auto_sums struct oci_sums sums = { 0 };

	if (!run->what->checksum_file)
		return 0;
	if (oci_sums_load(run->what->checksum_file, OCI_SUMS_MAX, &sums, err) < 0)
		return -1;
	drop_dots(&sums);
	for (size_t i = 0; i < run->items.n; i++) {
		struct oci_file_item *it = &run->items.v[i];
		const struct oci_sum *s = it->expect.algorithm == OCI_NO_DIGEST ? find_sum(&sums, it) : NULL;

		if (s)
			it->expect = s->digest;
	}
	return 0;
}

static int gather(struct run *run, struct oci_err **err)
{
	const struct oci_file_fetch *what = run->what;
	auto_list struct oci_list list = { 0 };
	const struct oci_list_args args = { what->files.v, what->files.n, what->operands, "URLs" };

	if (oci_list_gather(&list, &args, err) < 0 ||
	    oci_file_items_parse(&list, what->allow_file, &run->items, err) < 0 ||
	    oci_file_items_mirror(&run->items, &what->mirrors, err) < 0 || apply_checksum_file(run, err) < 0)
		return -1;
	if (what->locked)
		return oci_file_lock_apply(what->lock, &run->items, err);
	if (what->no_published)
		return 0;
	return oci_file_published(&run->items, &what->mirrors, run->xfer, &what->out, err);
}

/* Without a checksum, the server says whether the file is still what was fetched: its ETag, else its date. */
static void head_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct job *job = ctx;
	auto_free char *now = *err ? NULL : validator_of(r);
	const struct oci_file_note *then = oci_map_get(&job->run->tree.notes, job->item->path);

	job->item->kept = now && oci_streq(now, then->validator);
	if (job->item->kept)
		job->item->validator = oci_steal(&now);
}

static void look(struct run *run, struct job *jobs)
{
	for (size_t i = 0; i < run->items.n; i++) {
		struct oci_file_item *it = &run->items.v[i];

		jobs[i] = (struct job){ run, it };
		if (!oci_file_tree_holds(&run->tree, it))
			continue;
		it->kept = it->expect.algorithm != OCI_NO_DIGEST;
		if (!it->kept && !oci_starts(it->ask, "file:"))
			oci_xfer_add(run->xfer,
				     &(struct oci_request){
					     .method = "HEAD", .url = it->ask, .done = head_done, .ctx = &jobs[i] });
	}
	oci_xfer_run(run->xfer);
}

static void fetch_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct job *job = ctx;
	struct oci_file_item *it = job->item;

	if (*err) {
		oci_fail_in(err, "%s", it->where);
		it->err = oci_steal(err);
		return;
	}
	it->sha256 = r->sha256;
	it->size = r->size;
	if (it->expect.algorithm == OCI_NO_DIGEST)
		it->validator = validator_of(r);
	if (it->validator && oci_file_tree_note(&job->run->tree, it, &it->err) < 0)
		oci_fail_in(&it->err, "%s", it->where);
}

static int copy_local(struct run *run, struct oci_file_item *it, struct oci_err **err)
{
	const char *from = it->ask + strlen("file://");
	auto_free char *file = oci_path_join(run->tree.dir, it->path);
	auto_outfile struct oci_outfile *f = NULL;
	auto_reader struct oci_reader r = { 0 };

	if (oci_reader_of_path(&r, from, err) < 0)
		return -1;
	r = oci_verify_reader(oci_hashing_reader(r, OCI_SHA256, &it->sha256, &it->size),
			      &(struct oci_expect){ from, it->expect, OCI_SIZE_UNKNOWN });
	if (oci_path_mkdirs_for(file, err) < 0 || oci_outfile_open(&f, file, err) < 0)
		return -1;
	struct oci_writer w = oci_outfile_writer(f);
	const struct oci_expect locked = { from, it->locked, OCI_SIZE_UNKNOWN };

	if (oci_stream_copy(&r, &w, NULL, err) < 0 || oci_verify(&locked, &it->sha256, it->size, err) < 0)
		return -1;
	if (fchmod(oci_outfile_fd(f), oci_file_mode_of(from)) < 0)
		return oci_fail_errno(err, "cannot write %s", file);
	oci_outfile_unsynced(f);
	return oci_outfile_commit(f, err);
}

static void fetch(struct run *run, struct job *job)
{
	struct oci_file_item *it = job->item;
	auto_free char *file = oci_path_join(run->tree.dir, it->path);
	bool page = oci_ends(it->ask, ".html") || oci_ends(it->ask, ".htm");

	if (oci_starts(it->ask, "file:")) {
		if (copy_local(run, it, &it->err) < 0)
			oci_fail_in(&it->err, "%s", it->where);
		return;
	}
	oci_xfer_add(run->xfer, &(struct oci_request){ .url = it->ask,
						       .digest = it->expect,
						       .sha256 = it->locked,
						       .programs = true,
						       .path = file,
						       .no_html = !page,
						       .progress = it->path,
						       .done = fetch_done,
						       .ctx = job });
}

static void fetch_missing(struct run *run, struct job *jobs)
{
	size_t missing = 0, unchecked = 0;

	for (size_t i = 0; i < run->items.n; i++)
		missing += !run->items.v[i].kept;
	oci_progress_plan(&run->what->out, missing, 0);
	for (size_t i = 0; i < run->items.n; i++) {
		if (run->items.v[i].kept)
			continue;
		unchecked += run->items.v[i].expect.algorithm == OCI_NO_DIGEST;
		fetch(run, &jobs[i]);
	}
	oci_xfer_run(run->xfer);
	if (unchecked)
		oci_warn(&run->what->out,
			 "%zu files came without a known checksum; --lock keeps theirs for the next time", unchecked);
}

static int report(struct run *run, struct oci_err **err)
{
	auto_failures struct oci_failures failures = { 0 };

	for (size_t i = 0; i < run->items.n; i++) {
		struct oci_file_item *it = &run->items.v[i];

		if (it->err) {
			struct oci_err *copy = oci_err_dup(it->err);

			oci_failures_add_take(&failures, &run->what->out, &copy);
			continue;
		}
		oci_say(&run->what->out, OCI_TEXT("path", it->path), OCI_TEXT("digest", OCI_DIGEST(&it->sha256)),
			OCI_NUM("bytes", it->size), OCI_TEXT("state", it->kept ? "kept" : "new"));
	}
	return oci_failures_end(&failures, run->items.n, err);
}

static void run_clear(struct run *run)
{
	oci_xfer_free(run->xfer);
	oci_file_items_clear(&run->items);
	oci_file_tree_close(&run->tree);
}

static int fetch_all(struct run *run, struct oci_err **err)
{
	const struct oci_file_fetch *what = run->what;
	auto_free struct job *jobs = NULL;
	auto_fd int lock = -1;

	if (gather(run, err) < 0 || oci_lock_dir(what->output, &what->out, &lock, err) < 0 ||
	    oci_file_tree_open(what->output, &run->tree, err) < 0)
		return -1;
	jobs = oci_calloc(run->items.n, sizeof(*jobs));
	look(run, jobs);
	fetch_missing(run, jobs);
	if (oci_file_tree_save(&run->tree, &run->items, err) < 0)
		return -1;
	if (what->lock && !what->locked && oci_file_lock_save(what->lock, &run->items, err) < 0)
		return -1;
	return report(run, err);
}

int oci_file_fetch_run(const struct oci_file_fetch *what, struct oci_err **err)
{
	OCI_AUTO(run_clear) struct run run = { .what = what };

	if (what->verify)
		return oci_file_tree_verify(what->verify, &what->out, err);
	if (!what->output)
		return oci_fail(err, OCI_USAGE, "no output folder: give -o DIR");
	if (what->locked && !what->lock)
		return oci_fail(err, OCI_USAGE, "--locked needs --lock FILE");
	struct oci_xfer_settings net = { .jobs = (uint32_t)what->jobs, .ca_file = what->ca, .out = &what->out };

	if (oci_xfer_check(&net, err) < 0)
		return -1;
	run.xfer = oci_xfer_new(&net);
	/* Whoever serves the tree must be able to read it. */
	mode_t mask = umask(022);
	int rc = fetch_all(&run, err);

	umask(mask);
	return rc;
}
