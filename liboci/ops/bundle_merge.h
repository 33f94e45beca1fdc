/* bundle-merge: modules to one multi-arch image; layers are reused as they are. */
#ifndef OCI_OPS_BUNDLE_MERGE_H
#define OCI_OPS_BUNDLE_MERGE_H

#include "base/out.h"
#include "base/vec.h"
#include "transport/remote.h"

struct oci_bundle_merge {
	const char *target;   /* -o: "LAYOUT:TAG", "oci:LAYOUT:TAG" or "docker://REF" */
	const char *platform; /* NULL: all that the modules name */
	const char *compress; /* none, gzip or zstd for layers that are written; NULL: where it helps */
	bool no_check;
	struct oci_strs labels; /* "K=V" */
	struct oci_strs files;	/* lists of modules; "-" is stdin */
	char *const *operands;	/* modules, NULL-terminated; with neither, stdin is read */
	struct oci_remote remote;
	struct oci_out out;
};

int oci_bundle_merge_run(struct oci_bundle_merge *m, struct oci_err **err);

#endif
