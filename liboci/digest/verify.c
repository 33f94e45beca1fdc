#include "digest/verify.h"

#include "digest/hasher.h"

#include <stdlib.h>

struct verifying {
	struct oci_reader from;
	struct oci_hasher *hasher; /* NULL when there is no digest to check */
	struct oci_expect expect;
	char *what;
	uint64_t seen;
	bool ended;
	struct oci_digest *digest_out; /* hashing reader only */
	uint64_t *size_out;
};

int oci_verify(const struct oci_expect *expect, const struct oci_digest *digest, uint64_t size, struct oci_err **err)
{
	if (expect->size != OCI_SIZE_UNKNOWN && size != expect->size)
		return oci_fail(err, OCI_BADDIGEST, "%s: has %llu bytes, expected %llu", expect->what,
				(unsigned long long)size, (unsigned long long)expect->size);
	if (expect->digest.algorithm != OCI_NO_DIGEST && !oci_digest_same(digest, &expect->digest))
		return oci_fail(err, OCI_BADDIGEST, "%s: digest is %s, expected %s", expect->what, OCI_DIGEST(digest),
				OCI_DIGEST(&expect->digest));
	return 0;
}

static int at_end(struct verifying *v, struct oci_err **err)
{
	struct oci_digest digest = { 0 };

	if (v->ended)
		return 0;
	v->ended = true;
	if (v->hasher)
		oci_hasher_end(v->hasher, &digest);
	if (v->digest_out)
		*v->digest_out = digest;
	if (v->size_out)
		*v->size_out = v->seen;
	return oci_verify(&v->expect, &digest, v->seen, err);
}

static ssize_t verifying_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct verifying *v = ctx;
	ssize_t got = oci_reader_read(&v->from, buf, n, err);

	if (got == 0)
		return at_end(v, err);
	if (got < 0)
		return -1;
	v->seen += (uint64_t)got;
	if (v->seen > v->expect.size)
		return oci_fail(err, OCI_BADDIGEST, "%s: has more than the expected %llu bytes", v->what,
				(unsigned long long)v->expect.size);
	if (v->hasher)
		oci_hasher_add(v->hasher, buf, (size_t)got);
	return got;
}

static void verifying_close(void *ctx)
{
	struct verifying *v = ctx;

	oci_reader_close(&v->from);
	oci_hasher_free(v->hasher);
	free(v->what);
	free(v);
}

static struct verifying *verifying_new(struct oci_reader from, const struct oci_expect *expect)
{
	struct verifying *v = oci_calloc(1, sizeof(*v));

	v->from = from;
	v->what = oci_strdup(expect->what);
	v->expect = *expect;
	v->expect.what = v->what;
	return v;
}

struct oci_reader oci_verify_reader(struct oci_reader from_take, const struct oci_expect *expect)
{
	struct verifying *v = verifying_new(from_take, expect);

	if (expect->digest.algorithm != OCI_NO_DIGEST)
		v->hasher = oci_hasher_new(expect->digest.algorithm);
	return (struct oci_reader){ verifying_read, verifying_close, v };
}

struct oci_reader oci_hashing_reader(struct oci_reader from_take, enum oci_algorithm algorithm, struct oci_digest *out,
				     uint64_t *size)
{
	struct verifying *v =
		verifying_new(from_take, &(struct oci_expect){ .what = "stream", .size = OCI_SIZE_UNKNOWN });

	v->hasher = oci_hasher_new(algorithm);
	v->digest_out = out;
	v->size_out = size;
	return (struct oci_reader){ verifying_read, verifying_close, v };
}
