#include "image/manifest.h"

#include <stdlib.h>

#define CHILDREN_MAX 10000

static int parse_children(const json_t *list, const char *what, const char *key, struct oci_manifest *m,
			  struct oci_err **err)
{
	size_t i;
	json_t *item;

	if (json_array_size(list) > CHILDREN_MAX)
		return oci_fail(err, OCI_BADINPUT, "%s: more than %d %s", what, CHILDREN_MAX, key);
	json_array_foreach ((json_t *)(uintptr_t)list, i, item) {
		auto_free char *where = oci_printf("%s: %s[%zu]", what, key, i);
		struct oci_desc d = { 0 };

		if (oci_desc_parse(item, where, &d, err) < 0)
			return -1;
		*oci_vec_push(&m->children) = d;
	}
	return 0;
}

static int parse_subject(const json_t *j, const char *what, struct oci_manifest *m, struct oci_err **err)
{
	const json_t *subject = json_object_get(j, "subject");
	auto_free char *where = oci_printf("%s: subject", what);

	if (!subject || json_is_null(subject))
		return 0;
	m->subject = oci_calloc(1, sizeof(*m->subject));
	return oci_desc_parse(subject, where, m->subject, err);
}

static int refuse(enum oci_media_kind kind, const char *what, struct oci_err **err)
{
	if (kind == OCI_KIND_SCHEMA1)
		return oci_fail(err, OCI_UNSUPPORTED,
				"%s: Docker schema1 manifest, which current registries and clients no longer take; "
				"pull and push the image again with a current docker or skopeo to convert it",
				what);
	return oci_fail(err, OCI_UNSUPPORTED,
			"%s: application/vnd.oci.artifact.manifest.v1+json, which left the OCI spec; "
			"push the artifact again as an image manifest with artifactType",
			what);
}

/* The kind that the document's own fields show; OTHER when they do not say. */
static enum oci_media_kind shape(const json_t *j)
{
	int64_t version = oci_json_int(j, "schemaVersion");

	if (version == 1 || json_object_get(j, "fsLayers"))
		return OCI_KIND_SCHEMA1;
	if (json_is_array(json_object_get(j, "manifests")))
		return OCI_KIND_INDEX;
	if (json_object_get(j, "config") || json_object_get(j, "layers"))
		return OCI_KIND_MANIFEST;
	return oci_media_kind(oci_json_str(j, "mediaType"));
}

int oci_manifest_check_type(const char *media_type, const char *what, struct oci_err **err)
{
	enum oci_media_kind kind = oci_media_kind(media_type);

	return kind == OCI_KIND_SCHEMA1 || kind == OCI_KIND_ARTIFACT ? refuse(kind, what, err) : 0;
}

static int check_shape(const json_t *j, const char *what, const char *media_type, enum oci_media_kind *kind,
		       struct oci_err **err)
{
	const char *own = oci_json_str(j, "mediaType");

	*kind = shape(j);
	if (*kind == OCI_KIND_SCHEMA1 || *kind == OCI_KIND_ARTIFACT || oci_media_kind(own) == OCI_KIND_ARTIFACT)
		return refuse(*kind == OCI_KIND_SCHEMA1 ? *kind : OCI_KIND_ARTIFACT, what, err);
	if (*kind == OCI_KIND_OTHER)
		return oci_fail(err, OCI_BADINPUT, "%s: neither a manifest nor an index", what);
	if (json_object_get(j, "manifests") && (json_object_get(j, "layers") || json_object_get(j, "config")))
		return oci_fail(err, OCI_BADINPUT, "%s: has both manifests and layers, so it is ambiguous", what);
	if ((oci_media_is_document(own) && oci_media_kind(own) != *kind) ||
	    (oci_media_is_document(media_type) && oci_media_kind(media_type) != *kind))
		return oci_fail(err, OCI_BADINPUT, "%s: its media type %s is not what it holds", what,
				own ? own : media_type);
	if (oci_json_int(j, "schemaVersion") != 2)
		return oci_fail(err, OCI_BADINPUT, "%s: schemaVersion is not 2", what);
	return 0;
}

static const char *type_of(const json_t *j, const char *media_type, bool is_index)
{
	const char *own = oci_json_str(j, "mediaType");

	if (oci_media_is_document(own))
		return own;
	if (oci_media_is_document(media_type))
		return media_type;
	return is_index ? OCI_MEDIA_INDEX : OCI_MEDIA_MANIFEST;
}

static int parse_parts(const json_t *j, const char *what, struct oci_manifest *m, struct oci_err **err)
{
	auto_free char *where = oci_printf("%s: config", what);
	const char *key = m->is_index ? "manifests" : "layers";

	if (!m->is_index && oci_desc_parse(json_object_get(j, "config"), where, &m->config, err) < 0)
		return -1;
	if (!json_is_array(json_object_get(j, key)) && !json_is_null(json_object_get(j, key)))
		return oci_fail(err, OCI_BADINPUT, "%s: no %s", what, key);
	if (parse_children(json_object_get(j, key), what, key, m, err) < 0 || parse_subject(j, what, m, err) < 0)
		return -1;
	return oci_pairs_parse(json_object_get(j, "annotations"), what, &m->annotations, err);
}

int oci_manifest_parse(const char *what, const void *data, size_t n, const char *media_type, struct oci_manifest *out,
		       struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };
	auto_json json_t *j = NULL;
	enum oci_media_kind kind;

	if (n > OCI_MANIFEST_MAX)
		return oci_fail(err, OCI_BADINPUT, "%s: larger than 4 MiB, so no manifest", what);
	if (oci_json_parse(what, data, n, &j, err) < 0)
		return -1;
	if (!json_is_object(j))
		return oci_fail(err, OCI_BADINPUT, "%s: neither a manifest nor an index", what);
	if (check_shape(j, what, media_type, &kind, err) < 0)
		return -1;
	m.is_index = kind == OCI_KIND_INDEX;
	m.media_type = oci_strdup(type_of(j, media_type, m.is_index));
	m.artifact_type = oci_strdup(oci_json_str(j, "artifactType"));
	if (parse_parts(j, what, &m, err) < 0)
		return -1;
	*out = m;
	m = (struct oci_manifest){ 0 };
	return 0;
}

int oci_manifest_check_depth(const char *what, unsigned depth, struct oci_err **err)
{
	if (depth <= OCI_NESTING_MAX)
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s: indexes nested more than %d deep", what, OCI_NESTING_MAX);
}

bool oci_manifest_is_image(const struct oci_manifest *m)
{
	return !m->is_index && !m->artifact_type && oci_media_is_image_config(m->config.media_type);
}

void oci_manifest_referrer(const struct oci_manifest *m, const struct oci_digest *d, uint64_t size,
			   struct oci_desc *out)
{
	*out = (struct oci_desc){ .media_type = oci_strdup(m->media_type),
				  .digest = *d,
				  .size = size,
				  .artifact_type =
					  oci_strdup(m->artifact_type ? m->artifact_type : m->config.media_type) };
	for (size_t i = 0; i < m->annotations.n; i++)
		oci_pairs_set(&out->annotations, m->annotations.v[i].key, m->annotations.v[i].value);
}

bool oci_layer_is_foreign(const struct oci_desc *layer)
{
	struct oci_layer_type type;

	return oci_media_layer(layer->media_type, &type) && type.foreign;
}

void oci_manifest_clear(struct oci_manifest *m)
{
	for (size_t i = 0; i < m->children.n; i++)
		oci_desc_clear(&m->children.v[i]);
	free(m->children.v);
	oci_desc_clear(&m->config);
	if (m->subject)
		oci_desc_clear(m->subject);
	free(m->subject);
	free(m->media_type);
	free(m->artifact_type);
	oci_pairs_clear(&m->annotations);
	*m = (struct oci_manifest){ 0 };
}
