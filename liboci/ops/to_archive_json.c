/* The documents of an archive: a layout's index.json and docker's manifest.json. */
#include "ops/to_archive_int.h"
#include "storage/view.h"

static void print_take(json_t *j, struct oci_buf *out)
{
	oci_json_print(j, out);
	json_decref(j);
}

static void print_name(const struct ta_plan *p, size_t i, struct oci_buf *out)
{
	auto_desc struct oci_desc d = { 0 };

	oci_desc_copy(&d, p->names.v[i].entry);
	oci_pairs_set(&d.annotations, OCI_STORE_REPOSITORY, NULL);
	oci_pairs_set(&d.annotations, OCI_REF_NAME, p->names.v[i].name);
	oci_pairs_set(&d.annotations, OCI_CONTAINERD_NAME, p->names.v[i].name);
	print_take(oci_desc_json(&d), out);
}

static json_t *path_json(const struct oci_desc *blob)
{
	auto_free char *path = ta_blob_path(&blob->digest);

	return json_string(path);
}

static void print_image(const struct ta_plan *p, size_t i, struct oci_buf *out)
{
	const struct ta_image *im = p->images.items[i].value;
	json_t *j = json_object(), *tags = json_array(), *layers = json_array();

	for (size_t k = 0; k < im->tags.n; k++)
		oci_json_append_take(tags, json_string(im->tags.v[k]));
	for (size_t k = 0; k < im->layers.n; k++)
		oci_json_append_take(layers, path_json(im->layers.v[k]));
	oci_json_set_take(j, "Config", path_json(im->config));
	oci_json_set_take(j, "RepoTags", tags);
	oci_json_set_take(j, "Layers", layers);
	print_take(j, out);
}

struct ta_json ta_index(const struct ta_plan *p)
{
	return (struct ta_json){ "index.json",
				 "{\"schemaVersion\":2,\"mediaType\":\"" OCI_MEDIA_INDEX "\",\"manifests\":[", "]}",
				 p->names.n, print_name };
}

struct ta_json ta_manifest(const struct ta_plan *p)
{
	return (struct ta_json){ "manifest.json", "[", "]", p->images.n, print_image };
}

void ta_json_part(const struct ta_plan *p, const struct ta_json *j, size_t i, struct oci_buf *out)
{
	oci_buf_reset(out);
	if (i == 0)
		oci_buf_add(out, j->head, strlen(j->head));
	if (i == j->n) {
		oci_buf_add(out, j->tail, strlen(j->tail));
		return;
	}
	if (i > 0)
		oci_buf_addc(out, ',');
	j->print(p, i, out);
}
