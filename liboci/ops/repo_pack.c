#include "ops/repo_pack.h"

#include "base/date.h"
#include "base/lock.h"
#include "base/path.h"
#include "ops/repo_pack_int.h"
#include "pkgrepo/cache.h"
#include "pkgrepo/client.h"
#include "pkgrepo/get.h"
#include "pkgrepo/pgp.h"
#include "pkgrepo/repo_lock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static void job_clear(struct oci_repo_job *j)
{
	for (size_t i = 0; i < j->n; i++) {
		oci_repo_closure_clear(&j->results[i].closure);
		oci_strs_clear(&j->chains[i]);
	}
	oci_os_clear(&j->os);
	oci_wants_clear(&j->wants);
	free(j->dir);
}

static void run_clear(struct oci_repo_run *r)
{
	for (size_t i = 0; i < r->jobs.n; i++)
		job_clear(&r->jobs.v[i]);
	free(r->jobs.v);
	oci_repo_net_free(r->net);
	oci_strs_clear(&r->arches);
	oci_list_clear(&r->base);
	free(r->cache);
	oci_failures_clear(&r->failures);
}

/* "amd64,arm64" and repeated options alike. */
static void list_arches(const struct oci_strs *given, struct oci_strs *out)
{
	for (size_t i = 0; i < given->n; i++) {
		auto_free char *copy = oci_strdup(given->v[i]);
		char *rest = copy, *name;

		while ((name = strsep(&rest, ",")))
			if (*name && !oci_strs_has(out, name))
				oci_strs_add(out, name);
	}
	struct utsname machine;

	if (!out->n && uname(&machine) == 0)
		oci_strs_add(out, machine.machine);
}

static int add_target(const struct oci_repo_run *run, struct oci_repo_job *job, const char *arch, struct oci_err **err)
{
	const struct oci_repo_pack *what = run->what;
	struct oci_repo_target *t = &job->targets[job->n];

	if (job->n == OCI_COUNT(job->targets))
		return oci_fail(err, OCI_USAGE, "--arch: more than %zu CPUs", OCI_COUNT(job->targets));
	*t = (struct oci_repo_target){ .os = &job->os,
				       .arches = &run->arches,
				       .wants = &job->wants,
				       .with = &what->with,
				       .base = what->base ? &run->base : NULL,
				       .recommends = what->recommends,
				       .with_essential = what->with_essential,
				       .net = run->net,
				       .cache = run->cache,
				       .out = &what->out };
	if (oci_os_need_arch(&job->os, arch, &t->arch, err) < 0)
		return -1;
	for (size_t i = 0; i < job->n; i++)
		if (oci_streq(job->targets[i].arch, t->arch))
			return 0;
	job->results[job->n].target = t;
	job->n++;
	return 0;
}

/* Where a job's repository stands; below nothing in a dry run, which only compares the paths. */
static char *dir_of(const struct oci_repo_pack *what, const struct oci_os *os)
{
	if (oci_streq(os->output, "."))
		return oci_strdup(what->output ? what->output : ".");
	return what->output ? oci_path_join(what->output, os->output) : oci_strdup(os->output);
}

static bool is_flat(const struct oci_os *os)
{
	return oci_streq(os->layout, "flat");
}

/* Two systems may share a folder, but not the lists in it. */
static int check_apart(const struct oci_repo_run *run, const struct oci_repo_job *job, struct oci_err **err)
{
	for (size_t i = 0; i + 1 < run->jobs.n; i++) {
		const struct oci_repo_job *other = &run->jobs.v[i];

		if (oci_streq(other->os.name, job->os.name))
			return oci_fail(err, OCI_USAGE, "--os %s: given twice", job->os.name);
		bool one_list =
			is_flat(&other->os) || is_flat(&job->os) || oci_streq(other->os.codename, job->os.codename);

		if (oci_streq(other->dir, job->dir) && one_list)
			return oci_fail(err, OCI_CONFLICT, "%s and %s would both be written to %s", other->os.name,
					job->os.name, job->dir);
	}
	return 0;
}

static int add_job(struct oci_repo_run *run, const char *os, const struct oci_list *plain, struct oci_err **err)
{
	struct oci_repo_job *job = oci_vec_push(&run->jobs);

	if (oci_os_find(os, &job->os, err) < 0)
		return oci_fail_in(err, "--os");
	job->dir = dir_of(run->what, &job->os);
	if (check_apart(run, job, err) < 0)
		return -1;
	return oci_repo_job_wants(run->what, plain, job, err);
}

/* Targets point into their jobs: only when no job is added any more. */
static int add_targets(struct oci_repo_run *run, struct oci_err **err)
{
	for (size_t i = 0; i < run->jobs.n; i++)
		for (size_t k = 0; k < run->arches.n; k++)
			if (add_target(run, &run->jobs.v[i], run->arches.v[k], err) < 0)
				return -1;
	return 0;
}

static bool is_yaml(const char *operand)
{
	return oci_ends(operand, ".yaml") || oci_ends(operand, ".yml");
}

/* Names and lists, but not packages.yaml. stdin is read when nothing else is given. */
static int gather_plain(const struct oci_repo_pack *what, struct oci_list *plain, struct oci_err **err)
{
	auto_free char **names = NULL;
	size_t n = 0, count = 0;

	while (what->operands && what->operands[count])
		count++;
	names = oci_calloc(count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		if (!is_yaml(what->operands[i]))
			names[n++] = what->operands[i];
	if ((n < count || what->with.n || what->with_essential) && !n && !what->lists.n)
		return 0; /* there is something to do without a list */
	return oci_list_gather(
		plain,
		&(struct oci_list_args){
			.files = what->lists.v, .n_files = what->lists.n, .operands = names, .what = "packages" },
		err);
}

static int plan(struct oci_repo_run *run, struct oci_err **err)
{
	const struct oci_repo_pack *what = run->what;
	auto_list struct oci_list plain = { 0 };

	list_arches(&what->arch, &run->arches);
	if (gather_plain(what, &plain, err) < 0)
		return -1;
	for (size_t i = 0; i < what->os.n; i++)
		if (add_job(run, what->os.v[i], &plain, err) < 0)
			return -1;
	return add_targets(run, err);
}

static void solve_job(struct oci_repo_run *run, struct oci_repo_job *job)
{
	const struct oci_repo_family *family = oci_repo_family(job->os.family);

	for (size_t i = 0; i < job->n; i++) {
		struct oci_err *err = NULL;

		if (family->solve(&job->targets[i], &job->results[i].closure, &run->what->why, &job->chains[i], &err) ==
		    0)
			continue;
		job->failed = true;
		oci_fail_in(&err, "%s %s", job->os.name, job->targets[i].arch);
		oci_failures_add_take(&run->failures, &run->what->out, &err);
	}
}

/* Lists are fetched and unpacked in the cache: the runs that share it take turns, wherever they write to. */
static int take_turn(const struct oci_repo_run *run, int *turn, struct oci_err **err)
{
	return oci_lock_dir(run->cache, &run->what->out, turn, err);
}

static int solve_all(struct oci_repo_run *run, struct oci_err **err)
{
	auto_fd int turn = -1;

	if (take_turn(run, &turn, err) < 0)
		return -1;
	for (size_t i = 0; i < run->jobs.n; i++)
		solve_job(run, &run->jobs.v[i]);
	return 0;
}

static void say_chains(const struct oci_repo_run *run)
{
	for (size_t i = 0; i < run->jobs.n; i++) {
		const struct oci_repo_job *j = &run->jobs.v[i];

		for (size_t k = 0; k < j->n; k++)
			for (size_t c = 0; c < j->chains[k].n; c++)
				oci_say(&run->what->out, OCI_TEXT("os", j->os.name),
					OCI_TEXT("arch", j->targets[k].arch), OCI_TEXT("package", run->what->why.v[c]),
					OCI_TEXT("chain",
						 *j->chains[k].v[c] ? j->chains[k].v[c] : "not in the closure"));
	}
}

static int write_job(const struct oci_repo_run *run, const struct oci_repo_job *job, struct oci_signer *signer,
		     int64_t date, struct oci_err **err)
{
	const struct oci_repo_place place = {
		.dir = job->dir, .os = &job->os, .signer = signer, .date = date, .out = &run->what->out
	};
	auto_fd int turn = -1;

	if (take_turn(run, &turn, err) < 0 ||
	    oci_repo_family(job->os.family)->write(&place, job->results, job->n, err) < 0 ||
	    oci_client_write(run->what->output, &job->os, signer, err) < 0)
		return -1;
	if (run->what->prune && oci_repo_prune(run, job, err) < 0)
		return -1;
	return oci_repo_prove_job(run, job, err);
}

static void write_all(struct oci_repo_run *run, struct oci_signer *signer, int64_t date)
{
	for (size_t i = 0; i < run->jobs.n; i++) {
		struct oci_repo_job *job = &run->jobs.v[i];
		struct oci_err *why = NULL;

		if (job->failed || write_job(run, job, signer, date, &why) == 0)
			continue;
		job->failed = true;
		oci_fail_in(&why, "%s", job->os.name);
		oci_failures_add_take(&run->failures, &run->what->out, &why);
	}
}

static int save_lock(const struct oci_repo_run *run, struct oci_err **err)
{
	OCI_VEC(struct oci_repo_result) all = { 0 };
	int rc;

	/* a lock of half a run would look like that of a whole one */
	if (!run->what->lock || run->what->locked || run->failures.n)
		return 0;
	for (size_t i = 0; i < run->jobs.n; i++)
		for (size_t k = 0; k < run->jobs.v[i].n; k++)
			*oci_vec_push(&all) = run->jobs.v[i].results[k];
	rc = oci_repo_lock_save(run->what->lock, all.v, all.n, err);
	free(all.v);
	return rc;
}

/* The key is looked at before anything is downloaded that it shall sign. */
static int make(struct oci_repo_run *run, struct oci_err **err)
{
	auto_signer struct oci_signer *signer = NULL;
	auto_fd int lock = -1;
	int64_t date;

	if (oci_lock_dir(run->what->output, &run->what->out, &lock, err) < 0 || oci_date_source(&date, err) < 0 ||
	    oci_signer_open(&signer, run->what->sign_key, date, err) < 0 || oci_repo_fetch_all(run, err) < 0)
		return -1;
	write_all(run, signer, date);
	return save_lock(run, err);
}

static int act(struct oci_repo_run *run, struct oci_err **err)
{
	if (run->what->why.n)
		say_chains(run);
	else if (run->what->dry_run)
		return oci_repo_fetch_all(run, err);
	else
		return make(run, err);
	return 0;
}

static int check(const struct oci_repo_pack *what, struct oci_err **err)
{
	if (!what->os.n)
		return oci_fail(err, OCI_USAGE, "no --os given");
	if (!what->output && !what->dry_run && !what->why.n)
		return oci_fail(err, OCI_USAGE, "no -o DIR given");
	if (what->locked && !what->lock)
		return oci_fail(err, OCI_USAGE, "--locked: no --lock FILE given");
	return 0;
}

/* Of what failures are counted: a CPU of a system fails, or what was made of it does. */
static size_t count_targets(const struct oci_repo_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->jobs.n; i++)
		n += run->jobs.v[i].n;
	return n > run->failures.n ? n : run->failures.n;
}

static int pack(struct oci_repo_run *run, struct oci_err **err)
{
	const struct oci_repo_pack *what = run->what;
	const struct oci_repo_net_settings net = { .jobs = (uint32_t)what->jobs,
						   .mirrors = &what->mirrors,
						   .out = &what->out };
	auto_repo_lock struct oci_repo_lock lock = { 0 };

	if (check(what, err) < 0 || oci_repo_base_load(what, &run->base, err) < 0 ||
	    oci_repo_net_new(&run->net, &net, err) < 0 || oci_repo_cache_dir(&run->cache, err) < 0 ||
	    plan(run, err) < 0 || (what->locked && oci_repo_lock_load(what->lock, &lock, err) < 0))
		return -1;
	for (size_t i = 0; i < run->jobs.n && what->locked; i++)
		for (size_t k = 0; k < run->jobs.v[i].n; k++)
			run->jobs.v[i].targets[k].locked = &lock;
	if (solve_all(run, err) < 0 || act(run, err) < 0)
		return -1;
	return oci_failures_end(&run->failures, count_targets(run), err);
}

int oci_repo_pack_run(const struct oci_repo_pack *what, struct oci_err **err)
{
	OCI_AUTO(run_clear) struct oci_repo_run run = { .what = what };

	if (what->prove)
		return oci_repo_prove_all(what, err);
	return pack(&run, err);
}

void oci_repo_pack_clear(struct oci_repo_pack *what)
{
	struct oci_strs *const lists[] = { &what->os,	   &what->arch, &what->groups, &what->with,
					   &what->mirrors, &what->why,	&what->lists };

	for (size_t i = 0; i < OCI_COUNT(lists); i++)
		oci_strs_clear(lists[i]);
}
