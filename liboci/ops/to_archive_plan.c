#include "ops/to_archive_int.h"

#include "image/present.h"
#include "ops/input.h"

#include <stdlib.h>

char *ta_blob_path(const struct oci_digest *d)
{
	return oci_printf("blobs/%s/%s", oci_digest_algorithm(d), OCI_HEX(d));
}

static const struct oci_desc *take_blob(struct ta_plan *p, const struct oci_desc *desc)
{
	void **at = oci_map_at(&p->blobs, OCI_DIGEST(&desc->digest));
	struct oci_desc *d = *at;

	if (!d) {
		*at = d = oci_calloc(1, sizeof(*d));
		oci_desc_copy(d, desc);
		p->bytes += d->size;
	}
	return d;
}

static int note_blob(void *ctx, const struct oci_node *node, struct oci_err **err)
{
	(void)err;
	take_blob(ctx, node->desc);
	return 0;
}

static int note_blobs(struct ta_plan *p, const struct oci_desc *entry, const struct oci_platforms *only,
		      struct oci_err **err)
{
	struct oci_walk walk = { .blobs = p->layout.blobs, .platforms = only, .visit = note_blob, .ctx = p };

	return oci_graph_walk(&walk, entry, err);
}

/* The one image that docker load is to get: of the platform that was named, else the only one, else this machine's. */
static int pick(const struct ta_plan *p, const struct oci_present *present, const struct oci_present_image **out,
		struct oci_err **err)
{
	auto_platforms struct oci_platforms own = { 0 };
	const struct oci_platform *want = p->platforms.n ? &p->platforms.v[0] : NULL;

	*out = NULL;
	if (present->n == 1 && (!want || !present->v[0].has_platform)) {
		*out = &present->v[0];
		return 0;
	}
	if (!want) {
		oci_platforms_parse(NULL, &own, NULL);
		want = &own.v[0];
	}
	*out = oci_present_find(present, want);
	return *out ? 0 : oci_present_fail(present, want, err);
}

static int check_layer(const struct ta_plan *p, const struct oci_desc *layer, struct oci_err **err)
{
	struct oci_layer_type type;

	if (!oci_media_layer(layer->media_type, &type))
		return oci_fail(err, OCI_UNSUPPORTED, "%s is of type %s, no image layer; use --format oci",
				OCI_DIGEST(&layer->digest), layer->media_type);
	if (type.encrypted)
		return oci_fail(err, OCI_UNSUPPORTED,
				"layer %s is encrypted, which docker load cannot undo; use --format oci",
				OCI_DIGEST(&layer->digest));
	if (!oci_blobs_has_desc(p->layout.blobs, layer))
		return oci_fail(err, OCI_NOTFOUND,
				"foreign layer %s is not in the layout, and docker load needs it; use --format oci",
				OCI_DIGEST(&layer->digest));
	return 0;
}

/* cosign gives its signatures and attestations the config of an image, so their layers tell. */
static bool is_artifact(const struct oci_manifest *m)
{
	struct oci_layer_type type;

	for (size_t i = 0; i < m->children.n; i++)
		if (oci_media_layer(m->children.v[i].media_type, &type))
			return false;
	return m->children.n > 0;
}

static void free_image(void *image)
{
	struct ta_image *im = image;

	oci_strs_clear(&im->tags);
	free(im->layers.v);
	free(im);
}

/* *out stays NULL for an artifact. */
static int add_image(struct ta_plan *p, const struct oci_desc *manifest, struct ta_image **out, struct oci_err **err)
{
	const char *digest = OCI_DIGEST(&manifest->digest);
	auto_buf struct oci_buf bytes = { 0 };
	auto_manifest struct oci_manifest m = { 0 };

	*out = oci_map_get(&p->images, digest);
	if (*out)
		return 0;
	if (oci_blobs_read(p->layout.blobs, manifest, OCI_MANIFEST_MAX, &bytes, err) < 0 ||
	    oci_manifest_parse(digest, bytes.data, bytes.len, manifest->media_type, &m, err) < 0)
		return -1;
	if (is_artifact(&m))
		return 0;
	for (size_t i = 0; i < m.children.n; i++)
		if (check_layer(p, &m.children.v[i], err) < 0)
			return -1;
	struct ta_image *im = *out = oci_calloc(1, sizeof(*im));

	oci_map_add(&p->images, digest, im);
	im->config = take_blob(p, &m.config);
	for (size_t i = 0; i < m.children.n; i++)
		*oci_vec_push(&im->layers) = take_blob(p, &m.children.v[i]);
	return 0;
}

/* docker load takes images alone: what is none is an error when it was named, else left out. */
static int add_docker(struct ta_plan *p, const struct oci_desc *entry, const struct oci_ref *ref,
		      const struct oci_present *present, bool *left_out, struct oci_err **err)
{
	const struct oci_present_image *found;
	struct oci_platforms only = { 0 };
	struct ta_image *im = NULL;

	if (present->n && (pick(p, present, &found, err) < 0 || add_image(p, &found->desc, &im, err) < 0))
		return -1;
	*left_out = !im && !p->chosen.some;
	if (*left_out)
		return 0;
	if (!im)
		return oci_fail(err, OCI_UNSUPPORTED,
				"an artifact, no image, so not for docker load; use --format oci");
	if (ref->tag)
		oci_strs_add_take(&im->tags, oci_ref_tagged(ref));
	if (!found->has_platform)
		return note_blobs(p, entry, NULL, err);
	only = (struct oci_platforms){ (struct oci_platform *)(uintptr_t)&found->platform, 1, 1, false };
	return note_blobs(p, entry, &only, err);
}

static int add_oci(struct ta_plan *p, const struct oci_desc *entry, const struct oci_present *present,
		   struct oci_err **err)
{
	if (oci_present_match(present, &p->platforms, err) < 0)
		return -1;
	return note_blobs(p, entry, p->platforms.all ? NULL : &p->platforms, err);
}

static int add_entry(struct ta_plan *p, const struct oci_desc *entry, const struct oci_ref *ref, const char *name,
		     const struct oci_out *out, struct oci_err **err)
{
	auto_present struct oci_present present = { 0 };
	bool left_out = false;

	if (oci_present_collect(&p->layout, entry, &present, err) < 0 ||
	    (p->docker ? add_docker(p, entry, ref, &present, &left_out, err) : add_oci(p, entry, &present, err)) < 0)
		return oci_fail_in(err, "%s", name);
	if (left_out) {
		oci_warn(out, "%s: an artifact, no image: left out; --format oci takes it along", name);
		return 0;
	}
	*oci_vec_push(&p->names) = (struct ta_name){ oci_strdup(name), entry };
	return 0;
}

static void add_entries(struct ta_plan *p, const struct oci_to_archive *what, struct oci_failures *failures,
			struct oci_map *seen)
{
	for (size_t i = 0; i < p->layout.entries.n; i++) {
		const struct oci_desc *entry = &p->layout.entries.v[i];
		auto_ref struct oci_ref ref = { 0 };
		struct oci_err *e = NULL;

		if (oci_layout_ref(entry, &ref, &e) < 0) {
			oci_warn(&what->out, "%s: %s: left out", p->layout.dir, oci_err_text(e));
			oci_err_clear(&e);
			continue;
		}
		auto_free char *name = oci_ref_name(&ref);

		if (!oci_chosen_has(&p->chosen, name) || !oci_map_add(seen, name, p))
			continue;
		if (add_entry(p, entry, &ref, name, &what->out, &e) < 0)
			oci_failures_add_take(failures, &what->out, &e);
	}
}

static void fail_absent(const struct ta_plan *p, const struct oci_to_archive *what, const struct oci_map *seen,
			struct oci_failures *failures)
{
	for (size_t i = 0; i < p->chosen.names.n; i++) {
		const char *name = p->chosen.names.items[i].key;
		struct oci_err *e = NULL;

		if (oci_map_has(seen, name))
			continue;
		oci_chosen_absent(name, &p->layout, 1, &e);
		oci_failures_add_take(failures, &what->out, &e);
	}
}

static int parse_settings(struct ta_plan *p, const struct oci_to_archive *what, struct oci_err **err)
{
	const char *format = what->format ? what->format : "docker";

	if (!what->input)
		return oci_fail(err, OCI_USAGE, "no layout given; name it with -i LAYOUT");
	if (!oci_streq(format, "docker") && !oci_streq(format, "oci"))
		return oci_fail(err, OCI_USAGE, "--format: \"%s\" is neither docker nor oci", format);
	p->docker = oci_streq(format, "docker");
	if (what->platform && oci_platforms_parse(what->platform, &p->platforms, err) < 0)
		return -1;
	if (p->docker && (p->platforms.all || p->platforms.n > 1))
		return oci_fail(err, OCI_USAGE,
				"--platform: docker load takes one platform; use --format oci for more");
	if (!p->docker && !what->platform)
		p->platforms.all = true;
	return 0;
}

int ta_plan_make(struct ta_plan *p, const struct oci_to_archive *what, struct oci_err **err)
{
	auto_failures struct oci_failures failures = { 0 };
	auto_map struct oci_map seen = { 0 };

	if (parse_settings(p, what, err) < 0 || oci_chosen_load(&p->chosen, &what->lists, what->names, err) < 0 ||
	    oci_input_open(what->input, &p->layout, err) < 0)
		return -1;
	add_entries(p, what, &failures, &seen);
	fail_absent(p, what, &seen, &failures);
	if (oci_failures_end(&failures, p->names.n + failures.n, err) < 0)
		return -1;
	if (p->names.n == 0)
		return oci_fail(err, OCI_NOTFOUND, "%s: holds no image with a name", p->layout.dir);
	return 0;
}

static void free_desc(void *d)
{
	oci_desc_clear(d);
	free(d);
}

void ta_plan_clear(struct ta_plan *p)
{
	for (size_t i = 0; i < p->names.n; i++)
		free(p->names.v[i].name);
	free(p->names.v);
	oci_map_clear_with(&p->images, free_image);
	oci_map_clear_with(&p->blobs, free_desc);
	oci_chosen_clear(&p->chosen);
	oci_platforms_clear(&p->platforms);
	oci_layout_close(&p->layout);
}
