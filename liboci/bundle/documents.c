#include "bundle/documents.h"

#include "base/date.h"
#include "image/config.h"

#include <string.h>

static void seal_document(struct oci_document *d, const char *media_type)
{
	d->desc.media_type = oci_strdup(media_type);
	d->desc.size = d->bytes.len;
	oci_digest_of(d->bytes.data, d->bytes.len, &d->desc.digest);
}

static void add_part(struct oci_config *c, const struct oci_part *p, const char *created)
{
	for (size_t i = 0; i < p->layers.n; i++) {
		*oci_vec_push(&c->diff_ids) = p->layers.v[i].diff_id;
		*oci_vec_push(&c->history) =
			(struct oci_history){ .created = oci_strdup(created),
					      .created_by = oci_printf("bundle-merge %s %s", p->name, p->version) };
	}
}

static void make_config(const struct oci_parts *parts, const struct oci_platform *platform,
			const struct oci_pairs *labels, int64_t epoch, struct oci_document *out)
{
	auto_config struct oci_config c = { .has_platform = true };
	auto_free char *created = oci_date_rfc3339(epoch);

	oci_platform_copy(&c.platform, platform);
	for (size_t i = 0; i < labels->n; i++)
		oci_pairs_set(&c.labels, labels->v[i].key, labels->v[i].value);
	for (size_t i = 0; i < parts->n; i++)
		add_part(&c, parts->v[i], created);
	oci_config_print(&c, created, &out->bytes);
	seal_document(out, OCI_MEDIA_CONFIG);
}

/* "VERSION DIGEST", with the digests of all platforms when they differ. */
static void annotate(struct oci_pairs *out, const struct oci_part *p, const struct oci_digest *digest)
{
	auto_free char *key = oci_printf(OCI_MODULE_ANNOTATION "%s", p->name);
	const char *have = oci_pairs_get(out, key), *text = OCI_DIGEST(digest);

	if (have && strstr(have, text))
		return;
	auto_free char *value = have ? oci_printf("%s,%s", have, text) : oci_printf("%s %s", p->version, text);

	oci_pairs_set(out, key, value);
}

/* In the index an image stands with the digest of all its platforms; a bundle's module as that bundle has it. */
static void annotate_root(struct oci_pairs *out, const struct oci_part *p)
{
	auto_free char *key = oci_printf(OCI_MODULE_ANNOTATION "%s", p->name);

	if (p->said)
		oci_pairs_set(out, key, p->said);
	else
		annotate(out, p, p->of ? &p->module->image.root.digest : &p->digest);
}

static void make_manifest(const struct oci_parts *parts, const struct oci_desc *config, struct oci_bundle_image *out)
{
	auto_json json_t *j = json_object();
	auto_pairs struct oci_pairs annotations = { 0 };
	json_t *layers = json_array();

	for (size_t i = 0; i < parts->n; i++) {
		const struct oci_part *p = parts->v[i];

		annotate(&annotations, p, &p->digest);
		for (size_t k = 0; k < p->layers.n; k++) {
			oci_json_append_take(layers, oci_desc_json(&p->layers.v[k].desc));
			out->layers++;
			out->bytes += p->layers.v[k].desc.size;
		}
	}
	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", OCI_MEDIA_MANIFEST);
	oci_json_set_take(j, "config", oci_desc_json(config));
	oci_json_set_take(j, "layers", layers);
	oci_json_set_take(j, "annotations", oci_pairs_json(&annotations));
	oci_json_print(j, &out->manifest.bytes);
	seal_document(&out->manifest, OCI_MEDIA_MANIFEST);
}

int oci_bundle_image(const struct oci_parts *parts, const struct oci_platform *platform, const struct oci_pairs *labels,
		     int64_t epoch, struct oci_bundle_image *out, struct oci_err **err)
{
	*out = (struct oci_bundle_image){ 0 };
	make_config(parts, platform, labels, epoch, &out->config);
	make_manifest(parts, &out->config.desc, out);
	out->manifest.desc.has_platform = true;
	oci_platform_copy(&out->manifest.desc.platform, platform);
	if (out->layers > OCI_LAYERS_MAX)
		return oci_fail(err, OCI_UNSUPPORTED,
				"%s: %zu layers are more than the %d that an image may have; merge fewer",
				OCI_PLATFORM(platform), out->layers, OCI_LAYERS_MAX);
	return 0;
}

void oci_bundle_index(const struct oci_bundle_image *images, const struct oci_parts *parts, size_t n,
		      struct oci_document *out)
{
	auto_json json_t *j = json_object();
	auto_pairs struct oci_pairs annotations = { 0 };
	json_t *manifests = json_array();

	for (size_t i = 0; i < n; i++) {
		oci_json_append_take(manifests, oci_desc_json(&images[i].manifest.desc));
		for (size_t k = 0; k < parts[i].n; k++) {
			const struct oci_part *p = parts[i].v[k];

			annotate_root(&annotations, p);
		}
	}
	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", OCI_MEDIA_INDEX);
	oci_json_set_take(j, "manifests", manifests);
	oci_json_set_take(j, "annotations", oci_pairs_json(&annotations));
	*out = (struct oci_document){ 0 };
	oci_json_print(j, &out->bytes);
	seal_document(out, OCI_MEDIA_INDEX);
}

void oci_document_clear(struct oci_document *d)
{
	oci_desc_clear(&d->desc);
	oci_buf_clear(&d->bytes);
}

void oci_bundle_image_clear(struct oci_bundle_image *b)
{
	oci_document_clear(&b->config);
	oci_document_clear(&b->manifest);
}
