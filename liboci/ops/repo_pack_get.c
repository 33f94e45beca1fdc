/* repo-pack: which files are wanted, which are there, and fetching the rest. */
#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "digest/hasher.h"
#include "ops/repo_pack_int.h"
#include "pkgrepo/get.h"

#include <stdlib.h>
#include <sys/stat.h>

int oci_repo_base_load(const struct oci_repo_pack *what, struct oci_list *out, struct oci_err **err)
{
	if (what->base && oci_list_load(out, what->base, err) < 0)
		return oci_fail_in(err, "--base");
	return 0;
}

int oci_repo_job_wants(const struct oci_repo_pack *what, const struct oci_list *plain, struct oci_repo_job *job,
		       struct oci_err **err)
{
	for (size_t i = 0; what->operands && what->operands[i]; i++) {
		const char *operand = what->operands[i];

		if ((oci_ends(operand, ".yaml") || oci_ends(operand, ".yml")) &&
		    oci_wants_load(&job->wants, operand, &job->os, &what->groups, err) < 0)
			return -1;
	}
	oci_wants_add_list(&job->wants, plain);
	return 0;
}

/* One file of the output. */
struct file {
	char *path;
	const struct oci_repo_pkg *pkg;
	struct oci_repo_job *job;
	const struct file *twin; /* the same bytes under another name, fetched already */
	bool kept, failed;
};

struct fetching {
	struct oci_repo_run *run;
	OCI_VEC(struct file *) files;
	struct oci_map by_path, by_digest;
};

static void fetching_clear(struct fetching *f)
{
	for (size_t i = 0; i < f->files.n; i++) {
		free(f->files.v[i]->path);
		free(f->files.v[i]);
	}
	free(f->files.v);
	oci_map_clear(&f->by_path);
	oci_map_clear(&f->by_digest);
}

static char *path_of(const struct oci_repo_job *job, const struct oci_repo_pkg *pkg)
{
	return oci_path_join(job->dir, pkg->path);
}

/* A name that stands in the output is whole: it got it after its digest was right. Bytes that were changed since are
 * found here, too. */
static bool is_there(const struct file *f)
{
	struct oci_digest got;
	struct stat st;

	if (stat(f->path, &st) < 0 || (uint64_t)st.st_size != f->pkg->size)
		return false;
	return oci_hash_file(f->pkg->digest.algorithm, f->path, &got, NULL, NULL) == 0 &&
	       oci_digest_same(&got, &f->pkg->digest);
}

static int add_file(struct fetching *x, struct oci_repo_job *job, const struct oci_repo_pkg *pkg, struct oci_err **err)
{
	auto_free char *path = path_of(job, pkg);
	struct file *known = oci_map_get(&x->by_path, path);

	if (known && !oci_digest_same(&known->pkg->digest, &pkg->digest))
		return oci_fail(err, OCI_CONFLICT, "%s: %s %s and %s %s would have this name", path, known->pkg->name,
				known->pkg->version, pkg->name, pkg->version);
	if (known)
		return 0;
	struct file *f = oci_calloc(1, sizeof(*f));

	*f = (struct file){ .path = oci_steal(&path), .pkg = pkg, .job = job };
	*oci_vec_push(&x->files) = f;
	oci_map_add(&x->by_path, f->path, f);
	f->kept = x->run->what->output && is_there(f);
	void **twin = oci_map_at(&x->by_digest, OCI_DIGEST(&pkg->digest));

	f->twin = *twin;
	if (!*twin || f->kept)
		*twin = f;
	return 0;
}

static void plan_job(struct fetching *x, struct oci_repo_job *job)
{
	for (size_t i = 0; i < job->n && !job->failed; i++)
		for (size_t k = 0; k < job->results[i].closure.n; k++) {
			struct oci_err *err = NULL;

			if (add_file(x, job, &job->results[i].closure.v[k], &err) == 0)
				continue;
			job->failed = true;
			oci_fail_in(&err, "%s", job->os.name);
			oci_failures_add_take(&x->run->failures, &x->run->what->out, &err);
			return;
		}
}

static void fail_file(struct fetching *x, struct file *f, struct oci_err **err)
{
	f->failed = f->job->failed = true;
	oci_fail_in(err, "%s: %s %s", f->job->os.name, f->pkg->name, f->pkg->version);
	oci_failures_add_take(&x->run->failures, &x->run->what->out, err);
}

static int place_local(const struct file *f, const char *from, struct oci_err **err)
{
	if (oci_path_mkdirs_for(f->path, err) < 0)
		return -1;
	remove(f->path); /* what stood there has other bytes */
	return oci_file_place(from, f->path, err);
}

/* --with packages are copied: their owner may go on editing them. */
static int copy_with(const struct file *f, struct oci_err **err)
{
	auto_free char *url = oci_repo_url("file://", f->pkg->local + 1);
	struct oci_repo_get g = { .url = url, .path = f->path, .digest = f->pkg->digest, .size = f->pkg->size };

	oci_repo_get_files(f->job->targets[0].net, &g, 1);
	return g.err ? oci_fail_with(err, &g.err) : 0;
}

static void fetch_missing(struct fetching *x)
{
	auto_free struct oci_repo_get *gets = oci_calloc(x->files.n + 1, sizeof(*gets));
	auto_free struct file **of = oci_calloc(x->files.n + 1, sizeof(*of));
	uint64_t bytes = 0;
	size_t n = 0;

	for (size_t i = 0; i < x->files.n; i++) {
		struct file *f = x->files.v[i];

		if (f->kept || f->twin || f->pkg->local)
			continue;
		of[n] = f;
		bytes += f->pkg->size;
		gets[n++] = (struct oci_repo_get){ .url = f->pkg->url,
						   .path = f->path,
						   .digest = f->pkg->digest,
						   .size = f->pkg->size,
						   .progress = oci_path_base(f->path) };
	}
	oci_progress_plan(&x->run->what->out, n, bytes);
	oci_repo_get_files(x->run->net, gets, n);
	for (size_t i = 0; i < n; i++)
		if (gets[i].err)
			fail_file(x, of[i], &gets[i].err);
}

/* What another repository of this run holds already, and local files. */
static void place_rest(struct fetching *x)
{
	for (size_t i = 0; i < x->files.n; i++) {
		struct file *f = x->files.v[i];
		struct oci_err *err = NULL;
		int rc = 0;

		if (f->kept || f->failed || f->job->failed)
			continue;
		if (f->twin)
			rc = f->twin->failed ? -1 : place_local(f, f->twin->path, &err);
		else if (f->pkg->local)
			rc = copy_with(f, &err);
		if (rc < 0 && err)
			fail_file(x, f, &err);
		else if (rc < 0)
			f->job->failed = true;
	}
}

static void say(const struct fetching *x, const struct oci_repo_job *job, const struct oci_repo_result *r)
{
	for (size_t k = 0; k < r->closure.n; k++) {
		const struct oci_repo_pkg *p = &r->closure.v[k];
		auto_free char *path = path_of(job, p);
		const struct file *f = oci_map_get(&x->by_path, path);

		if (f && !f->failed)
			oci_say(&x->run->what->out, OCI_TEXT("os", job->os.name), OCI_TEXT("arch", r->target->arch),
				OCI_TEXT("package", p->name), OCI_TEXT("version", p->version),
				OCI_NUM("bytes", p->size), OCI_TEXT("state", f->kept ? "kept" : "new"));
	}
}

/* The lists may be the same as before, when a file was lost and is back. */
static int sync_new(const struct fetching *x, struct oci_err **err)
{
	for (size_t i = 0; i < x->files.n; i++)
		if (!x->files.v[i]->kept && !x->files.v[i]->failed)
			return oci_path_sync_all(x->run->what->output, err);
	return 0;
}

int oci_repo_fetch_all(struct oci_repo_run *run, struct oci_err **err)
{
	OCI_AUTO(fetching_clear) struct fetching x = { .run = run };

	for (size_t i = 0; i < run->jobs.n; i++)
		plan_job(&x, &run->jobs.v[i]);
	if (!run->what->dry_run) {
		fetch_missing(&x);
		place_rest(&x);
		if (sync_new(&x, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < run->jobs.n; i++)
		for (size_t k = 0; k < run->jobs.v[i].n; k++)
			say(&x, &run->jobs.v[i], &run->jobs.v[i].results[k]);
	return 0;
}
