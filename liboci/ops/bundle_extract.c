#include "ops/bundle_extract.h"

#include "base/date.h"
#include "base/lock.h"
#include "base/outfile.h"
#include "base/path.h"
#include "bundle/apply.h"
#include "bundle/check.h"
#include "bundle/image.h"
#include "bundle/pack.h"
#include "bundle/place.h"
#include "bundle/layer_store.h"
#include "bundle/tree.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is extracted: one platform's layers, in a store that can be read. */
struct job {
	struct oci_bundle_extract *x;
	struct oci_image image;
	const struct oci_image_part *part;
	struct oci_layers layers;
	struct oci_layer_store store;
	struct oci_apply apply;
};

static void job_clear(struct job *j)
{
	oci_strs_clear(&j->apply.only);
	oci_layer_store_close(&j->store);
	oci_layers_clear(&j->layers);
	oci_image_close(&j->image);
}

static int choose_part(struct job *j, struct oci_err **err)
{
	auto_platforms struct oci_platforms wanted = { 0 };

	if (oci_platforms_parse(j->x->platform, &wanted, err) < 0)
		return -1;
	if (wanted.all || wanted.n != 1)
		return oci_fail(err, OCI_USAGE, "--platform %s: a package is for one platform", j->x->platform);
	j->part = oci_image_part(&j->image, &wanted.v[0]);
	return j->part ? 0 : oci_image_fail_platform(&j->image, &wanted.v[0], err);
}

static int add_paths(struct job *j, struct oci_err **err)
{
	for (size_t i = 0; i < j->x->only.n; i++) {
		auto_free char *path = NULL;

		if (oci_tree_path(j->x->only.v[i], &path, err) < 0)
			return oci_fail_in(err, "--path");
		oci_strs_add_take(&j->apply.only, oci_steal(&path));
	}
	return 0;
}

/* Learn what is to be extracted; beside names where layers of a registry are kept meanwhile. */
static int prepare(struct job *j, const char *beside, struct oci_err **err)
{
	const struct oci_bundle_extract *x = j->x;

	if (oci_image_open(&j->image, x->bundle, &x->remote, &x->out, err) < 0 || choose_part(j, err) < 0 ||
	    oci_image_layers(&j->image, j->part, &j->layers, NULL, err) < 0)
		return -1;
	if (oci_layer_store_open(&j->store, &j->image, &j->layers, beside, err) < 0)
		return -1;
	j->apply = (struct oci_apply){
		.from = j->store.from, .layers = &j->layers, .special = x->special, .check = true, .out = &x->out
	};
	return add_paths(j, err);
}

static int apply(struct job *j, struct oci_sink sink, struct oci_err **err)
{
	uint64_t total = 0;

	for (size_t i = 0; i < j->layers.n; i++)
		total += j->layers.v[i].desc.size;
	oci_progress_plan(&j->x->out, 1, total);
	oci_progress(&j->x->out, OCI_EVENT_BEGIN, "layers", total, NULL);
	j->apply.sink = sink;
	if (oci_apply_run(&j->apply, err) < 0)
		return oci_fail_in(err, "%s", j->x->bundle);
	oci_progress(&j->x->out, OCI_EVENT_END, "layers", 0, "verified");
	return 0;
}

static void conclude(const struct job *j, const char *target)
{
	const struct oci_out *out = &j->x->out;

	if (j->apply.left_out)
		oci_note(out, "%llu devices were left out; --special keeps them",
			 (unsigned long long)j->apply.left_out);
	if (j->apply.checked == 0)
		oci_note(out, "no file is named by a SHA256SUMS.d; the layers' digests were verified");
	if (oci_outfile_is_stdout(target))
		return; /* it carries the tar */
	oci_say(out, OCI_TEXT("target", target), OCI_TEXT("platform", OCI_PLATFORM(&j->part->platform)),
		OCI_TEXT("digest", OCI_DIGEST(&j->part->desc.digest)), OCI_NUM("files", j->apply.files),
		OCI_NUM("bytes", j->apply.bytes));
}

static int to_tar(struct job *j, struct oci_err **err)
{
	const char *file = j->x->tar;
	auto_free char *beside = oci_outfile_is_stdout(file) ? oci_strdup("bundle-extract") : oci_strdup(file);
	auto_outfile struct oci_outfile *f = NULL;

	if (prepare(j, beside, err) < 0 || oci_outfile_open_named(&f, file, err) < 0)
		return -1;
	struct oci_writer to = oci_outfile_writer(f);
	auto_tar_write struct oci_tar_write *tar = oci_tar_write_new(&to);
	struct oci_pack pack = { .tar = tar,
				 .file = oci_outfile_is_stdout(file) ? "stdout" : file,
				 .fd = oci_outfile_fd(f),
				 .special = j->x->special };

	if (apply(j, oci_pack_sink(&pack), err) < 0 || oci_tar_write_end(tar, err) < 0 ||
	    oci_outfile_commit(f, err) < 0)
		return -1;
	conclude(j, file);
	return oci_layer_store_drop(&j->store, err);
}

static int expect_empty(const char *dir, struct oci_err **err)
{
	bool empty;

	if (oci_path_is_empty_dir(dir, &empty, err) < 0)
		return -1;
	if (!empty)
		return oci_fail(err, OCI_CONFLICT, "%s: not empty; name a folder that is not there, or empty it", dir);
	return 0;
}

static int remove_entry(void *ctx, const char *name, struct oci_err **err)
{
	auto_free char *path = oci_path_join(ctx, name);

	return oci_path_remove_tree(path, err);
}

/* A run that we waited for has made DIR of what was DIR.partial. */
static int lock_partial(struct job *j, const char *partial, int *lock, struct oci_err **err)
{
	if (oci_lock_dir(partial, &j->x->out, lock, err) < 0)
		return -1;
	if (expect_empty(j->x->dir, err) < 0) {
		rmdir(partial);
		return -1;
	}
	return oci_path_each(partial, remove_entry, (void *)(uintptr_t)partial, err);
}

static int fill(struct job *j, const char *partial, struct oci_err **err)
{
	auto_place struct oci_place *place = NULL;
	int64_t epoch;

	if (oci_date_source(&epoch, err) < 0 || oci_place_open(&place, partial, j->x->special, epoch, err) < 0)
		return -1;
	if (apply(j, oci_place_sink(place), err) < 0 || oci_place_end(place, err) < 0)
		return -1;
	if (rename(partial, j->x->dir) < 0)
		return oci_fail_errno(err, "cannot rename %s to %s", partial, j->x->dir);
	return 0;
}

static int to_dir(struct job *j, struct oci_err **err)
{
	auto_free char *dir = oci_strdup(j->x->dir);

	for (size_t n = strlen(dir); n > 1 && dir[n - 1] == '/'; n--)
		dir[n - 1] = '\0';
	auto_free char *partial = oci_printf("%s.partial", dir);
	auto_fd int lock = -1;

	if (expect_empty(dir, err) < 0 || prepare(j, dir, err) < 0 || oci_path_mkdirs_for(dir, err) < 0 ||
	    lock_partial(j, partial, &lock, err) < 0)
		return -1;
	if (fill(j, partial, err) < 0) {
		oci_path_remove_tree(partial, NULL);
		return -1;
	}
	conclude(j, j->x->dir);
	return oci_layer_store_drop(&j->store, err);
}

static int verify(struct oci_bundle_extract *x, struct oci_err **err)
{
	struct oci_check c = { .dir = x->verify, .jobs = x->remote.jobs, .out = &x->out };

	if (oci_check_run(&c, err) < 0)
		return -1;
	auto_free char *bytes = oci_bytes_text(c.bytes);

	oci_note(&x->out, "%s: %llu files (%s) are as sealed, %llu changed, %llu missing, %llu extra", x->verify,
		 (unsigned long long)c.files, bytes, (unsigned long long)c.changed, (unsigned long long)c.missing,
		 (unsigned long long)c.extra);
	if (c.changed || c.missing)
		return oci_fail(err, OCI_BADDIGEST, "%s: %llu files changed and %llu missing; extract it again",
				x->verify, (unsigned long long)c.changed, (unsigned long long)c.missing);
	return 0;
}

int oci_bundle_extract_run(struct oci_bundle_extract *x, struct oci_err **err)
{
	OCI_AUTO(job_clear) struct job j = { .x = x };

	if (x->verify)
		return verify(x, err);
	return x->tar ? to_tar(&j, err) : to_dir(&j, err);
}
