/* Hashing as bytes pass by, with OpenSSL's EVP, which uses the CPU's SHA instructions. */
#ifndef OCI_DIGEST_HASHER_H
#define OCI_DIGEST_HASHER_H

#include "base/buf.h"
#include "digest/digest.h"

struct oci_hasher;

struct oci_hasher *oci_hasher_new(enum oci_algorithm algorithm);
void oci_hasher_add(struct oci_hasher *h, const void *data, size_t n);
void oci_hasher_end(struct oci_hasher *h, struct oci_digest *out); /* no add after this */
void oci_hasher_reset(struct oci_hasher *h);			   /* begin anew */
void oci_hasher_free(struct oci_hasher *h);
void oci_hasher_freep(struct oci_hasher **h);

/* What is in memory, by an algorithm's name: md5, sha1, sha224, sha256, sha384 or sha512. The hex digits; false when
 * the name is another, or the system's policy forbids the algorithm. */
bool oci_hash_named(const char *algorithm, struct oci_slice data, struct oci_buf *hex);

/* Hash a whole file, through its descriptor from where it stands, or by path. size may be NULL. */
int oci_hash_fd(enum oci_algorithm algorithm, int fd, const char *what, struct oci_digest *out, uint64_t *size,
		struct oci_err **err);
int oci_hash_file(enum oci_algorithm algorithm, const char *path, struct oci_digest *out, uint64_t *size,
		  struct oci_err **err);

#define auto_hasher OCI_AUTO(oci_hasher_freep)

#endif
