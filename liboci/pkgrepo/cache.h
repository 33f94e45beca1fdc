/* Repository metadata kept between runs, by the digest of its plain bytes (or of its packed ones where only those are
 * vouched for): a suite that has not changed is neither downloaded nor unpacked again. */
#ifndef OCI_PKGREPO_CACHE_H
#define OCI_PKGREPO_CACHE_H

#include "base/err.h"
#include "digest/digest.h"

/* $XDG_CACHE_HOME/kubecrate/metadata, else ~/.cache/…; made when missing. The caller's to free. */
int oci_repo_cache_dir(char **out, struct oci_err **err);

/* DIR/aa/HEX; the caller's to free. */
char *oci_repo_cache_path(const char *dir, const struct oci_digest *digest);

struct oci_repo_unpack {
	const char *packed;	  /* file to read; its digest is known to be right */
	const char *what;	  /* for errors */
	const char *path;	  /* file to make */
	struct oci_digest digest; /* of the plain bytes; OCI_NO_DIGEST: not known */
	uint64_t size;		  /* of the plain bytes, OCI_SIZE_UNKNOWN: not known */
	uint64_t max;		  /* more plain bytes than this are an error: a bomb */
};

int oci_repo_cache_unpack(const struct oci_repo_unpack *u, struct oci_err **err);

#endif
