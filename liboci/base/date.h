/* The one time that outputs may hold. */
#ifndef OCI_BASE_DATE_H
#define OCI_BASE_DATE_H

#include "base/err.h"

/* $SOURCE_DATE_EPOCH, else 0; a value that is no number is an error.
 * https://reproducible-builds.org/specs/source-date-epoch/ */
int oci_date_source(int64_t *seconds, struct oci_err **err);
char *oci_date_rfc3339(int64_t seconds); /* "1970-01-01T00:00:00Z"; the caller's to free */
char *oci_date_rfc2822(
	int64_t seconds); /* "Thu, 01 Jan 1970 00:00:00 UTC", as in Release files; the caller's to free */

#endif
