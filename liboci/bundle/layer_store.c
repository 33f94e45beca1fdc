#include "bundle/layer_store.h"

#include "base/path.h"

#include <stdlib.h>

int oci_layer_store_open(struct oci_layer_store *s, const struct oci_image *image, const struct oci_layers *layers,
			 const char *beside, struct oci_err **err)
{
	*s = (struct oci_layer_store){ .from.source = &image->source };
	if (oci_source_opens(&image->source))
		return 0;
	s->aside = oci_printf("%s.partial.layers", beside);
	if (oci_blobs_open(&s->blobs, s->aside, true, err) < 0)
		return -1;
	s->from.blobs = s->blobs;
	return oci_image_bring(image, layers->v, layers->n, s->blobs, NULL, err);
}

int oci_layer_store_drop(struct oci_layer_store *s, struct oci_err **err)
{
	return s->aside ? oci_path_remove_tree(s->aside, err) : 0;
}

void oci_layer_store_close(struct oci_layer_store *s)
{
	oci_blobs_close(s->blobs);
	free(s->aside);
	*s = (struct oci_layer_store){ 0 };
}
