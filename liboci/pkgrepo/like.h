/* "Did you mean": the nearest of many names. */
#ifndef OCI_PKGREPO_LIKE_H
#define OCI_PKGREPO_LIKE_H

#include "base/auto.h"

struct oci_like {
	const char *name; /* borrowed until the end */
	size_t len;
	struct {
		const char *text;
		unsigned distance;
	} best[3];
};

void oci_like_begin(struct oci_like *l, const char *name);
void oci_like_add(struct oci_like *l, const char *candidate, size_t len); /* candidate is borrowed until the end */
char *oci_like_end(const struct oci_like *l); /* "a, b, c"; "" when nothing is near; the caller's to free */

#endif
