/* UTF-8 by characters: lengths and offsets count code points. */
#ifndef OCI_BASE_UTF8_H
#define OCI_BASE_UTF8_H

#include "base/buf.h"

size_t oci_utf8_len(const char *s, size_t bytes);
size_t oci_utf8_at(const char *s, size_t bytes, size_t index); /* offset of a character; bytes when there are fewer */
uint32_t oci_utf8_next(const char **p, const char *end);       /* a broken byte gives itself */
size_t oci_utf8_whole(const char *p); /* bytes of the well-formed character at p; 0: it is none */
void oci_utf8_add(struct oci_buf *out, uint32_t code);

#endif
