#include "bundle/layer.h"

#include "archive/ahead.h"
#include "archive/inflate.h"
#include "digest/verify.h"
#include "image/config.h"
#include "image/manifest.h"

#include <stdlib.h>

struct oci_layer_read {
	struct oci_tar_read *tar;
	char *what;
	struct oci_digest want, got; /* diff IDs; got is filled in at the end of a packed layer */
	bool is_plain;		     /* digest and diff ID are one, and checked as the digest */
};

static int fail_diff_id(const struct oci_layer_read *r, const struct oci_digest *got, struct oci_err **err)
{
	return oci_fail(err, OCI_BADDIGEST, "%s: its diff ID is %s, but the config says %s", r->what, OCI_DIGEST(got),
			OCI_DIGEST(&r->want));
}

static int open_tar(struct oci_layer_read *r, struct oci_reader packed_take, const struct oci_layer *layer,
		    struct oci_err **err)
{
	struct oci_reader plain;
	enum oci_packing packing;

	if (oci_inflate_reader(packed_take, r->what, &plain, &packing, err) < 0)
		return -1;
	r->is_plain = packing == OCI_PACKING_PLAIN && layer->desc.digest.algorithm == layer->diff_id.algorithm;
	if (r->is_plain && !oci_digest_same(&layer->desc.digest, &layer->diff_id)) {
		oci_reader_close(&plain);
		return fail_diff_id(r, &layer->desc.digest, err);
	}
	if (!r->is_plain)
		plain = oci_hashing_reader(plain, layer->diff_id.algorithm, &r->got, NULL);
	return oci_tar_read_open(&r->tar, oci_ahead_reader(plain), r->what, err);
}

static int open_packed(const struct oci_layer_from *from, const struct oci_desc *d, struct oci_reader *out,
		       struct oci_err **err)
{
	return from->blobs ? oci_blobs_reader(from->blobs, d, out, err)
			   : oci_source_open_blob(from->source, d, out, err);
}

int oci_layer_read_open(struct oci_layer_read **out, const struct oci_layer_from *from, const struct oci_layer *layer,
			struct oci_err **err)
{
	auto_layer_read struct oci_layer_read *r = oci_calloc(1, sizeof(*r));
	struct oci_reader packed;

	r->what = oci_printf("layer %s", OCI_DIGEST(&layer->desc.digest));
	r->want = layer->diff_id;
	if (open_packed(from, &layer->desc, &packed, err) < 0)
		return oci_fail_in(err, "%s", r->what);
	if (open_tar(r, packed, layer, err) < 0)
		return -1;
	*out = oci_steal(&r);
	return 0;
}

struct oci_tar_read *oci_layer_read_tar(struct oci_layer_read *r)
{
	return r->tar;
}

int oci_layer_read_end(struct oci_layer_read *r, struct oci_err **err)
{
	if (oci_tar_read_drain(r->tar, err) < 0)
		return -1;
	if (!r->is_plain && !oci_digest_same(&r->got, &r->want))
		return fail_diff_id(r, &r->got, err);
	return 0;
}

void oci_layer_read_closep(struct oci_layer_read **r)
{
	if (*r) {
		oci_tar_read_close((*r)->tar);
		free((*r)->what);
		free(*r);
	}
	*r = NULL;
}

int oci_layer_each(const struct oci_layer_from *from, const struct oci_layer *layer, oci_layer_fn *fn, void *ctx,
		   struct oci_err **err)
{
	auto_layer_read struct oci_layer_read *r = NULL;
	const struct oci_tar_entry *e;
	int rc;

	if (oci_layer_read_open(&r, from, layer, err) < 0)
		return -1;
	while ((rc = oci_tar_read_next(r->tar, &e, err)) == 1)
		if (fn(ctx, r->tar, e, err) < 0)
			return -1;
	return rc < 0 ? -1 : oci_layer_read_end(r, err);
}

static int check_type(const char *what, const struct oci_desc *d, struct oci_layer_type *type, struct oci_err **err)
{
	if (!oci_media_layer(d->media_type, type))
		return oci_fail(err, OCI_UNSUPPORTED, "%s: layer %s has type %s, which is no layer of an image", what,
				OCI_DIGEST(&d->digest), d->media_type);
	if (type->foreign)
		return oci_fail(err, OCI_UNSUPPORTED,
				"%s: layer %s is foreign (it may not be passed on, only fetched from its own URLs)",
				what, OCI_DIGEST(&d->digest));
	if (type->encrypted)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: layer %s is encrypted; decrypt the image first", what,
				OCI_DIGEST(&d->digest));
	return 0;
}

int oci_layers_of(const char *what, const struct oci_manifest *m, const struct oci_config *c, struct oci_layers *out,
		  struct oci_err **err)
{
	if (m->children.n != c->diff_ids.n)
		return oci_fail(err, OCI_BADINPUT, "%s: has %zu layers, but its config names %zu diff IDs", what,
				m->children.n, c->diff_ids.n);
	for (size_t i = 0; i < m->children.n; i++) {
		const struct oci_desc *d = &m->children.v[i];
		struct oci_layer_type type;

		if (check_type(what, d, &type, err) < 0)
			return -1;
		struct oci_layer *l = oci_vec_push(out);

		l->desc.media_type = oci_strdup(oci_media_layer_type(type.compression));
		l->desc.digest = d->digest;
		l->desc.size = d->size;
		l->diff_id = c->diff_ids.v[i];
	}
	return 0;
}

void oci_layers_add(struct oci_layers *l, const struct oci_layer *layer)
{
	struct oci_layer *to = oci_vec_push(l);

	oci_desc_copy(&to->desc, &layer->desc);
	to->diff_id = layer->diff_id;
}

void oci_layers_clear(struct oci_layers *l)
{
	for (size_t i = 0; i < l->n; i++)
		oci_desc_clear(&l->v[i].desc);
	free(l->v);
	*l = (struct oci_layers){ 0 };
}
