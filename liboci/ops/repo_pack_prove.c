/* repo-pack: reading repositories back, and taking away what they no longer name. */
#include "base/map.h"
#include "base/path.h"
#include "ops/repo_pack_int.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int add_key(void *ctx, const char *name, struct oci_err **err)
{
	struct oci_strs *keys = ctx;
	const char *dir = keys->v[0];

	(void)err;
	if (oci_ends(name, ".asc") || oci_ends(name, ".gpg"))
		oci_strs_add_take(keys, oci_path_join(dir, name));
	return 0;
}

/* The keys of repos/ at or above a repository, as they are shipped to the nodes. */
static int find_keys(const char *dir, struct oci_strs *keys, struct oci_err **err)
{
	auto_free char *at = realpath(dir, NULL);

	for (int up = 0; at && up < 6; up++) {
		auto_free char *repos = oci_path_join(at, "repos");

		if (oci_path_is_dir(repos)) {
			auto_strs struct oci_strs found = { 0 };

			oci_strs_add(&found, repos);
			if (oci_path_each(repos, add_key, &found, err) < 0)
				return -1;
			for (size_t i = 1; i < found.n; i++)
				oci_strs_add(keys, found.v[i]);
			return 0;
		}
		auto_free char *below = at;

		at = oci_path_parent(below);
	}
	return 0;
}

int oci_repo_prove_job(const struct oci_repo_run *run, const struct oci_repo_job *job, struct oci_err **err)
{
	struct oci_repo_place place = { .dir = job->dir, .os = &job->os, .out = &run->what->out };
	int rc = find_keys(job->dir, &place.keys, err);

	for (size_t i = 0; i < job->n && rc == 0; i++)
		rc = oci_repo_family(job->os.family)->prove(&place, job->targets[i].arch, &job->targets[i], err);
	oci_strs_clear(&place.keys);
	return rc < 0 ? oci_fail_in(err, "read back") : 0;
}

struct searching {
	const struct oci_repo_pack *what;
	const struct oci_repo_target *target;
	const char *dir;
	int depth;
	size_t *found;
	struct oci_strs *proved; /* CPUs */
	struct oci_failures *failures;
};

static int prove_at(const struct searching *s, const char *dir, enum oci_os_family family, struct oci_err **err)
{
	struct oci_repo_place place = { .dir = dir, .out = &s->what->out, .proved = s->proved };
	int rc = find_keys(dir, &place.keys, err);

	if (rc == 0)
		rc = oci_repo_family(family)->prove(&place, NULL, s->target, err);
	oci_strs_clear(&place.keys);
	return rc;
}

static int search(void *ctx, const char *name, struct oci_err **err);

static int look_at(const struct searching *s, const char *dir, struct oci_err **err)
{
	static const enum oci_os_family families[] = { OCI_OS_APT, OCI_OS_YUM };
	struct searching below = *s;

	for (size_t i = 0; i < OCI_COUNT(families); i++) {
		struct oci_err *why = NULL;

		if (!oci_repo_family(families[i])->is_repo(dir))
			continue;
		++*s->found;
		if (prove_at(s, dir, families[i], &why) < 0)
			oci_failures_add_take(s->failures, &s->what->out, &why);
		else
			oci_say(&s->what->out, OCI_TEXT("repository", dir), OCI_TEXT("state", "proved"));
		return 0;
	}
	below.dir = dir;
	below.depth++;
	return below.depth > 5 ? 0 : oci_path_each(dir, search, &below, err);
}

static int search(void *ctx, const char *name, struct oci_err **err)
{
	const struct searching *s = ctx;
	auto_free char *path = oci_path_join(s->dir, name);

	return oci_path_is_dir(path) ? look_at(s, path, err) : 0;
}

/* The CPU that an entry ends in ("curl.arm64", "curl:arm64=8.0"), in apt's words; NULL: none. */
static const char *cpu_of(const char *entry)
{
	auto_free char *name = oci_strndup(entry, strcspn(entry, "="));
	const char *at = strrchr(name, ':');

	if (!at)
		at = strrchr(name, '.');
	return at ? oci_os_arch(OCI_OS_APT, at + 1) : NULL;
}

/* An entry for one CPU concerns the repositories of that CPU alone; there must be one. */
static void check_cpus(const struct searching *s, const struct oci_wants *wants)
{
	for (size_t i = 0; i < wants->n; i++) {
		const char *cpu = cpu_of(wants->v[i].text);
		struct oci_err *err = NULL;
		bool found = !cpu;

		for (size_t k = 0; k < s->proved->n && !found; k++)
			found = oci_streq(oci_os_arch(OCI_OS_APT, s->proved->v[k]), cpu);
		if (found)
			continue;
		oci_fail(&err, OCI_NOTFOUND, "%s: %s: no repository here is for this CPU", wants->v[i].where,
			 wants->v[i].text);
		oci_failures_add_take(s->failures, &s->what->out, &err);
	}
}

/* What is asked of every run would be passed over here. */
static int check_alone(const struct oci_repo_pack *what, struct oci_err **err)
{
	const struct {
		const char *option;
		bool given;
	} others[] = { { "--os", what->os.n },	   { "--arch", what->arch.n }, { "-o", what->output },
		       { "--with", what->with.n }, { "--why", what->why.n },   { "--groups", what->groups.n },
		       { "--lock", what->lock },   { "--prune", what->prune }, { "--sign-key", what->sign_key } };

	for (size_t i = 0; i < OCI_COUNT(others); i++)
		if (others[i].given)
			return oci_fail(err, OCI_USAGE, "--prove: %s does not go with it", others[i].option);
	return 0;
}

int oci_repo_prove_all(const struct oci_repo_pack *what, struct oci_err **err)
{
	auto_wants struct oci_wants wants = { 0 };
	auto_list struct oci_list list = { 0 }, base = { 0 };
	auto_failures struct oci_failures failures = { 0 };
	auto_strs struct oci_strs cpus = { 0 }, proved = { 0 };
	struct oci_os os = { .name = (char *)(uintptr_t)what->prove, .codename = (char *)(uintptr_t) "" };
	const struct oci_repo_target target = { .os = &os,
						.arches = &cpus,
						.wants = &wants,
						.base = what->base ? &base : NULL,
						.out = &what->out,
						.recommends = what->recommends,
						.with_essential = what->with_essential };
	size_t found = 0;

	if (check_alone(what, err) < 0)
		return -1;
	oci_os_arches(&cpus);
	if ((what->lists.n || (what->operands && what->operands[0])) &&
	    oci_list_gather(&list,
			    &(struct oci_list_args){ .files = what->lists.v,
						     .n_files = what->lists.n,
						     .operands = what->operands,
						     .what = "packages" },
			    err) < 0)
		return -1;
	oci_wants_add_list(&wants, &list);
	if (oci_repo_base_load(what, &base, err) < 0)
		return -1;
	if (!oci_path_is_dir(what->prove))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", what->prove);
	const struct searching s = {
		.what = what, .target = &target, .found = &found, .proved = &proved, .failures = &failures
	};

	if (look_at(&s, what->prove, err) < 0)
		return -1;
	if (!found)
		return oci_fail(err, OCI_NOTFOUND, "%s: no repository here: neither dists, Packages nor repodata",
				what->prove);
	check_cpus(&s, &wants);
	return oci_failures_end(&failures, found > failures.n ? found : failures.n, err);
}

struct pruning {
	const char *dir;   /* of the repository */
	const char *below; /* what is looked at, relative to it; "" is all */
	const struct oci_map *named;
	size_t taken;
};

/* Metadata of an earlier run has its hash in its name: readers in the middle of their work still find it. */
static bool is_old_list(const char *rel, const char *name)
{
	return strstr(rel, "repodata/") && strspn(name, "0123456789abcdef") == 64 && name[64] == '-';
}

static bool may_go(const char *rel, const char *name)
{
	return oci_ends(name, ".deb") || oci_ends(name, ".rpm") || oci_ends(name, ".partial") || is_old_list(rel, name);
}

static int prune_entry(void *ctx, const char *name, struct oci_err **err)
{
	struct pruning *p = ctx;
	auto_free char *rel = *p->below ? oci_path_join(p->below, name) : oci_strdup(name);
	auto_free char *path = oci_path_join(p->dir, rel);
	struct stat st;

	if (lstat(path, &st) < 0)
		return oci_fail_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode)) {
		struct pruning deeper = { p->dir, rel, p->named, 0 };

		if (oci_path_each(path, prune_entry, &deeper, err) < 0)
			return -1;
		p->taken += deeper.taken;
		rmdir(path); /* only when nothing is left in it */
		return 0;
	}
	if (oci_map_has(p->named, rel) || !may_go(rel, name))
		return 0;
	if (unlink(path) < 0)
		return oci_fail_errno(err, "cannot remove %s", path);
	p->taken++;
	return 0;
}

int oci_repo_prune(const struct oci_repo_run *run, const struct oci_repo_job *job, struct oci_err **err)
{
	auto_strs struct oci_strs paths = { 0 };
	auto_map struct oci_map named = { 0 };

	if (oci_repo_family(job->os.family)->list(job->dir, &paths, err) < 0)
		return -1;
	for (size_t i = 0; i < paths.n; i++)
		*oci_map_at(&named, paths.v[i]) = &paths;
	struct pruning p = { job->dir, "", &named, 0 };

	if (oci_path_each(job->dir, prune_entry, &p, err) < 0)
		return -1;
	if (p.taken)
		oci_note(&run->what->out, "%s: %zu files taken away", job->dir, p.taken);
	return 0;
}
