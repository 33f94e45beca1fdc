#include "ops/to_registry.h"

#include "base/lock.h"
#include "ops/input.h"
#include "ops/to_registry_int.h"
#include "storage/check.h"

#include <sys/stat.h>

static void report(const struct tr_run *r, const struct tr_job *job, const char *repository, const char *state)
{
	const struct oci_out *out = &r->what->out;
	const char *digest = OCI_DIGEST(&job->digest), *tag = job->name ? job->target.tag : NULL;
	auto_free char *place = oci_printf("%s%s%s", repository, tag ? ":" : "@", tag ? tag : digest);
	auto_free char *own = oci_printf("docker.io/%s", place);
	const char *name = job->name ? job->name : own;

	if (out->json)
		oci_say(out, OCI_TEXT("name", name), OCI_TEXT("digest", digest), OCI_TEXT("state", state),
			OCI_TEXT("target", place));
	else
		oci_say(out, OCI_TEXT("name", name), OCI_TEXT("digest", digest), OCI_TEXT("state", state));
	oci_progress(out, OCI_EVENT_END, name, 0, state);
}

static void place(struct tr_run *r, struct tr_job *job, const char *repository, struct oci_failures *failures)
{
	const char *state, *name = job->name ? job->name : OCI_DIGEST(&job->digest);
	struct oci_err *e = NULL;

	oci_progress(&r->what->out, OCI_EVENT_BEGIN, name, 0, NULL);
	if (tr_place(r, job, repository, &state, &e) == 0) {
		job->done = true;
		report(r, job, repository, state);
		return;
	}
	if (oci_err_code(e) != OCI_CONFLICT || !r->what->keep_tags)
		oci_fail_in(&e, "%s", job->name ? job->name : job->parts.v[0].layout->dir);
	oci_failures_add_take(failures, &r->what->out, &e);
}

/* Place what waited for its subject and sees it placed now; whatever that is may be a subject itself. */
static bool place_waiting(struct tr_run *r, struct tr_job *job, struct oci_failures *failures)
{
	const struct oci_strs *repositories = tr_placed(r, &job->subject);

	if (!repositories || (job->name && !oci_strs_has(repositories, job->target.repository)))
		return false;
	job->waits = false;
	for (size_t i = 0; i < repositories->n; i++)
		if (!job->name || oci_streq(repositories->v[i], job->target.repository))
			place(r, job, repositories->v[i], failures);
	return true;
}

static void place_all(struct tr_run *r, struct oci_failures *failures)
{
	const struct tr_plan *plan = r->plan;
	bool more = true;

	for (size_t i = 0; i < plan->jobs.n; i++)
		if (!plan->jobs.v[i]->waits)
			place(r, plan->jobs.v[i], plan->jobs.v[i]->target.repository, failures);
	while (more) {
		more = false;
		for (size_t i = 0; i < plan->jobs.n; i++)
			if (plan->jobs.v[i]->waits)
				more |= place_waiting(r, plan->jobs.v[i], failures);
	}
}

/* A referrer without a name whose subject nobody brought: with names given that is as it should be. */
static void fail_stranded(const struct tr_run *r, struct oci_failures *failures)
{
	for (size_t i = 0; i < r->plan->jobs.n && !r->plan->chosen.some; i++) {
		const struct tr_job *job = r->plan->jobs.v[i];
		struct oci_err *e = NULL;

		if (!job->waits)
			continue;
		oci_fail(&e, OCI_NOTFOUND,
			 "%s: index.json: %s refers to %s, which was not placed, and has no name of its own",
			 job->parts.v[0].layout->dir, OCI_DIGEST(&job->digest), OCI_DIGEST(&job->subject));
		oci_failures_add_take(failures, &r->what->out, &e);
	}
}

static void verify(const struct tr_run *r, struct oci_failures *failures)
{
	auto_store_check struct oci_store_check *check = oci_store_check_new(r->store);

	for (size_t i = 0; i < r->plan->jobs.n; i++) {
		const struct tr_job *job = r->plan->jobs.v[i];
		const char *tag = job->target.tag;
		struct oci_digest subject;
		struct oci_err *e = NULL;

		if (!job->done || !job->name)
			continue;
		/* the index of referrers under such a tag may have grown */
		if (tag && oci_fallback_subject(tag, &subject))
			tag = NULL;
		if (oci_store_check_image(check, job->target.repository, tag, &job->digest, &e) == 0)
			continue;
		oci_fail_in(
			&e,
			"%s: damaged in the store; remove the file, mend the layout by oci-fetch --verify, run again",
			job->name);
		oci_failures_add_take(failures, &r->what->out, &e);
	}
}

static int open_run(struct tr_run *r, int *lock, struct oci_err **err)
{
	const struct oci_to_registry *what = r->what;
	const char *dir;

	if (oci_output_path(what->output, "registry:", &dir, err) < 0 || oci_lock_dir(dir, &what->out, lock, err) < 0 ||
	    oci_store_create(&r->store, dir, err) < 0)
		return -1;
	r->writer = oci_store_writer_new(r->store, what->copy);
	r->fallback = oci_fallback_new();
	return 0;
}

static int carry_out(const struct tr_plan *plan, const struct oci_to_registry *what, struct oci_failures *failures,
		     struct oci_err **err)
{
	OCI_AUTO(tr_run_clear) struct tr_run r = { .what = what, .plan = plan };
	auto_fd int lock = -1;

	if (open_run(&r, &lock, err) < 0)
		return -1;
	oci_progress_plan(&what->out, plan->jobs.n, 0);
	place_all(&r, failures);
	fail_stranded(&r, failures);
	if (oci_fallback_write(r.fallback, r.store, r.writer, err) < 0 || oci_store_sync(r.store, err) < 0)
		return -1;
	if (what->verify)
		verify(&r, failures);
	return 0;
}

static int check_settings(const struct oci_to_registry *what, struct oci_err **err)
{
	if (!what->inputs.n)
		return oci_fail(err, OCI_USAGE, "no layout given; name it with -i LAYOUT");
	if (!what->output)
		return oci_fail(err, OCI_USAGE, "no store given; name it with -o STORE");
	struct oci_slice prefix = oci_slice(what->prefix ? what->prefix : "");

	if (prefix.len > 1 && prefix.p[prefix.len - 1] == '/')
		prefix.len--;
	if (what->prefix && !oci_ref_valid_repository(prefix))
		return oci_fail(err, OCI_USAGE, "--prefix: \"%s\": not lower-case components as repositories have them",
				what->prefix);
	return 0;
}

int oci_to_registry_run(const struct oci_to_registry *what, struct oci_err **err)
{
	OCI_AUTO(tr_plan_clear) struct tr_plan plan = { 0 };
	auto_failures struct oci_failures failures = { 0 };

	if (check_settings(what, err) < 0 || tr_plan_make(&plan, what, &failures, err) < 0)
		return -1;
	/* Whoever runs the registry must be able to read what is written here. */
	size_t total = plan.jobs.n + failures.n;
	mode_t mask = umask(022);
	int rc = carry_out(&plan, what, &failures, err);

	umask(mask);
	return rc < 0 ? -1 : oci_failures_end(&failures, total, err);
}

void oci_to_registry_clear(struct oci_to_registry *what)
{
	oci_strs_clear(&what->inputs);
	oci_strs_clear(&what->lists);
}
