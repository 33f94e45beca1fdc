/* Shared by the files of the apt family. */
#ifndef OCI_PKGREPO_APT_INT_H
#define OCI_PKGREPO_APT_INT_H

#include "pkgrepo/apt_index.h"
#include "pkgrepo/family.h"

/* Fill p from a stanza; what it names must stay inside the archive. */
int oci_apt_pkg_read(const struct oci_apt_index *ix, const struct oci_apt_pkg *pkg, const struct oci_os *os,
		     struct oci_repo_pkg *p, struct oci_err **err);

int oci_apt_write(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		  struct oci_err **err);
int oci_apt_list(const char *dir, struct oci_strs *paths, struct oci_err **err);
int oci_apt_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		  struct oci_err **err);
bool oci_apt_is_repo(const char *dir);

/* Solve a target's wants from an index. */
int oci_apt_solve_index(const struct oci_repo_target *t, const struct oci_wants *wants, const struct oci_apt_index *ix,
			struct oci_repo_closure *out, const struct oci_strs *why, struct oci_strs *chains,
			struct oci_err **err);

#endif
