/* Two modules that give one path different content. */
#ifndef OCI_BUNDLE_CONFLICT_H
#define OCI_BUNDLE_CONFLICT_H

#include "bundle/module.h"

/* Compare what the seals say (of unsealed parts, what was read), or, with only_sealed, just the sealed ones. The same
 * path with the same content, or the same link, is fine; folders meet freely. */
int oci_conflict_find(const struct oci_parts *parts, bool only_sealed, struct oci_err **err);

/* Does a whiteout of part n reach what a part below it has? */
bool oci_conflict_reaches(const struct oci_parts *parts, size_t n);

#endif
