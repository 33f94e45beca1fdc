/* repodata/repomd.xml: which metadata files a repository has, with their hashes. */
#ifndef OCI_PKGREPO_RPMMD_REPOMD_H
#define OCI_PKGREPO_RPMMD_REPOMD_H

#include "base/err.h"
#include "base/vec.h"
#include "digest/digest.h"

struct oci_repomd_data {
	char *type;		   /* "primary", "filelists", "other", "group", "modules", "updateinfo", … */
	char *href;		   /* relative to the repository's folder; never leaves it */
	struct oci_digest digest;  /* of the file as it lies there */
	struct oci_digest plain;   /* of what it unpacks to; OCI_NO_DIGEST when not given */
	uint64_t size, plain_size; /* OCI_SIZE_UNKNOWN when not given */
};

struct oci_repomd {
	OCI_VEC(struct oci_repomd_data) data;
};

/* what: for messages. Other hashes than sha256 and sha512 are not taken: such an entry is an error. */
int oci_repomd_parse(const char *what, const char *text, size_t n, struct oci_repomd *out, struct oci_err **err);
const struct oci_repomd_data *oci_repomd_find(const struct oci_repomd *md, const char *type); /* NULL: none */
void oci_repomd_clear(struct oci_repomd *md);
#define auto_repomd OCI_AUTO(oci_repomd_clear)

#endif
