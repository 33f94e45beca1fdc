#include "bundle/layer_store.h"

#include "base/out.h"
#include "base/path.h"

#include <stdlib.h>

/* Bytes of the layers that are still to be fetched; *all: that is everything. */
static uint64_t missing(const struct oci_blobs *blobs, const struct oci_layers *layers, bool *all)
{
	uint64_t bytes = 0, total = 0;

	for (size_t i = 0; i < layers->n; i++) {
		const struct oci_desc *d = &layers->v[i].desc;
		uint64_t here = oci_blobs_has_desc(blobs, d) ? d->size : oci_blobs_partial_size(blobs, &d->digest);

		total += d->size;
		bytes += d->size - (here < d->size ? here : d->size);
	}
	*all = bytes == total;
	return bytes;
}

static int expect_space(const struct oci_layer_store *s, const struct oci_layers *layers, struct oci_err **err)
{
	bool all;
	uint64_t need = missing(s->blobs, layers, &all), space;

	if (oci_path_free_space(s->aside, &space, NULL, err) < 0)
		return -1;
	if (need <= space)
		return 0;
	auto_free char *need_text = oci_bytes_text(need), *space_text = oci_bytes_text(space);

	if (all)
		oci_path_remove_tree(s->aside, NULL);
	return oci_fail(err, OCI_NOSPACE,
			"%s: %s of layers are to be fetched, but only %s are free; nothing was fetched", s->aside,
			need_text, space_text);
}

int oci_layer_store_open(struct oci_layer_store *s, const struct oci_image *image, const struct oci_layers *layers,
			 const char *beside, struct oci_err **err)
{
	*s = (struct oci_layer_store){ .from.source = &image->source };
	if (oci_source_opens(&image->source))
		return 0;
	s->aside = oci_printf("%s.partial.layers", beside);
	if (oci_blobs_open(&s->blobs, s->aside, true, err) < 0 || expect_space(s, layers, err) < 0)
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
