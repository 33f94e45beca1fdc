#include "image/config.h"

#include <stdlib.h>

static int parse_diff_ids(const json_t *list, const char *what, struct oci_config *c, struct oci_err **err)
{
	size_t i;
	json_t *item;

	json_array_foreach ((json_t *)(uintptr_t)list, i, item) {
		const char *text = json_string_value(item);

		if (!text || oci_digest_parse(oci_slice(text), oci_vec_push(&c->diff_ids), err) < 0)
			return oci_fail(err, OCI_BADINPUT, "%s: rootfs.diff_ids[%zu] is no digest", what, i);
	}
	return 0;
}

static void parse_history(const json_t *list, struct oci_config *c)
{
	size_t i;
	json_t *item;

	json_array_foreach ((json_t *)(uintptr_t)list, i, item) {
		*oci_vec_push(&c->history) =
			(struct oci_history){ .created = oci_strdup(oci_json_str(item, "created")),
					      .created_by = oci_strdup(oci_json_str(item, "created_by")),
					      .comment = oci_strdup(oci_json_str(item, "comment")),
					      .author = oci_strdup(oci_json_str(item, "author")),
					      .empty_layer = json_is_true(json_object_get(item, "empty_layer")) };
	}
}

int oci_config_parse(const char *what, const void *data, size_t n, struct oci_config *out, struct oci_err **err)
{
	auto_config struct oci_config c = { 0 };
	auto_json json_t *j = NULL;

	if (n > OCI_CONFIG_MAX)
		return oci_fail(err, OCI_BADINPUT, "%s: larger than 16 MiB, so no image config", what);
	if (oci_json_parse(what, data, n, &j, err) < 0)
		return -1;
	if (!json_is_object(j))
		return oci_fail(err, OCI_BADINPUT, "%s: not an image config", what);
	const char *os = oci_json_str(j, "os"), *architecture = oci_json_str(j, "architecture");

	if (os && architecture && *os && *architecture) {
		c.has_platform = true;
		oci_platform_set(&c.platform, os, architecture, oci_json_str(j, "variant"));
	}
	if (parse_diff_ids(oci_json_arr(oci_json_obj(j, "rootfs"), "diff_ids"), what, &c, err) < 0 ||
	    oci_pairs_parse(oci_json_obj(oci_json_obj(j, "config"), "Labels"), what, &c.labels, err) < 0)
		return -1;
	parse_history(oci_json_arr(j, "history"), &c);
	*out = c;
	c = (struct oci_config){ 0 };
	return 0;
}

static json_t *history_json(const struct oci_config *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->history.n; i++) {
		const struct oci_history *h = &c->history.v[i];
		json_t *j = json_object();

		oci_json_set_str(j, "created", h->created);
		oci_json_set_str(j, "created_by", h->created_by);
		oci_json_set_str(j, "author", h->author);
		oci_json_set_str(j, "comment", h->comment);
		if (h->empty_layer)
			oci_json_set_take(j, "empty_layer", json_true());
		oci_json_append_take(list, j);
	}
	return list;
}

static json_t *rootfs_json(const struct oci_config *c)
{
	json_t *j = json_object(), *ids = json_array();

	for (size_t i = 0; i < c->diff_ids.n; i++)
		oci_json_append_take(ids, json_string(OCI_DIGEST(&c->diff_ids.v[i])));
	oci_json_set_str(j, "type", "layers");
	oci_json_set_take(j, "diff_ids", ids);
	return j;
}

void oci_config_print(const struct oci_config *c, const char *created, struct oci_buf *out)
{
	auto_json json_t *j = json_object();
	json_t *config = json_object(), *labels = oci_pairs_json(&c->labels);

	oci_json_set_str(j, "created", created);
	oci_json_set_str(j, "architecture", c->platform.architecture);
	oci_json_set_str(j, "os", c->platform.os);
	oci_json_set_str(j, "variant", c->platform.variant);
	if (labels)
		oci_json_set_take(config, "Labels", labels);
	oci_json_set_take(j, "config", config);
	oci_json_set_take(j, "rootfs", rootfs_json(c));
	oci_json_set_take(j, "history", history_json(c));
	oci_json_print(j, out);
}

void oci_config_clear(struct oci_config *c)
{
	for (size_t i = 0; i < c->history.n; i++) {
		free(c->history.v[i].created);
		free(c->history.v[i].created_by);
		free(c->history.v[i].comment);
		free(c->history.v[i].author);
	}
	free(c->history.v);
	free(c->diff_ids.v);
	oci_platform_clear(&c->platform);
	oci_pairs_clear(&c->labels);
	*c = (struct oci_config){ 0 };
}
