/* Hashing many files at once. */
#ifndef OCI_BUNDLE_HASH_FILES_H
#define OCI_BUNDLE_HASH_FILES_H

#include "base/out.h"
#include "digest/digest.h"

struct oci_hash_file {
	const char *path;	      /* from the folder; borrowed */
	enum oci_algorithm algorithm; /* OCI_NO_DIGEST: sha256 */
	struct oci_digest digest;     /* out: NONE when it could not be read */
	uint64_t size;		      /* out */
	struct oci_err *err;	      /* out: why it could not be read; the caller's */
};

/* Hash files below dir; in the order of the list as far as threads allow. A link as last part is not followed, and
 * what is no file is an error of its item. jobs: how many at once, 0 one for each CPU. Gives how many have an error. */
size_t oci_hash_files(const char *dir, struct oci_hash_file *v, size_t n, int jobs, const struct oci_out *out);

#endif
