/* Which images of an entry lie in the layout, and for which platforms. */
#ifndef OCI_IMAGE_PRESENT_H
#define OCI_IMAGE_PRESENT_H

#include "image/graph.h"

struct oci_present_image {
	struct oci_desc desc; /* of the image manifest */
	bool has_platform;
	struct oci_platform platform; /* the index's word, else the config's */
};

struct oci_present {
	struct oci_present_image *v; /* in the index's order; attestations and artifacts are left out */
	size_t n, cap;
};

/* Append the images below entry. Manifests, and configs where no index names a platform, are read and checked. */
int oci_present_collect(const struct oci_layout *l, const struct oci_desc *entry, struct oci_present *out,
			struct oci_err **err);
/* The image that serves a platform best: the same variant before an older one; NULL when there is none. */
const struct oci_present_image *oci_present_find(const struct oci_present *p, const struct oci_platform *want);
/* Is there one for each that is wanted? OCI_NOTFOUND names the absent one and those that are there. An entry without
 * any image of a platform (an artifact) passes. */
int oci_present_match(const struct oci_present *p, const struct oci_platforms *wanted, struct oci_err **err);
int oci_present_fail(const struct oci_present *p, const struct oci_platform *absent, struct oci_err **err);
void oci_present_clear(struct oci_present *p);

#define auto_present OCI_AUTO(oci_present_clear)

#endif
