/* Metalinks of rpm-md repositories: where repomd.xml lies, and what it may hash to.
 * https://www.rfc-editor.org/rfc/rfc5854 describes the later form; mirror managers write version 3.0. */
#ifndef OCI_PKGREPO_RPMMD_METALINK_H
#define OCI_PKGREPO_RPMMD_METALINK_H

#include "base/err.h"
#include "base/vec.h"
#include "digest/digest.h"

struct oci_metalink {
	OCI_VEC(struct oci_digest) digests; /* of repomd.xml now and, where the metalink says so, a little earlier */
	struct oci_strs bases;		    /* folders of the repository, most preferred first; http: and https: */
};

int oci_metalink_parse(const char *what, const char *text, size_t n, struct oci_metalink *out, struct oci_err **err);
bool oci_metalink_vouches(const struct oci_metalink *m, const char *repomd, size_t n);
void oci_metalink_clear(struct oci_metalink *m);
#define auto_metalink OCI_AUTO(oci_metalink_clear)

#endif
