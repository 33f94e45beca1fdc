/* A new layer in a store: tar members in, digest and diff ID out, both from the bytes as they are written. */
#ifndef OCI_BUNDLE_LAYER_WRITE_H
#define OCI_BUNDLE_LAYER_WRITE_H

#include "archive/tar_write.h"
#include "bundle/layer.h"

struct oci_layer_write;

int oci_layer_write_open(struct oci_layer_write **out, struct oci_blobs *blobs, enum oci_compression compression,
			 struct oci_err **err);
struct oci_tar_write *oci_layer_write_tar(struct oci_layer_write *w); /* lives as long as w */
int oci_layer_write_end(struct oci_layer_write *w, struct oci_layer *out, struct oci_err **err);
void oci_layer_write_closep(struct oci_layer_write **w); /* without end nothing stays */

#define auto_layer_write OCI_AUTO(oci_layer_write_closep)

#endif
