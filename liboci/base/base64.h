/* Base64 with the standard alphabet (RFC 4648, 4), as logins are kept and sent. */
#ifndef OCI_BASE_BASE64_H
#define OCI_BASE_BASE64_H

#include "base/buf.h"
#include "base/slice.h"

void oci_base64_encode(const void *data, size_t n, struct oci_buf *out); /* appended, padded */
/* Appended to out; false when it is not base64. Padding may be missing; blanks and newlines are skipped. */
bool oci_base64_decode(struct oci_slice text, struct oci_buf *out);

#endif
