/* Shared by the files of the apt family. */
#ifndef OCI_PKGREPO_APT_INT_H
#define OCI_PKGREPO_APT_INT_H

#include "pkgrepo/apt_index.h"
#include "pkgrepo/family.h"

struct oci_release;

/* Fill p from a stanza; what it names must stay inside the archive. */
int oci_apt_pkg_read(const struct oci_apt_index *ix, const struct oci_apt_pkg *pkg, const struct oci_os *os,
		     struct oci_repo_pkg *p, struct oci_err **err);

/* Where its file lies, as Filename says, without a "./" in front; empty when it does not say. */
struct oci_slice oci_apt_stanza_path(struct oci_slice stanza);

/* Size, and SHA256 or else SHA512, of a package's file. */
int oci_apt_stanza_sum(struct oci_slice stanza, struct oci_digest *digest, uint64_t *size, struct oci_err **err);

int oci_apt_write(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		  struct oci_err **err);
int oci_apt_list(const char *dir, struct oci_strs *paths, struct oci_err **err);
int oci_apt_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		  struct oci_err **err);
bool oci_apt_is_repo(const char *dir);

/* Read InRelease, or Release with Release.gpg, of a folder. It is checked by place's keys; without a key, or without a
 * signature, what it says is taken as it is, with a note. */
int oci_apt_release_local(const struct oci_repo_place *place, const char *dir, struct oci_release *out, bool *found,
			  struct oci_err **err);

/* Solve a target's wants from an index. */
int oci_apt_solve_index(const struct oci_repo_target *t, const struct oci_wants *wants, const struct oci_apt_index *ix,
			struct oci_repo_closure *out, const struct oci_strs *why, struct oci_strs *chains,
			struct oci_err **err);

#endif
