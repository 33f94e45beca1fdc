/* libarchive behind our errors. */
#ifndef OCI_ARCHIVE_LIBARCHIVE_INT_H
#define OCI_ARCHIVE_LIBARCHIVE_INT_H

#include "archive/inflate_int.h"

#include <archive.h>

struct archive *oci_archive_new(void); /* a reader without filters and formats; never NULL */
int oci_archive_fail(struct archive *a, const char *what, struct oci_err **err);

#endif
