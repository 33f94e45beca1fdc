/* Shared by the files of the yum family. */
#ifndef OCI_PKGREPO_YUM_INT_H
#define OCI_PKGREPO_YUM_INT_H

#include "pkgrepo/family.h"
#include "pkgrepo/rpmmd_comps.h"
#include "pkgrepo/yum_pool.h"

char *oci_yum_apart_dir(const char *dir, const char *arch); /* the caller's to free */

/* Assume the packages of a list installed; in a pool that is ready. */
void oci_yum_base_assume(struct oci_yum_pool *p, const struct oci_list *list);

/* Hide what the repositories' exclude and include leave out; before the pool is ready. */
void oci_yum_exclude(struct oci_yum_pool *p);

/* Solve a target's wants in a pool to which everything was added, and fill the closure. */
int oci_yum_solve_pool(const struct oci_repo_target *t, const struct oci_wants *wants, struct oci_yum_pool *pool,
		       const struct oci_rpm_comps *comps, struct oci_repo_closure *out, const struct oci_strs *why,
		       struct oci_strs *chains, struct oci_err **err);

struct oci_reader;

/* A repository in a folder: its repomd.xml, not verified, and a reader of one of its files, hashes checked. */
int oci_yum_local_repomd(const char *dir, struct oci_repomd *out, struct oci_err **err);
int oci_yum_local_open(const char *dir, const struct oci_repomd_data *data, struct oci_reader *out,
		       struct oci_err **err);

/* Fill the closure from what was chosen. */
int oci_yum_closure_list(const struct oci_yum_pool *pool, const Queue *chosen, struct oci_repo_closure *out,
			 struct oci_err **err);

/* Fetch what filelists and other say of the packages, unless it is there. */
int oci_yum_entries_fill(const struct oci_repo_result *r, struct oci_err **err);

int oci_yum_write(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		  struct oci_err **err);
int oci_yum_list(const char *dir, struct oci_strs *paths, struct oci_err **err);
int oci_yum_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		  struct oci_err **err);
bool oci_yum_is_repo(const char *dir);

#endif
