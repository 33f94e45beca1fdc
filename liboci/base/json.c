#include "base/json.h"

#include "base/file.h"

#include <stdlib.h>

int oci_json_parse(const char *what, const void *data, size_t n, json_t **out, struct oci_err **err)
{
	json_error_t e;
	json_t *root = json_loadb(data ? data : "", n, JSON_REJECT_DUPLICATES, &e);

	if (!root)
		return oci_fail(err, OCI_BADINPUT, "%s: not valid JSON: line %d, column %d: %s", what, e.line, e.column,
				e.text);
	*out = root;
	return 0;
}

int oci_json_load(const char *path, size_t max, json_t **out, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, max, &text, err) < 0)
		return -1;
	return oci_json_parse(path, text.data, text.len, out, err);
}

static int add_to_buf(const char *data, size_t n, void *ctx)
{
	oci_buf_add(ctx, data, n);
	return 0;
}

void oci_json_print(const json_t *root, struct oci_buf *out)
{
	if (json_dump_callback(root, add_to_buf, out, JSON_COMPACT | JSON_ENCODE_ANY) < 0)
		abort();
}

void oci_json_print_pretty(const json_t *root, struct oci_buf *out)
{
	if (json_dump_callback(root, add_to_buf, out, JSON_INDENT(2) | JSON_ENCODE_ANY) < 0)
		abort();
	oci_buf_addc(out, '\n');
}

const char *oci_json_str(const json_t *obj, const char *key)
{
	return json_string_value(json_object_get(obj, key));
}

json_t *oci_json_obj(const json_t *obj, const char *key)
{
	json_t *value = json_object_get(obj, key);

	return json_is_object(value) ? value : NULL;
}

json_t *oci_json_arr(const json_t *obj, const char *key)
{
	json_t *value = json_object_get(obj, key);

	return json_is_array(value) ? value : NULL;
}

int64_t oci_json_int(const json_t *obj, const char *key)
{
	const json_t *value = json_object_get(obj, key);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

int oci_json_need_str(const json_t *obj, const char *where, const char *key, const char **out, struct oci_err **err)
{
	const char *text = oci_json_str(obj, key);

	if (!text)
		return oci_fail(err, OCI_BADINPUT, "%s: no %s", where, key);
	*out = text;
	return 0;
}

int oci_json_need_int(const json_t *obj, const char *where, const char *key, int64_t *out, struct oci_err **err)
{
	int64_t number = oci_json_int(obj, key);

	if (number < 0)
		return oci_fail(err, OCI_BADINPUT, "%s: no valid %s", where, key);
	*out = number;
	return 0;
}

static void must(int rc)
{
	if (rc < 0)
		abort();
}

void oci_json_set_str(json_t *obj, const char *key, const char *value)
{
	if (value)
		must(json_object_set_new(obj, key, json_string(value)));
}

void oci_json_set_int(json_t *obj, const char *key, int64_t value)
{
	must(json_object_set_new(obj, key, json_integer(value)));
}

void oci_json_set_take(json_t *obj, const char *key, json_t *value)
{
	must(json_object_set_new(obj, key, value));
}

void oci_json_append_take(json_t *array, json_t *value)
{
	must(json_array_append_new(array, value));
}

void oci_json_drop(json_t **j)
{
	json_decref(*j);
	*j = NULL;
}
