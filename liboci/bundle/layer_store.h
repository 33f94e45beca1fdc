/* Where the layers of one image can be read: where a local source has them, or brought beside the output. */
#ifndef OCI_BUNDLE_LAYER_STORE_H
#define OCI_BUNDLE_LAYER_STORE_H

#include "bundle/image.h"

struct oci_layer_store {
	struct oci_layer_from from;
	struct oci_blobs *blobs; /* of aside */
	char *aside;		 /* the folder that was made for them; NULL when they stay where they are */
};

/* The layers of a local source are read in place. Those of a registry are brought to BESIDE.partial.layers, and found
 * there by the next run when this one ends early. image is borrowed. */
int oci_layer_store_open(struct oci_layer_store *s, const struct oci_image *image, const struct oci_layers *layers,
			 const char *beside, struct oci_err **err);
int oci_layer_store_drop(struct oci_layer_store *s, struct oci_err **err); /* all is done: remove what was brought */
void oci_layer_store_close(struct oci_layer_store *s);

#endif
