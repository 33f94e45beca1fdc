#include "make_image.h"

#include "image/config.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct oci_desc put(struct oci_layout *l, const char *media_type, const char *bytes, size_t n)
{
	struct oci_desc d = { .media_type = oci_strdup(media_type), .size = n };

	cr_assert_eq(oci_blobs_put(l->blobs, bytes, n, NULL, &d.digest, NULL), 0);
	return d;
}

static struct oci_desc put_config(struct oci_layout *l, const char *architecture, const struct oci_desc *layer)
{
	auto_config struct oci_config c = { .has_platform = true };
	auto_buf struct oci_buf bytes = { 0 };

	oci_platform_set(&c.platform, "linux", architecture, NULL);
	*oci_vec_push(&c.diff_ids) = layer->digest;
	oci_config_print(&c, "1970-01-01T00:00:00Z", &bytes);
	return put(l, OCI_MEDIA_CONFIG, bytes.data, bytes.len);
}

static struct oci_desc put_json(struct oci_layout *l, const char *media_type, json_t *take)
{
	auto_json json_t *j = take;
	auto_buf struct oci_buf bytes = { 0 };

	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", media_type);
	oci_json_print(j, &bytes);
	return put(l, media_type, bytes.data, bytes.len);
}

struct oci_desc make_manifest(struct oci_layout *l, const char *architecture, const char *layer,
			      const struct oci_desc *subject)
{
	auto_desc struct oci_desc one = put(l, OCI_MEDIA_LAYER, layer, strlen(layer));
	auto_desc struct oci_desc config = put_config(l, architecture, &one);
	json_t *j = json_object(), *layers = json_array();

	oci_json_append_take(layers, oci_desc_json(&one));
	oci_json_set_take(j, "config", oci_desc_json(&config));
	oci_json_set_take(j, "layers", layers);
	if (subject) {
		oci_json_set_take(j, "subject", oci_desc_json(subject));
		oci_json_set_str(j, "artifactType", "application/vnd.test.signature");
	}
	struct oci_desc d = put_json(l, OCI_MEDIA_MANIFEST, j);

	d.has_platform = true;
	oci_platform_set(&d.platform, "linux", architecture, NULL);
	return d;
}

struct oci_desc make_index(struct oci_layout *l, const struct oci_desc *children, size_t n)
{
	json_t *j = json_object(), *list = json_array();

	for (size_t i = 0; i < n; i++)
		oci_json_append_take(list, oci_desc_json(&children[i]));
	oci_json_set_take(j, "manifests", list);
	return put_json(l, OCI_MEDIA_INDEX, j);
}

void make_folder(char *pattern)
{
	cr_assert_not_null(mkdtemp(pattern));
}
