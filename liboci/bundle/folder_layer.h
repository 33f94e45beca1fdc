/* A folder as layers: names sorted, owner 0:0, one time, each byte read once. */
#ifndef OCI_BUNDLE_FOLDER_LAYER_H
#define OCI_BUNDLE_FOLDER_LAYER_H

#include "bundle/folder.h"
#include "bundle/layer_write.h"
#include "bundle/seal.h"

struct oci_folder_layers {
	const char *dir;
	const char *prefix;	     /* put before each path; NULL: none */
	int64_t mtime;		     /* of everything */
	const struct oci_seal *seal; /* that the files must agree with, and that becomes a second layer; NULL: none */
	int compression;	     /* enum oci_compression; -1: by a look at the content */
	struct oci_blobs *blobs;
	const struct oci_out *out; /* progress */

	struct oci_seal *found; /* out, without a seal: sums, symlinks and empty folders, with the prefix */
};

/* Append the layers: the content, then, for a sealed folder, one with only the seal. A file that is not as sealed is an
 * error that says to seal again. */
int oci_folder_layers(const struct oci_folder_layers *f, struct oci_layers *out, struct oci_err **err);

#endif
