/* Values of HTTP headers that decide how a transfer goes on. */
#ifndef OCI_NET_HEADER_H
#define OCI_NET_HEADER_H

#include "base/slice.h"

/* Retry-After: seconds or a date (RFC 9110, 10.2.3); false when it is neither. A date gone by is 0 seconds. */
bool oci_header_retry_after(const char *value, int64_t now, uint64_t *seconds);

/* Content-Range: "bytes FIRST-LAST/TOTAL" or, where nothing was sent, "bytes * /TOTAL" without the blank (RFC
 * 9110, 14.4). */
struct oci_content_range {
	bool sent; /* first and last count */
	uint64_t first, last;
	bool total_known;
	uint64_t total;
};

bool oci_header_content_range(const char *value, struct oci_content_range *out);

/* Is this media type (with or without parameters) `type`, in any case? */
bool oci_header_is_type(const char *value, const char *type);

#endif
