/* bundle-extract: from an image to the package's folder or tar for one platform, every byte verified. */
#ifndef OCI_OPS_BUNDLE_EXTRACT_H
#define OCI_OPS_BUNDLE_EXTRACT_H

#include "base/out.h"
#include "base/vec.h"
#include "transport/remote.h"

struct oci_bundle_extract {
	const char *bundle;   /* any source that holds one image, or names one */
	const char *platform; /* "linux/arm64"; NULL: linux on this machine's CPU */
	const char *dir;      /* -o: absent or empty */
	const char *tar;      /* --tar: a file, or "-" */
	const char *verify;   /* --verify: only compare this folder with its seals */
	struct oci_strs only; /* --path */
	bool special;
	struct oci_remote remote;
	struct oci_out out;
};

int oci_bundle_extract_run(struct oci_bundle_extract *x, struct oci_err **err);

#endif
