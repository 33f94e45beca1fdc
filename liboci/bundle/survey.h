/* What stands in layers that no seal describes: read them. */
#ifndef OCI_BUNDLE_SURVEY_H
#define OCI_BUNDLE_SURVEY_H

#include "bundle/layer.h"
#include "bundle/seal.h"

struct oci_survey {
	const struct oci_blobs *blobs;
	const struct oci_layers *layers;
	const char *prefix; /* put before each path; NULL: none */
	bool contents;	    /* hash files; else only paths and deletions are wanted */
	const struct oci_out *out;

	/* out */
	struct oci_seal *found;	  /* sums, symlinks, and folders as `empty` */
	struct oci_strs *deletes; /* as oci_apply gives them, without the prefix */
};

int oci_survey_run(const struct oci_survey *s, struct oci_err **err);

#endif
