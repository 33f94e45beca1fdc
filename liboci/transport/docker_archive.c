/* docker-archive:FILE, what docker save and podman save write: manifest.json names configs, layers and tags. Where a
 * layout stands beside it (docker save since 25, and oci-to-archive), that is read instead: it keeps the digests.
 * https://github.com/moby/moby/blob/v24.0.0/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format */
#include "transport/local_int.h"
#include "transport/tarball_int.h"

#include "archive/inflate.h"
#include "base/map.h"
#include "digest/verify.h"
#include "image/config.h"

#include <stdlib.h>

#define MANIFEST_JSON_MAX (16u << 20)

struct image {
	char *config;		/* its member's name */
	struct oci_strs layers; /* members, bottom first */
	struct oci_strs tags;
	bool made; /* its manifest, at first need */
	struct oci_digest digest;
	struct oci_buf manifest;
};

struct archive {
	struct oci_tarball *tar;
	OCI_VEC(struct image *) images;
	struct oci_map by_name;	  /* full reference -> image */
	struct oci_map members;	  /* digest -> member */
	struct oci_map manifests; /* digest -> image */
};

static void note_member(struct archive *a, const struct oci_digest *d, const struct oci_member *m)
{
	oci_map_add(&a->members, OCI_DIGEST(d), (void *)(uintptr_t)m);
}

static json_t *desc_json(const char *media_type, const struct oci_digest *digest, uint64_t size)
{
	struct oci_desc d = { .media_type = (char *)(uintptr_t)media_type, .digest = *digest, .size = size };

	return oci_desc_json(&d);
}

static int hash_member(const struct archive *a, const struct oci_member *m, struct oci_digest *out,
		       struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };

	if (oci_tarball_reader(a->tar, m, &r, err) < 0)
		return -1;
	r = oci_hashing_reader(r, OCI_SHA256, out, NULL);
	return oci_reader_drain(&r, err);
}

static int packing_of(const struct archive *a, const struct oci_member *m, enum oci_packing *out, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };
	char start[8];

	if (oci_tarball_reader(a->tar, m, &r, err) < 0)
		return -1;
	ssize_t n = oci_reader_fill(&r, start, sizeof(start), err);

	*out = oci_packing_of(start, n < 0 ? 0 : (size_t)n);
	return n < 0 ? -1 : 0;
}

/* A plain layer's digest is its diff ID, which is checked when the layer is copied; a packed one must be hashed first.
 */
static int add_layer(struct archive *a, const char *name, const struct oci_digest *diff_id, json_t *layers,
		     struct oci_err **err)
{
	static const char *const types[] = { [OCI_PACKING_PLAIN] = OCI_MEDIA_LAYER,
					     [OCI_PACKING_GZIP] = OCI_MEDIA_LAYER_GZIP,
					     [OCI_PACKING_ZSTD] = OCI_MEDIA_LAYER_ZSTD };
	const struct oci_member *m = oci_tarball_find(a->tar, name);
	struct oci_digest digest = *diff_id;
	enum oci_packing packing;

	if (!m)
		return oci_fail(err, OCI_BADINPUT, "%s: manifest.json names layer %s, which is not in it",
				oci_tarball_path(a->tar), name);
	if (packing_of(a, m, &packing, err) < 0)
		return -1;
	if (packing > OCI_PACKING_ZSTD)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: layer %s is packed with %s, which no image may be",
				oci_tarball_path(a->tar), name, oci_packing_name(packing));
	if (packing != OCI_PACKING_PLAIN && hash_member(a, m, &digest, err) < 0)
		return -1;
	note_member(a, &digest, m);
	oci_json_append_take(layers, desc_json(types[packing], &digest, m->size));
	return 0;
}

static int add_layers(struct archive *a, const struct image *im, const struct oci_config *config, json_t *layers,
		      struct oci_err **err)
{
	if (config->diff_ids.n != im->layers.n)
		return oci_fail(err, OCI_BADINPUT, "%s: %s has %zu diff_ids for %zu layers", oci_tarball_path(a->tar),
				im->config, config->diff_ids.n, im->layers.n);
	for (size_t i = 0; i < im->layers.n; i++)
		if (add_layer(a, im->layers.v[i], &config->diff_ids.v[i], layers, err) < 0)
			return -1;
	return 0;
}

/* The manifest that the archive does not have: OCI's, over the config and layers as they are. */
static int make_manifest(struct archive *a, struct image *im, struct oci_err **err)
{
	auto_buf struct oci_buf config_bytes = { 0 };
	auto_config struct oci_config config = { 0 };
	auto_json json_t *j = json_object();
	struct oci_digest config_digest;
	json_t *layers = json_array();

	if (im->made) {
		json_decref(layers);
		return 0;
	}
	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", OCI_MEDIA_MANIFEST);
	oci_json_set_take(j, "layers", layers);
	if (oci_tarball_read(a->tar, im->config, OCI_CONFIG_MAX, &config_bytes, err) < 0 ||
	    oci_config_parse(im->config, config_bytes.data, config_bytes.len, &config, err) < 0 ||
	    add_layers(a, im, &config, layers, err) < 0)
		return -1;
	oci_digest_of(config_bytes.data, config_bytes.len, &config_digest);
	note_member(a, &config_digest, oci_tarball_find(a->tar, im->config));
	oci_json_set_take(j, "config", desc_json(OCI_MEDIA_CONFIG, &config_digest, config_bytes.len));
	oci_json_print(j, &im->manifest);
	oci_digest_of(im->manifest.data, im->manifest.len, &im->digest);
	oci_map_add(&a->manifests, OCI_DIGEST(&im->digest), im);
	im->made = true;
	return 0;
}

static int archive_names(void *ctx, struct oci_strs *out, struct oci_err **err)
{
	const struct archive *a = ctx;

	if (a->by_name.n == 0)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: holds no image with a name; name the one that is wanted",
				oci_tarball_path(a->tar));
	for (size_t i = 0; i < a->by_name.n; i++)
		oci_strs_add(out, a->by_name.items[i].key);
	return 0;
}

static int describe(struct archive *a, struct image *im, struct oci_desc *out, struct oci_err **err)
{
	if (make_manifest(a, im, err) < 0)
		return -1;
	out->digest = im->digest;
	out->media_type = oci_strdup(OCI_MEDIA_MANIFEST);
	return 0;
}

static int archive_find(void *ctx, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err)
{
	struct archive *a = ctx;
	auto_free char *name = oci_ref_name(ref);
	struct image *im = oci_map_get(&a->by_name, name);

	if (!im)
		return oci_fail(err, OCI_NOTFOUND, "%s: no image %s; it has %s%s", oci_tarball_path(a->tar), name,
				a->by_name.n ? a->by_name.items[0].key : "no names",
				a->by_name.n > 1 ? " and others" : "");
	return describe(a, im, out, err);
}

static int archive_nameless(void *ctx, struct oci_desc *out, struct oci_err **err)
{
	struct archive *a = ctx;

	if (a->images.n != 1 || a->by_name.n)
		return oci_fail(err, OCI_NOTFOUND, "%s: its images have names", oci_tarball_path(a->tar));
	return describe(a, a->images.v[0], out, err);
}

static int archive_open(void *ctx, const struct oci_digest *d, struct oci_reader *out, uint64_t *size,
			struct oci_err **err)
{
	const struct archive *a = ctx;
	const struct image *im = oci_map_get(&a->manifests, OCI_DIGEST(d));
	const struct oci_member *m = oci_map_get(&a->members, OCI_DIGEST(d));

	if (im) {
		*size = im->manifest.len;
		*out = oci_reader_of_memory(im->manifest.data, im->manifest.len);
		return 0;
	}
	if (!m)
		return oci_fail(err, OCI_NOTFOUND, "%s: no blob %s", oci_tarball_path(a->tar), OCI_DIGEST(d));
	*size = m->size;
	return oci_tarball_reader(a->tar, m, out, err);
}

static void archive_close(void *ctx)
{
	struct archive *a = ctx;

	for (size_t i = 0; i < a->images.n; i++) {
		struct image *im = a->images.v[i];

		free(im->config);
		oci_strs_clear(&im->layers);
		oci_strs_clear(&im->tags);
		oci_buf_clear(&im->manifest);
		free(im);
	}
	free(a->images.v);
	oci_map_clear(&a->by_name);
	oci_map_clear(&a->members);
	oci_map_clear(&a->manifests);
	oci_tarball_close(a->tar);
	free(a);
}

static const struct oci_local_ops archive_ops = {
	archive_names, archive_find, archive_nameless, archive_open, NULL, NULL, archive_close,
};

static int parse_texts(const json_t *item, const char *where, const char *key, struct oci_strs *out,
		       struct oci_err **err)
{
	const json_t *list = json_object_get(item, key);
	size_t i;
	json_t *text;

	if (list && !json_is_array(list) && !json_is_null(list))
		return oci_fail(err, OCI_BADINPUT, "%s: %s is no list", where, key);
	json_array_foreach ((json_t *)(uintptr_t)list, i, text) {
		if (!json_is_string(text))
			return oci_fail(err, OCI_BADINPUT, "%s: %s[%zu] is no text", where, key, i);
		oci_strs_add(out, json_string_value(text));
	}
	return 0;
}

static int parse_image(struct archive *a, const json_t *item, const char *where, struct oci_err **err)
{
	struct image *im = oci_calloc(1, sizeof(*im));
	const char *config;

	*oci_vec_push(&a->images) = im;
	if (oci_json_need_str(item, where, "Config", &config, err) < 0 ||
	    parse_texts(item, where, "Layers", &im->layers, err) < 0 ||
	    parse_texts(item, where, "RepoTags", &im->tags, err) < 0)
		return -1;
	im->config = oci_strdup(config);
	for (size_t i = 0; i < im->tags.n; i++) {
		auto_ref struct oci_ref ref = { 0 };

		if (oci_ref_parse(im->tags.v[i], &ref, err) < 0)
			return oci_fail_in(err, "%s: RepoTags[%zu]", where, i);
		auto_free char *name = oci_ref_name(&ref);

		oci_map_add(&a->by_name, name, im);
	}
	return 0;
}

static int parse_images(struct archive *a, const void *text, size_t n, struct oci_err **err)
{
	auto_free char *what = oci_printf("%s: manifest.json", oci_tarball_path(a->tar));
	auto_json json_t *j = NULL;
	size_t i;
	json_t *item;

	if (oci_json_parse(what, text, n, &j, err) < 0)
		return -1;
	if (!json_is_array(j))
		return oci_fail(err, OCI_BADINPUT, "%s: not a list of images", what);
	json_array_foreach (j, i, item) {
		auto_free char *where = oci_printf("%s: [%zu]", what, i);

		if (parse_image(a, item, where, err) < 0)
			return -1;
	}
	return 0;
}

static int load(struct archive *a, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	auto_err struct oci_err *e = NULL;

	if (oci_tarball_read(a->tar, "manifest.json", MANIFEST_JSON_MAX, &text, &e) == 0)
		return parse_images(a, text.data, text.len, err);
	if (oci_err_code(e) == OCI_NOTFOUND)
		return oci_fail(err, OCI_BADINPUT, "%s: not a docker archive (no file manifest.json in it)",
				oci_tarball_path(a->tar));
	return oci_fail_with(err, &e);
}

int oci_docker_archive_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err)
{
	auto_tarball struct oci_tarball *tar = NULL;

	if (oci_tarball_open(&tar, path, err) < 0)
		return -1;
	if (oci_tarball_find(tar, "oci-layout") && oci_tarball_find(tar, "index.json"))
		return oci_archive_source_of(src, spec, oci_steal(&tar), NULL, err);
	struct archive *a = oci_calloc(1, sizeof(*a));

	a->tar = oci_steal(&tar);
	if (load(a, err) < 0) {
		archive_close(a);
		return -1;
	}
	oci_local_source(src, spec, &archive_ops, a);
	return 0;
}
