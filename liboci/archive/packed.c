/* Packed bytes: what they are, and the buffer that the decoders share. */
#include "archive/inflate_int.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	const char *magic;
	size_t len;
} packings[] = {
	[OCI_PACKING_PLAIN] = { "plain", "", 0 },
	[OCI_PACKING_GZIP] = { "gzip", "\x1f\x8b\x08", 3 },
	[OCI_PACKING_ZSTD] = { "zstd", "\x28\xb5\x2f\xfd", 4 },
	[OCI_PACKING_XZ] = { "xz",
			     "\xfd"
			     "7zXZ",
			     6 },
	[OCI_PACKING_BZIP2] = { "bzip2", "BZh", 3 },
};

/* RFC 8878, 3.1.2: a skippable frame begins with 0x184D2A50 to 0x184D2A5F; zstd's seekable files begin so. */
static bool is_skippable_frame(const uint8_t *p, size_t n)
{
	return n >= 4 && (p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0;
}

enum oci_packing oci_packing_of(const void *start, size_t n)
{
	for (size_t i = OCI_COUNT(packings) - 1; i > 0; i--)
		if (n >= packings[i].len && memcmp(start, packings[i].magic, packings[i].len) == 0)
			return (enum oci_packing)i;
	return is_skippable_frame(start, n) ? OCI_PACKING_ZSTD : OCI_PACKING_PLAIN;
}

const char *oci_packing_name(enum oci_packing packing)
{
	return packings[packing].name;
}

struct oci_input *oci_input_new(struct oci_reader from_take, const char *what)
{
	struct oci_input *in = oci_calloc(1, sizeof(*in));

	*in = (struct oci_input){ .from = from_take,
				  .what = oci_strdup(what),
				  .buf = oci_realloc(NULL, OCI_INPUT_SIZE, 1) };
	return in;
}

int oci_input_fill(struct oci_input *in, size_t want, struct oci_err **err)
{
	if (in->len - in->at >= want)
		return 0;
	memmove(in->buf, in->buf + in->at, in->len - in->at);
	in->len -= in->at;
	in->at = 0;
	while (!in->ended && in->len < want) {
		ssize_t n = oci_reader_read(&in->from, in->buf + in->len, OCI_INPUT_SIZE - in->len, err);

		if (n < 0)
			return -1;
		in->ended = n == 0;
		in->len += (size_t)n;
	}
	return 0;
}

void oci_input_free(struct oci_input *in)
{
	oci_reader_close(&in->from);
	free(in->what);
	free(in->buf);
	free(in);
}

int oci_input_expect_zeros(struct oci_input *in, const char *name, struct oci_err **err)
{
	do {
		for (; in->at < in->len; in->at++)
			if (in->buf[in->at])
				return oci_fail(err, OCI_BADINPUT, "%s: something else follows the %s data", in->what,
						name);
		if (oci_input_fill(in, 1, err) < 0)
			return -1;
	} while (in->at < in->len);
	return 0;
}

int oci_input_cut_short(const struct oci_input *in, const char *name, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "%s: the %s data is cut short", in->what, name);
}

int oci_input_damaged(const struct oci_input *in, const char *name, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "%s: the %s data is damaged", in->what, name);
}
