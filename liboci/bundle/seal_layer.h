/* The seal of a module image: its last layer, when that holds nothing else. */
#ifndef OCI_BUNDLE_SEAL_LAYER_H
#define OCI_BUNDLE_SEAL_LAYER_H

#include "bundle/layer.h"
#include "bundle/seal.h"

#define OCI_SEAL_LAYER_MAX (16u << 20) /* bytes, packed; a bigger layer is content */

/* Read a layer's bytes. *is_seal: only modules.d/NAME.json and SHA256SUMS.d/NAME (and their folders) stand in it, and
 * *out has them; their being malformed is an error. */
int oci_seal_layer_parse(const struct oci_buf *bytes, const struct oci_layer *layer, struct oci_seal *out,
			 bool *is_seal, struct oci_err **err);

#endif
