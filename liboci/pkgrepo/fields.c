#include "pkgrepo/fields.h"

#include "base/slice.h"
#include "base/vec.h"
#include "base/yaml.h"

#include <stdlib.h>

static void *at(void *into, const struct oci_yaml_field *f)
{
	return (char *)into + f->offset;
}

static int read_scalar(const struct oci_yaml_doc *doc, const char *key, const struct oci_yaml *node, char **out,
		       struct oci_err **err)
{
	if (node->kind != OCI_YAML_SCALAR || oci_yaml_is_null(node))
		return oci_yaml_fail(doc, node, err, "%s: a text is wanted here", key);
	if (strlen(node->text) != node->len)
		return oci_yaml_fail(doc, node, err, "%s: a text with a NUL byte", key);
	*out = oci_strdup(node->text);
	return 0;
}

static int read_list(const struct oci_yaml_doc *doc, const char *key, const struct oci_yaml *node, struct oci_strs *out,
		     struct oci_err **err)
{
	char *text = NULL;

	if (node->kind == OCI_YAML_MAP)
		return oci_yaml_fail(doc, node, err, "%s: a list is wanted here", key);
	if (node->kind == OCI_YAML_SCALAR) {
		if (read_scalar(doc, key, node, &text, err) < 0)
			return -1;
		oci_strs_add_take(out, text);
		return 0;
	}
	for (size_t i = 0; i < node->n; i++) {
		if (read_scalar(doc, key, node->items[i], &text, err) < 0)
			return -1;
		oci_strs_add_take(out, text);
	}
	return 0;
}

static int read_bool(const struct oci_yaml_doc *doc, const char *key, const struct oci_yaml *node, bool *out,
		     struct oci_err **err)
{
	static const char *const words[2][3] = { { "false", "no", "off" }, { "true", "yes", "on" } };

	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < 3; i++)
			if (node->kind == OCI_YAML_SCALAR && node->plain && oci_streq(node->text, words[value][i])) {
				*out = value;
				return 0;
			}
	return oci_yaml_fail(doc, node, err, "%s: neither true nor false", key);
}

static int read_int(const struct oci_yaml_doc *doc, const char *key, const struct oci_yaml *node, int64_t *out,
		    struct oci_err **err)
{
	const char *text = node->kind == OCI_YAML_SCALAR ? node->text : "";
	bool minus = *text == '-';
	uint64_t value;

	if (!oci_slice_u64(oci_slice(text + minus), &value) || value > 100000)
		return oci_yaml_fail(doc, node, err, "%s: a number is wanted here", key);
	*out = minus ? -(int64_t)value : (int64_t)value;
	return 0;
}

static int read_field(const struct oci_yaml_doc *doc, const struct oci_yaml_field *f, const struct oci_yaml *node,
		      void *into, struct oci_err **err)
{
	switch (f->kind) {
	case OCI_YAML_FIELD_STR:
		return read_scalar(doc, f->key, node, at(into, f), err);
	case OCI_YAML_FIELD_STRS:
		return read_list(doc, f->key, node, at(into, f), err);
	case OCI_YAML_FIELD_INT:
		return read_int(doc, f->key, node, at(into, f), err);
	case OCI_YAML_FIELD_BOOL:
		return read_bool(doc, f->key, node, at(into, f), err);
	case OCI_YAML_FIELD_NOT:
		if (read_bool(doc, f->key, node, at(into, f), err) < 0)
			return -1;
		*(bool *)at(into, f) = !*(bool *)at(into, f);
		return 0;
	default:
		return 0;
	}
}

int oci_yaml_fields_read(const struct oci_yaml_doc *doc, const struct oci_yaml *map,
			 const struct oci_yaml_field *fields, void *into, struct oci_err **err)
{
	if (map->kind != OCI_YAML_MAP)
		return oci_yaml_fail(doc, map, err, "a map of keys and values is wanted here");
	for (size_t i = 0; i < map->n; i++) {
		const struct oci_yaml *key = map->items[2 * i];
		const struct oci_yaml_field *f = fields;

		while (f->key && !oci_streq(f->key, key->text))
			f++;
		if (!f->key)
			return oci_yaml_fail(doc, key, err, "unknown key \"%s\"", key->text);
		if (read_field(doc, f, map->items[2 * i + 1], into, err) < 0)
			return -1;
	}
	return 0;
}

void oci_yaml_fields_clear(const struct oci_yaml_field *fields, void *from)
{
	for (; fields->key; fields++) {
		if (fields->kind == OCI_YAML_FIELD_STR)
			free(oci_steal((char **)at(from, fields)));
		if (fields->kind == OCI_YAML_FIELD_STRS)
			oci_strs_clear(at(from, fields));
	}
}
