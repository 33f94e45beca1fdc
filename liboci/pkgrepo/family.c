#include "pkgrepo/family.h"

#include "base/path.h"

#include <stdlib.h>

void oci_repo_pkg_clear(struct oci_repo_pkg *p)
{
	free(p->name);
	free(p->version);
	free(p->arch);
	free(p->url);
	free(p->local);
	free(p->path);
	free(p->stanza);
	free(p->files);
	free(p->other);
	*p = (struct oci_repo_pkg){ 0 };
}

void oci_repo_closure_clear(struct oci_repo_closure *c)
{
	for (size_t i = 0; i < c->n; i++)
		oci_repo_pkg_clear(&c->v[i]);
	free(c->v);
	*c = (struct oci_repo_closure){ 0 };
}

bool oci_repo_needs_apart(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n)
{
	auto_free char *dir = oci_path_join(place->dir, OCI_REPO_APART);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < results[i].closure.n; k++)
			if (results[i].closure.v[k].apart)
				return true;
	return oci_path_is_dir(dir);
}

const struct oci_repo_family *oci_repo_family(enum oci_os_family family)
{
	return family == OCI_OS_APT ? &oci_repo_apt : &oci_repo_yum;
}
