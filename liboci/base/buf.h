/* A growing run of bytes; always followed by a NUL that does not count, so text can be used as a string. */
#ifndef OCI_BASE_BUF_H
#define OCI_BASE_BUF_H

#include "base/auto.h"

struct oci_buf {
	char *data; /* NULL while nothing was added */
	size_t len, cap;
};

void oci_buf_add(struct oci_buf *b, const void *data, size_t n);
void oci_buf_addc(struct oci_buf *b, char c);
void oci_buf_adds(struct oci_buf *b, const char *s);
void oci_buf_addf(struct oci_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void oci_buf_reserve(struct oci_buf *b, size_t more); /* room for so many more bytes */
void oci_buf_reset(struct oci_buf *b);		      /* empty it, keep the memory */
const char *oci_buf_text(const struct oci_buf *b);    /* "" when empty; until the next add */
char *oci_buf_take(struct oci_buf *b);		      /* the text, the caller's to free; b is empty then */
void oci_buf_clear(struct oci_buf *b);

#define auto_buf OCI_AUTO(oci_buf_clear)

#endif
