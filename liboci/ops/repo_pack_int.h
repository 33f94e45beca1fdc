/* Shared by the files of repo-pack. */
#ifndef OCI_OPS_REPO_PACK_INT_H
#define OCI_OPS_REPO_PACK_INT_H

#include "base/list.h"
#include "ops/repo_pack.h"
#include "pkgrepo/family.h"

struct oci_repo_net;

/* One OS with its CPUs: what ends up in one output folder. */
struct oci_repo_job {
	struct oci_os os;
	struct oci_wants wants;
	struct oci_repo_target targets[8];
	struct oci_repo_result results[8];
	struct oci_strs chains[8]; /* of --why */
	size_t n;
	char *dir; /* OUT/os.output; without OUT in a dry run */
	bool failed;
};

struct oci_repo_run {
	const struct oci_repo_pack *what;
	OCI_VEC(struct oci_repo_job) jobs;
	struct oci_strs arches;
	struct oci_list base; /* --base, read once: it may be a pipe */
	struct oci_repo_net *net;
	char *cache;
	struct oci_failures failures;
};

/* The packages of --base, when there is one. */
int oci_repo_base_load(const struct oci_repo_pack *what, struct oci_list *out, struct oci_err **err);

/* The wants of a job: of packages.yaml what its OS takes, plain lists and names as they are. */
int oci_repo_job_wants(const struct oci_repo_pack *what, const struct oci_list *plain, struct oci_repo_job *job,
		       struct oci_err **err);

/* Bring every package of the jobs that did not fail into its place, each file once; records are written. A job whose
 * package cannot be had is marked failed. */
int oci_repo_fetch_all(struct oci_repo_run *run, struct oci_err **err);

/* Take files away that no list of the job's repository names. */
int oci_repo_prune(const struct oci_repo_run *run, const struct oci_repo_job *job, struct oci_err **err);

/* --prove DIR: every repository at or below it. */
int oci_repo_prove_all(const struct oci_repo_pack *what, struct oci_err **err);

/* Read a job's repository back and solve again. */
int oci_repo_prove_job(const struct oci_repo_run *run, const struct oci_repo_job *job, struct oci_err **err);

#endif
