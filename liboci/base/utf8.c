#include "base/utf8.h"

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

size_t oci_utf8_len(const char *s, size_t bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n += !is_tail(s[i]);
	return n;
}

size_t oci_utf8_at(const char *s, size_t bytes, size_t index)
{
	for (size_t i = 0; i < bytes; i++)
		if (!is_tail(s[i]) && index-- == 0)
			return i;
	return bytes;
}

uint32_t oci_utf8_next(const char **p, const char *end)
{
	unsigned char first = (unsigned char)*(*p)++;
	int tails = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
	uint32_t code = tails == 3 ? first & 0x07 : tails == 2 ? first & 0x0F : tails == 1 ? first & 0x1F : first;

	for (; tails > 0 && *p < end && is_tail(**p); tails--)
		code = code << 6 | ((unsigned char)*(*p)++ & 0x3F);
	return code;
}

/* https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf, table 3-7: the second byte's range hangs on the first */
size_t oci_utf8_whole(const char *p)
{
	unsigned char c = (unsigned char)*p, second = c ? (unsigned char)p[1] : 0;
	size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;

	if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) ||
	    (c == 0xf4 && second > 0x8f))
		return 0;
	for (size_t i = 1; i < n; i++)
		if (!is_tail(p[i]))
			return 0;
	return n;
}

void oci_utf8_add(struct oci_buf *out, uint32_t code)
{
	if (code < 0x80) {
		oci_buf_addc(out, (char)code);
	} else if (code < 0x800) {
		oci_buf_addc(out, (char)(0xC0 | code >> 6));
		oci_buf_addc(out, (char)(0x80 | (code & 0x3F)));
	} else if (code < 0x10000) {
		oci_buf_addc(out, (char)(0xE0 | code >> 12));
		oci_buf_addc(out, (char)(0x80 | (code >> 6 & 0x3F)));
		oci_buf_addc(out, (char)(0x80 | (code & 0x3F)));
	} else {
		oci_buf_addc(out, (char)(0xF0 | (code >> 18 & 0x07)));
		oci_buf_addc(out, (char)(0x80 | (code >> 12 & 0x3F)));
		oci_buf_addc(out, (char)(0x80 | (code >> 6 & 0x3F)));
		oci_buf_addc(out, (char)(0x80 | (code & 0x3F)));
	}
}
