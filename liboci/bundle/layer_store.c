#include "bundle/layer_store.h"

#include "base/path.h"

#include <stdlib.h>
#include <string.h>

/* The folder of "oci:DIR[:REF]", as transport/oci.c cuts it. */
static char *layout_dir(const char *spec)
{
	if (!oci_starts(spec, "oci:"))
		return NULL;
	spec += strlen("oci:");
	return oci_strndup(spec, oci_path_is_dir(spec) ? strlen(spec) : strcspn(spec, ":"));
}

int oci_layer_store_open(struct oci_layer_store *s, const struct oci_image *image, const struct oci_layers *layers,
			 const char *beside, struct oci_err **err)
{
	auto_free char *dir = layout_dir(image->spec);

	*s = (struct oci_layer_store){ 0 };
	if (dir)
		return oci_blobs_open(&s->blobs, dir, false, err);
	s->aside = oci_printf("%s.partial.layers", beside);
	if (oci_blobs_open(&s->blobs, s->aside, true, err) < 0)
		return -1;
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
