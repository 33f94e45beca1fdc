#include "digest/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

struct oci_hasher {
	EVP_MD_CTX *ctx;
	enum oci_algorithm algorithm;
};

static void must(int ok)
{
	if (!ok)
		abort();
}

struct oci_hasher *oci_hasher_new(enum oci_algorithm algorithm)
{
	struct oci_hasher *h = oci_calloc(1, sizeof(*h));

	*h = (struct oci_hasher){ EVP_MD_CTX_new(), algorithm };
	must(h->ctx != NULL);
	oci_hasher_reset(h);
	return h;
}

void oci_hasher_reset(struct oci_hasher *h)
{
	must(EVP_DigestInit_ex(h->ctx, h->algorithm == OCI_SHA512 ? EVP_sha512() : EVP_sha256(), NULL));
}

void oci_hasher_add(struct oci_hasher *h, const void *data, size_t n)
{
	must(EVP_DigestUpdate(h->ctx, data, n));
}

void oci_hasher_end(struct oci_hasher *h, struct oci_digest *out)
{
	*out = (struct oci_digest){ .algorithm = h->algorithm };
	must(EVP_DigestFinal_ex(h->ctx, out->raw, NULL));
}

void oci_hasher_free(struct oci_hasher *h)
{
	if (h) {
		EVP_MD_CTX_free(h->ctx);
		free(h);
	}
}

void oci_hasher_freep(struct oci_hasher **h)
{
	oci_hasher_free(*h);
	*h = NULL;
}

bool oci_hash_named(const char *algorithm, struct oci_slice data, struct oci_buf *hex)
{
	static const char *const names[] = { "md5", "sha1", "sha224", "sha256", "sha384", "sha512" };
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	bool known = false;

	for (size_t i = 0; !known && i < OCI_COUNT(names); i++)
		known = oci_streq(algorithm, names[i]);
	if (!known || !EVP_Digest(data.p, data.len, raw, &n, EVP_get_digestbyname(algorithm), NULL))
		return false;
	for (unsigned int i = 0; i < n; i++)
		oci_buf_addf(hex, "%02x", raw[i]);
	return true;
}

int oci_hash_fd(enum oci_algorithm algorithm, int fd, const char *what, struct oci_digest *out, uint64_t *size,
		struct oci_err **err)
{
	auto_hasher struct oci_hasher *h = oci_hasher_new(algorithm);
	auto_free char *chunk = oci_realloc(NULL, CHUNK, 1);
	uint64_t sum = 0;
	ssize_t n;

	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	while ((n = read(fd, chunk, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return oci_fail_errno(err, "cannot read %s", what);
		oci_hasher_add(h, chunk, (size_t)n);
		sum += (uint64_t)n;
	}
	oci_hasher_end(h, out);
	if (size)
		*size = sum;
	return 0;
}

int oci_hash_file(enum oci_algorithm algorithm, const char *path, struct oci_digest *out, uint64_t *size,
		  struct oci_err **err)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return oci_fail_errno(err, "%s", path);
	return oci_hash_fd(algorithm, fd, path, out, size, err);
}

/* Here, so that who only reads digests needs no OpenSSL. */
void oci_digest_of(const void *data, size_t n, struct oci_digest *out)
{
	struct oci_hasher *h = oci_hasher_new(OCI_SHA256);

	oci_hasher_add(h, data, n);
	oci_hasher_end(h, out);
	oci_hasher_free(h);
}
