/* Streams that check what passes through them. */
#ifndef OCI_DIGEST_VERIFY_H
#define OCI_DIGEST_VERIFY_H

#include "base/stream.h"
#include "digest/digest.h"

#define OCI_SIZE_UNKNOWN UINT64_MAX

/* What the bytes must be. */
struct oci_expect {
	const char *what;	  /* for messages; copied */
	struct oci_digest digest; /* OCI_NO_DIGEST: not checked */
	uint64_t size;		  /* OCI_SIZE_UNKNOWN: not checked */
};

/* A reader over `from` (taken, closed with it) that fails with OCI_BADDIGEST instead of giving the end when the bytes
 * do not match, and at once when there are more than the size allows. */
struct oci_reader oci_verify_reader(struct oci_reader from_take, const struct oci_expect *expect);

/* Compare a digest and size just computed with what was expected. */
int oci_verify(const struct oci_expect *expect, const struct oci_digest *digest, uint64_t size, struct oci_err **err);

/* A reader that hashes what passes (the diff ID of an inflated layer); *out and *size are set when it ends. */
struct oci_reader oci_hashing_reader(struct oci_reader from_take, enum oci_algorithm algorithm, struct oci_digest *out,
				     uint64_t *size);

#endif
