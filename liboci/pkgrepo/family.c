#include "pkgrepo/family.h"

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

const struct oci_repo_family *oci_repo_family(enum oci_os_family family)
{
	return family == OCI_OS_APT ? &oci_repo_apt : &oci_repo_yum;
}
