/* oci-push: images of an OCI layout to a live registry. */
#ifndef OCI_OPS_PUSH_H
#define OCI_OPS_PUSH_H

#include "base/out.h"
#include "transport/remote.h"

struct oci_push {
	const char *input;	    /* the layout */
	const char *to;		    /* "REGISTRY" or "REGISTRY/PREFIX" */
	char *const *operands;	    /* names in the layout, NULL-terminated; none: all */
	struct oci_strs files;	    /* lists of such names */
	const char *platform;	    /* NULL: all that the layout has */
	const char *map;	    /* file of renames */
	struct oci_strs mount_from; /* repositories of REGISTRY that may have blobs already */
	struct oci_remote remote;
	bool flatten; /* push indexes as the one manifest that is there, or as a new index */
	struct oci_out out;
};

/* Push what the registry lacks. Each image is for itself; -1 names those that failed. */
int oci_push_run(const struct oci_push *what, struct oci_err **err);

#endif
