#include "bundle/image.h"

#include "base/buf.h"

#include <stdlib.h>

/* Fetch one document or small blob; d gets what the source knows of it. */
static int fetch(const struct oci_image *im, const struct oci_desc *d, struct oci_need *need, struct oci_err **err)
{
	need->ref = &im->ref;
	if (d)
		oci_desc_copy(&need->desc, d);
	if (oci_source_manifests(&im->source, need, 1) == 0)
		return 0;
	oci_fail_with(err, &need->err);
	return im->remote ? oci_fail_in(err, "%s", im->spec) : -1;
}

static int fetch_document(const struct oci_image *im, const struct oci_desc *d, struct oci_manifest *m,
			  struct oci_desc *found, struct oci_err **err)
{
	OCI_AUTO(oci_need_clear) struct oci_need need = { 0 };

	if (fetch(im, d, &need, err) < 0 ||
	    oci_manifest_parse(im->spec, need.bytes.data, need.bytes.len, need.desc.media_type, m, err) < 0)
		return -1;
	if (found)
		oci_desc_copy(found, &need.desc);
	return 0;
}

static int fetch_config(const struct oci_image *im, const struct oci_manifest *m, struct oci_config *c,
			struct oci_err **err)
{
	OCI_AUTO(oci_need_clear) struct oci_need need = { 0 };

	if (!oci_manifest_is_image(m))
		return oci_fail(err, OCI_UNSUPPORTED, "%s: an artifact, not an image with layers", im->spec);
	if (fetch(im, &m->config, &need, err) < 0)
		return -1;
	return oci_config_parse(im->spec, need.bytes.data, need.bytes.len, c, err);
}

static void add_part(struct oci_image *im, const struct oci_platform *platform, const struct oci_desc *d)
{
	struct oci_image_part *p = oci_vec_push(&im->parts);

	oci_platform_copy(&p->platform, platform);
	oci_desc_copy(&p->desc, d);
}

static int add_document(struct oci_image *im, const struct oci_desc *d, const struct oci_manifest *m, unsigned depth,
			struct oci_err **err);

static int add_child(struct oci_image *im, const struct oci_desc *d, unsigned depth, struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };
	bool is_index = oci_media_kind(d->media_type) == OCI_KIND_INDEX;

	if (d->has_platform && oci_platform_is_unknown(&d->platform))
		return 0;
	if (d->has_platform && !is_index) {
		add_part(im, &d->platform, d);
		return 0;
	}
	if (fetch_document(im, d, &m, NULL, err) < 0)
		return -1;
	return m.is_index || oci_manifest_is_image(&m) ? add_document(im, d, &m, depth, err) : 0;
}

static int add_document(struct oci_image *im, const struct oci_desc *d, const struct oci_manifest *m, unsigned depth,
			struct oci_err **err)
{
	auto_config struct oci_config c = { 0 };

	if (oci_manifest_check_depth(im->spec, depth, err) < 0)
		return -1;
	for (size_t i = 0; m->is_index && i < m->children.n; i++)
		if (add_child(im, &m->children.v[i], depth + 1, err) < 0)
			return -1;
	if (m->is_index)
		return 0;
	if (fetch_config(im, m, &c, err) < 0)
		return -1;
	if (!c.has_platform)
		return oci_fail(err, OCI_BADINPUT, "%s: its config names no platform", im->spec);
	add_part(im, &c.platform, d);
	return 0;
}

static int choose_name(struct oci_image *im, struct oci_err **err)
{
	auto_strs struct oci_strs names = { 0 };
	auto_err struct oci_err *e = NULL;

	/* What knows no names has one image, and gives it whatever it is called. */
	if (oci_source_names(&im->source, &names, &e) < 0)
		return oci_err_code(e) == OCI_UNSUPPORTED ? oci_ref_parse("image", &im->ref, err)
							  : oci_fail_with(err, &e);
	if (names.n != 1)
		return oci_fail(err, OCI_USAGE, "%s: holds %zu images; name one, as in %s:%s", im->spec, names.n,
				im->spec, names.n ? names.v[0] : "TAG");
	return oci_ref_parse(names.v[0], &im->ref, err);
}

static int open_source(struct oci_image *im, const struct oci_remote *how, const struct oci_out *out,
		       struct oci_err **err)
{
	im->remote = oci_source_is_remote(im->spec);
	if (!im->remote)
		return oci_source_open(im->spec, out, &im->source, err) < 0 ? -1 : choose_name(im, err);
	const char *name = oci_starts(im->spec, "docker://") ? im->spec + strlen("docker://") : im->spec;

	if (oci_ref_parse(name, &im->ref, err) < 0)
		return -1;
	return oci_remote_open(how, out, &im->source, err);
}

static void copy_pairs(const struct oci_pairs *from, struct oci_pairs *to)
{
	for (size_t i = 0; i < from->n; i++)
		oci_pairs_set(to, from->v[i].key, from->v[i].value);
}

int oci_image_open(struct oci_image *image, const char *spec, const struct oci_remote *how, const struct oci_out *out,
		   struct oci_err **err)
{
	auto_image struct oci_image im = { .spec = oci_strdup(spec) };
	auto_manifest struct oci_manifest m = { 0 };

	if (open_source(&im, how, out, err) < 0 || fetch_document(&im, NULL, &m, &im.root, err) < 0 ||
	    add_document(&im, &im.root, &m, 0, err) < 0)
		return -1;
	if (im.parts.n == 0)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: holds no image for any platform", spec);
	copy_pairs(&m.annotations, &im.annotations);
	*image = im;
	im = (struct oci_image){ 0 };
	return 0;
}

const struct oci_image_part *oci_image_part(const struct oci_image *image, const struct oci_platform *want)
{
	const struct oci_image_part *serving = NULL;

	for (size_t i = 0; i < image->parts.n; i++) {
		const struct oci_image_part *p = &image->parts.v[i];

		if (oci_platform_same(&p->platform, want))
			return p;
		if (!serving && oci_platform_serves(&p->platform, want))
			serving = p;
	}
	return serving;
}

int oci_image_fail_platform(const struct oci_image *image, const struct oci_platform *want, struct oci_err **err)
{
	auto_buf struct oci_buf have = { 0 };

	for (size_t i = 0; i < image->parts.n; i++)
		oci_buf_addf(&have, "%s%s", i ? ", " : "", OCI_PLATFORM(&image->parts.v[i].platform));
	return oci_fail(err, OCI_NOTFOUND, "%s: not there for %s; it has %s", image->spec, OCI_PLATFORM(want),
			oci_buf_text(&have));
}

int oci_image_layers(const struct oci_image *image, const struct oci_image_part *part, struct oci_layers *out,
		     struct oci_pairs *annotations, struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };
	auto_config struct oci_config c = { 0 };

	if (fetch_document(image, &part->desc, &m, NULL, err) < 0 || fetch_config(image, &m, &c, err) < 0)
		return -1;
	if (annotations)
		copy_pairs(&m.annotations, annotations);
	return oci_layers_of(image->spec, &m, &c, out, err);
}

int oci_image_small_blob(const struct oci_image *image, const struct oci_desc *d, struct oci_buf *out,
			 struct oci_err **err)
{
	OCI_AUTO(oci_need_clear) struct oci_need need = { 0 };

	if (fetch(image, d, &need, err) < 0)
		return -1;
	*out = need.bytes;
	need.bytes = (struct oci_buf){ 0 };
	return 0;
}

int oci_image_bring(const struct oci_image *image, const struct oci_layer *layers, size_t n, struct oci_blobs *into,
		    bool *wrote, struct oci_err **err)
{
	auto_free struct oci_need *needs = oci_calloc(n, sizeof(*needs));
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		needs[i].ref = &image->ref;
		oci_desc_copy(&needs[i].desc, &layers[i].desc);
	}
	oci_source_blobs(&image->source, needs, n, into);
	for (size_t i = 0; i < n; i++) {
		if (needs[i].err && rc == 0)
			rc = oci_fail_with(err, &needs[i].err);
		if (wrote && !needs[i].linked)
			*wrote = true;
		oci_need_clear(&needs[i]);
	}
	return rc;
}

void oci_image_close(struct oci_image *image)
{
	for (size_t i = 0; i < image->parts.n; i++) {
		oci_platform_clear(&image->parts.v[i].platform);
		oci_desc_clear(&image->parts.v[i].desc);
	}
	free(image->parts.v);
	oci_desc_clear(&image->root);
	oci_pairs_clear(&image->annotations);
	oci_source_close(&image->source);
	oci_ref_clear(&image->ref);
	free(image->spec);
	*image = (struct oci_image){ 0 };
}
