/* Where names are first mentioned in an index, as a package or in a relation. apt numbers packages in this order when
 * it builds its cache, and where nothing else decides between two of them, it goes by that number. */
#ifndef OCI_PKGREPO_APT_MENTION_H
#define OCI_PKGREPO_APT_MENTION_H

#include "pkgrepo/apt_index.h"

struct oci_apt_mention {
	uint64_t rank; /* UINT64_MAX: nowhere */
};

/* Fill the ranks of `names`: name -> index + 1 into v. */
void oci_apt_mention_find(const struct oci_apt_index *ix, const struct oci_map *names, struct oci_apt_mention *v,
			  size_t n);

#endif
