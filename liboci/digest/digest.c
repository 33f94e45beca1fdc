#include "digest/digest.h"

static const char *const names[] = { "", "sha256", "sha512" };

size_t oci_digest_size(enum oci_algorithm algorithm)
{
	return algorithm == OCI_SHA256 ? 32 : algorithm == OCI_SHA512 ? 64 : 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int oci_digest_parse_hex(enum oci_algorithm algorithm, struct oci_slice hex, struct oci_digest *out,
			 struct oci_err **err)
{
	struct oci_digest d = { .algorithm = algorithm };

	if (hex.len != 2 * oci_digest_size(algorithm))
		return oci_fail(err, OCI_BADINPUT, "\"%.*s\": %s takes %zu hex digits, this has %zu",
				(int)(hex.len < 140 ? hex.len : 140), hex.p, names[algorithm],
				2 * oci_digest_size(algorithm), hex.len);
	for (size_t i = 0; i < hex.len; i += 2) {
		int high = nibble(hex.p[i]), low = nibble(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return oci_fail(err, OCI_BADINPUT, "\"%.*s\": not lower-case hex digits", (int)hex.len, hex.p);
		d.raw[i / 2] = (uint8_t)(high << 4 | low);
	}
	*out = d;
	return 0;
}

int oci_digest_parse(struct oci_slice text, struct oci_digest *out, struct oci_err **err)
{
	struct oci_slice algorithm, hex;

	if (!oci_slice_cut(text, ':', &algorithm, &hex))
		return oci_fail(err, OCI_BADINPUT, "\"%.*s\": not a digest (sha256:HEX)",
				(int)(text.len < 140 ? text.len : 140), text.p);
	for (int a = OCI_SHA256; a <= OCI_SHA512; a++)
		if (oci_slice_eq(algorithm, names[a]))
			return oci_digest_parse_hex(a, hex, out, err);
	return oci_fail(err, OCI_UNSUPPORTED, "\"%.*s\": digest algorithm is neither sha256 nor sha512",
			(int)(text.len < 140 ? text.len : 140), text.p);
}

const char *oci_digest_hex(const struct oci_digest *d, char *buf)
{
	static const char digit[] = "0123456789abcdef";
	size_t n = oci_digest_size(d->algorithm);

	for (size_t i = 0; i < n; i++) {
		buf[2 * i] = digit[d->raw[i] >> 4];
		buf[2 * i + 1] = digit[d->raw[i] & 15];
	}
	buf[2 * n] = '\0';
	return buf;
}

const char *oci_digest_text(const struct oci_digest *d, char *buf)
{
	if (d->algorithm == OCI_NO_DIGEST)
		return buf[0] = '\0', buf;
	memcpy(buf, names[d->algorithm], 6);
	buf[6] = ':';
	oci_digest_hex(d, buf + 7);
	return buf;
}

const char *oci_digest_algorithm(const struct oci_digest *d)
{
	return names[d->algorithm];
}

int oci_digest_compare(const struct oci_digest *a, const struct oci_digest *b)
{
	if (a->algorithm != b->algorithm)
		return a->algorithm < b->algorithm ? -1 : 1;
	return memcmp(a->raw, b->raw, sizeof(a->raw));
}

bool oci_digest_same(const struct oci_digest *a, const struct oci_digest *b)
{
	return oci_digest_compare(a, b) == 0;
}
