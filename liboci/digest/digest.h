/* Digests as the OCI image spec writes them: "sha256:" or "sha512:" and lower-case hex.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests */
#ifndef OCI_DIGEST_DIGEST_H
#define OCI_DIGEST_DIGEST_H

#include "base/err.h"
#include "base/slice.h"

enum oci_algorithm { OCI_NO_DIGEST, OCI_SHA256, OCI_SHA512 };

struct oci_digest {
	enum oci_algorithm algorithm; /* OCI_NO_DIGEST: none given */
	uint8_t raw[64];	      /* 32 bytes are used by sha256, all by sha512; the rest is zero */
};

#define OCI_DIGEST_TEXT 136 /* room for "sha512:", 128 hex digits and a NUL */

int oci_digest_parse(struct oci_slice text, struct oci_digest *out, struct oci_err **err);
int oci_digest_parse_hex(enum oci_algorithm algorithm, struct oci_slice hex, struct oci_digest *out,
			 struct oci_err **err);

/* The text of d in buf (OCI_DIGEST_TEXT bytes), which is returned; "" for none. */
const char *oci_digest_text(const struct oci_digest *d, char *buf);
const char *oci_digest_hex(const struct oci_digest *d, char *buf); /* only the hex digits */
const char *oci_digest_algorithm(const struct oci_digest *d);	   /* "sha256" */
size_t oci_digest_size(enum oci_algorithm algorithm);		   /* bytes of raw: 32 or 64 */
bool oci_digest_same(const struct oci_digest *a, const struct oci_digest *b);
int oci_digest_compare(const struct oci_digest *a, const struct oci_digest *b); /* for sorting */
void oci_digest_of(const void *data, size_t n, struct oci_digest *out);		/* sha256 */

/* A digest's text on the stack: printf("%s", OCI_DIGEST(&d)). Lives until the end of the block. */
#define OCI_DIGEST(d) oci_digest_text((d), (char[OCI_DIGEST_TEXT]){ 0 })
#define OCI_HEX(d) oci_digest_hex((d), (char[OCI_DIGEST_TEXT]){ 0 })

#endif
