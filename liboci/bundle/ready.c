#include "bundle/ready.h"

#include "bundle/apply.h"
#include "bundle/folder_layer.h"
#include "bundle/pack.h"
#include "bundle/survey.h"

bool oci_ready_as_is(const struct oci_part *p)
{
	return !p->module->is_folder && p->sealed && p->seal.whiteouts == 0;
}

static int ready_folder(const struct oci_ready *r, struct oci_part *p, struct oci_err **err)
{
	const struct oci_folder_layers f = { .dir = p->module->spec,
					     .prefix = p->module->prefix,
					     .mtime = r->epoch,
					     .seal = p->sealed ? &p->seal : NULL,
					     .compression = r->compression,
					     .blobs = r->blobs,
					     .out = r->out,
					     .found = p->sealed ? NULL : &p->seal };

	if (oci_folder_layers(&f, &p->layers, err) < 0)
		return -1;
	p->digest = p->layers.v[0].desc.digest;
	return 0;
}

static int expect_no_whiteouts(const struct oci_part *p, struct oci_err **err)
{
	return oci_fail(
		err, OCI_UNSUPPORTED,
		"%s: module %s has whiteouts, which might delete files of other modules; leave out --no-check, so that "
		"it is read and, where needed, rewritten",
		p->module->arg, p->name);
}

static int ready_image(const struct oci_ready *r, struct oci_part *p, struct oci_err **err)
{
	auto_seal struct oci_seal unused = { 0 };
	const struct oci_survey s = { .blobs = r->blobs,
				      .layers = &p->layers,
				      .prefix = p->module->prefix,
				      .contents = !p->sealed && !r->no_check,
				      .out = r->out,
				      .found = p->sealed ? &unused : &p->seal,
				      .deletes = &p->deletes };

	if (p->sealed && r->no_check)
		return expect_no_whiteouts(p, err);
	if (!p->sealed)
		oci_note(r->out, "module %s is not sealed; reading its %zu layers", p->name, p->layers.n);
	if (oci_image_bring(&p->module->image, p->layers.v, p->layers.n, r->blobs, NULL, err) < 0)
		return -1;
	if (oci_survey_run(&s, err) < 0)
		return oci_fail_in(err, "%s", p->module->arg);
	return r->no_check && p->deletes.n ? expect_no_whiteouts(p, err) : 0;
}

int oci_ready_part(const struct oci_ready *r, struct oci_part *p, struct oci_err **err)
{
	if (p->ready || oci_ready_as_is(p))
		return 0;
	if ((p->module->is_folder ? ready_folder(r, p, err) : ready_image(r, p, err)) < 0)
		return -1;
	p->ready = true;
	return 0;
}

/* As the biggest of the layers was packed. */
static enum oci_compression usual(const struct oci_layers *layers)
{
	struct oci_layer_type type = { 0 };
	uint64_t most = 0;

	for (size_t i = 0; i < layers->n; i++)
		if (layers->v[i].desc.size >= most && oci_media_layer(layers->v[i].desc.media_type, &type))
			most = layers->v[i].desc.size;
	return type.compression;
}

static int rewrite(const struct oci_ready *r, struct oci_part *p, struct oci_err **err)
{
	auto_layer_write struct oci_layer_write *w = NULL;
	enum oci_compression compression =
		r->compression < 0 ? usual(&p->layers) : (enum oci_compression)r->compression;
	struct oci_layer layer = { 0 };

	if (oci_layer_write_open(&w, r->blobs, compression, err) < 0)
		return -1;
	struct oci_pack pack = { .tar = oci_layer_write_tar(w), .prefix = p->module->prefix, .special = true };
	struct oci_apply a = { .from = { .blobs = r->blobs },
			       .layers = &p->layers,
			       .special = true,
			       .sink = oci_pack_sink(&pack),
			       .out = r->out };

	if (oci_apply_run(&a, err) < 0 || oci_layer_write_end(w, &layer, err) < 0)
		return oci_fail_in(err, "%s", p->module->arg);
	oci_layers_clear(&p->layers);
	oci_strs_clear(&p->deletes);
	*oci_vec_push(&p->layers) = layer;
	return 0;
}

int oci_ready_rewrite(const struct oci_ready *r, const struct oci_parts *parts, size_t n, struct oci_err **err)
{
	struct oci_part *p = parts->v[n];
	bool prefix = p->module->prefix && !p->module->is_folder && !p->rewritten;

	if (!prefix && !oci_conflict_reaches(parts, n))
		return 0;
	oci_note(r->out, "module %s is rewritten as one layer: %s", p->name,
		 prefix ? "it gets a prefix" : "its whiteouts reach files of other modules");
	p->rewritten = true;
	return rewrite(r, p, err);
}
