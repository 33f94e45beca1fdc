/* The yum family. */
#include "pkgrepo/family.h"

static int yum_solve(const struct oci_repo_target *t, struct oci_repo_closure *out, const struct oci_strs *why,
		     struct oci_strs *chains, struct oci_err **err)
{
	(void)out;
	(void)why;
	(void)chains;
	return oci_fail(err, OCI_UNSUPPORTED, "%s: yum repositories are not made by this version", t->os->name);
}

static int yum_write(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		     struct oci_err **err)
{
	(void)results;
	(void)n;
	return oci_fail(err, OCI_UNSUPPORTED, "%s: yum repositories are not made by this version", place->dir);
}

static int yum_list(const char *dir, struct oci_strs *paths, struct oci_err **err)
{
	(void)paths;
	return oci_fail(err, OCI_UNSUPPORTED, "%s: yum repositories are not read by this version", dir);
}

static int yum_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		     struct oci_err **err)
{
	(void)arch;
	(void)t;
	return yum_list(place->dir, NULL, err);
}

static bool yum_is_repo(const char *dir)
{
	(void)dir;
	return false;
}

const struct oci_repo_family oci_repo_yum = {
	.solve = yum_solve,
	.write = yum_write,
	.list = yum_list,
	.prove = yum_prove,
	.is_repo = yum_is_repo,
};
