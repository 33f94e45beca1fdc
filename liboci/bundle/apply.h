/* The layers of an image as one tree, in one pass from the top layer down: each path is written once, by the uppermost
 * layer that has it. https://github.com/opencontainers/image-spec/blob/main/layer.md */
#ifndef OCI_BUNDLE_APPLY_H
#define OCI_BUNDLE_APPLY_H

#include "base/out.h"
#include "bundle/layer.h"
#include "bundle/sink.h"

struct oci_apply {
	struct oci_layer_from from;
	const struct oci_layers *layers;
	struct oci_strs only; /* sub-trees that are wanted, normalised; none: all. One that is not there is an error */
	bool special;	      /* devices too */
	bool check;	      /* compare files with the SHA256SUMS.d of the tree */
	struct oci_sink sink;
	struct oci_strs
		*deletes; /* gets the targets of whiteouts, those of opaque folders with a slash behind; or NULL */
	const struct oci_out *out; /* progress */

	/* out */
	uint64_t files, bytes; /* written */
	uint64_t left_out;     /* devices that were not wanted */
	uint64_t checked;      /* files that a seal names, all of them right */
};

/* Each blob is read once and compared with its digest, each plain tar with its diff ID, each file with its seal. (A
 * layer is read a second time when it hard-links to a file of its own that an upper layer replaces.) A layer that does
 * not match, a path that leads out, or a hard link to nothing is an error; what the sink has until then is not to be
 * kept. */
int oci_apply_run(struct oci_apply *a, struct oci_err **err);

#endif
