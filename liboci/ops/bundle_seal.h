/* bundle-seal: describe a module's folder, so that it can be merged, extracted and verified without being read again.
 */
#ifndef OCI_OPS_BUNDLE_SEAL_H
#define OCI_OPS_BUNDLE_SEAL_H

#include "base/out.h"
#include "base/vec.h"

struct oci_bundle_seal {
	const char *name;
	const char *dir;
	const char *version;	  /* NULL: "0" */
	struct oci_strs from;	  /* lists that the module was made from */
	struct oci_strs licences; /* SPDX identifiers */
	int jobs;		  /* files read at once; 0: one for each CPU */
	struct oci_out out;
};

/* Writes DIR/modules.d/NAME.json and DIR/SHA256SUMS.d/NAME; both are what they were when nothing changed. */
int oci_bundle_seal_run(struct oci_bundle_seal *s, struct oci_err **err);

#endif
