/* An extracted package against its own seals. */
#ifndef OCI_BUNDLE_CHECK_H
#define OCI_BUNDLE_CHECK_H

#include "base/out.h"

struct oci_check {
	const char *dir;
	int jobs;		   /* files read at once; 0: one for each CPU */
	const struct oci_out *out; /* a record a finding: "changed", "missing" or "extra", and the path */

	/* out */
	uint64_t files, bytes; /* that are as sealed */
	uint64_t changed, missing, extra;
};

/* Hash every file that DIR/SHA256SUMS.d names, compare symbolic links and empty folders with DIR/modules.d, and find
 * files that no seal names. Findings are records and counts, no error; a folder without seals is one. */
int oci_check_run(struct oci_check *c, struct oci_err **err);

#endif
