#include "base/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void oci_base64_encode(const void *data, size_t n, struct oci_buf *out)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i += 3) {
		size_t have = n - i < 3 ? n - i : 3;
		unsigned three =
			(unsigned)p[i] << 16 | (have > 1 ? (unsigned)p[i + 1] << 8 : 0) | (have > 2 ? p[i + 2] : 0);

		for (size_t k = 0; k < 4; k++)
			oci_buf_addc(out, k <= have ? alphabet[three >> (18 - 6 * k) & 63] : '=');
	}
}

bool oci_base64_decode(struct oci_slice text, struct oci_buf *out)
{
	unsigned bits = 0, kept = 0;
	size_t i;

	for (i = 0; i < text.len && text.p[i] != '='; i++) {
		const char *at = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;

		if (text.p[i] && strchr(" \t\r\n", text.p[i]))
			continue;
		if (!at)
			return false;
		kept = (kept << 6 | (unsigned)(at - alphabet)) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			oci_buf_addc(out, (char)(kept >> bits & 0xff));
		}
	}
	for (; i < text.len; i++)
		if (!strchr("= \t\r\n", text.p[i]))
			return false;
	return bits != 6;
}
