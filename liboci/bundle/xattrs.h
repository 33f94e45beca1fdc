/* The user attributes of a file, in the order of their names. */
#ifndef OCI_BUNDLE_XATTRS_H
#define OCI_BUNDLE_XATTRS_H

#include "archive/tar.h"

struct oci_xattrs {
	struct oci_tar_xattr *v;
	size_t n, cap;
};

int oci_xattrs_read(const char *path, struct oci_xattrs *out, struct oci_err **err); /* follows no link */
void oci_xattrs_clear(struct oci_xattrs *x);

#define auto_xattrs OCI_AUTO(oci_xattrs_clear)

#endif
