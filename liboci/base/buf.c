#include "base/buf.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void oci_buf_reserve(struct oci_buf *b, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(b->len, more, &need) || need > SIZE_MAX / 2)
		oci_realloc(NULL, SIZE_MAX, 2); /* which ends the process */
	if (++need <= b->cap)
		return;
	b->cap = need < 64 ? 64 : need + need / 2;
	b->data = oci_realloc(b->data, b->cap, 1);
}

void oci_buf_add(struct oci_buf *b, const void *data, size_t n)
{
	oci_buf_reserve(b, n);
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void oci_buf_addc(struct oci_buf *b, char c)
{
	oci_buf_add(b, &c, 1);
}

void oci_buf_adds(struct oci_buf *b, const char *s)
{
	oci_buf_add(b, s, strlen(s));
}

void oci_buf_addf(struct oci_buf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	oci_buf_reserve(b, (size_t)n);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

void oci_buf_reset(struct oci_buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

const char *oci_buf_text(const struct oci_buf *b)
{
	return b->data ? b->data : "";
}

char *oci_buf_take(struct oci_buf *b)
{
	char *text = b->data ? b->data : oci_strdup("");

	*b = (struct oci_buf){ 0 };
	return text;
}

void oci_buf_clear(struct oci_buf *b)
{
	free(b->data);
	*b = (struct oci_buf){ 0 };
}
