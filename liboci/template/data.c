#include "template/data.h"

#include "base/map.h"
#include "template/number.h"
#include "template/print.h"

#include <ctype.h>
#include <math.h>

static bool has_marks(struct oci_slice s)
{
	for (const char *p = s.p; s.len && (p = memchr(p, '{', s.len - (size_t)(p - s.p))); p++)
		if (p + 1 < s.p + s.len && strchr("{%#", p[1]))
			return true;
	return false;
}

const struct oci_val *oci_data_template(struct oci_arena *a, struct oci_slice text, const struct oci_origin *origin)
{
	const struct oci_val *v = oci_val_str(a, text.p, text.len);

	if (!has_marks(text))
		return v;
	struct oci_val *raw = oci_arena_alloc(a, sizeof(*raw));

	*raw = *v;
	raw->raw = true;
	raw->origin = origin;
	return raw;
}

static const struct oci_val *bool_of(struct oci_slice s)
{
	static const char *const words[][2] = { { "yes", "no" }, { "true", "false" }, { "on", "off" },
						{ "Yes", "No" }, { "True", "False" }, { "On", "Off" },
						{ "YES", "NO" }, { "TRUE", "FALSE" }, { "ON", "OFF" } };

	for (size_t i = 0; i < OCI_COUNT(words); i++)
		for (int k = 0; k < 2; k++)
			if (oci_slice_eq(s, words[i][k]))
				return oci_val_bool(k == 0);
	return NULL;
}

/* 190:20:30 counts by sixties, also with a fraction at the end. */
static bool sixties(struct oci_slice s, double *out)
{
	struct oci_slice part;
	bool minus = s.len && *s.p == '-';

	if (s.len && (*s.p == '-' || *s.p == '+')) {
		s.p++;
		s.len--;
	}
	if (!memchr(s.p, ':', s.len) || !isdigit((unsigned char)*s.p))
		return false;
	*out = 0;
	for (bool more = true, first = true; more; first = false) {
		double value;

		more = oci_slice_cut(s, ':', &part, &s);
		if (!part.len || !isdigit((unsigned char)*part.p) || !oci_number_float(part, &value) ||
		    (!first && value >= 60) || (more && memchr(part.p, '.', part.len)))
			return false;
		*out = *out * 60 + value;
	}
	*out = minus ? -*out : *out;
	return true;
}

static bool all_of(struct oci_slice s, const char *chars)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(chars, s.p[i]))
			return false;
	return s.len > 0;
}

static const struct oci_val *int_of(struct oci_arena *a, struct oci_slice s)
{
	struct oci_slice digits = s;
	int base = 10;
	int64_t i;

	if (*digits.p == '-' || *digits.p == '+') {
		digits.p++;
		digits.len--;
	}
	if (digits.len > 1 && *digits.p == '0') {
		base = digits.p[1] == 'x' ? 16 : digits.p[1] == 'b' ? 2 : 8;
		if (base == 8 && !all_of(digits, "01234567_"))
			return NULL;
	} else if (!all_of(digits, "0123456789_")) {
		return NULL;
	}
	return oci_number_int(s, base, &i) ? oci_val_int(a, i) : NULL;
}

static const struct oci_val *special_float(struct oci_arena *a, struct oci_slice s)
{
	bool minus = *s.p == '-';

	if (oci_slice_eq(s, ".nan") || oci_slice_eq(s, ".NaN") || oci_slice_eq(s, ".NAN"))
		return oci_val_float(a, NAN);
	if (*s.p == '-' || *s.p == '+') {
		s.p++;
		s.len--;
	}
	if (oci_slice_eq(s, ".inf") || oci_slice_eq(s, ".Inf") || oci_slice_eq(s, ".INF"))
		return oci_val_float(a, minus ? -INFINITY : INFINITY);
	return NULL;
}

/* YAML 1.1 as Ansible reads it wants a point in a float, and a sign in its exponent: 1e3 is a text. */
static const struct oci_val *float_of(struct oci_arena *a, struct oci_slice s)
{
	const char *e = memchr(s.p, 'e', s.len) ?: memchr(s.p, 'E', s.len);
	const char *end = s.p + s.len;
	double f;

	if (!memchr(s.p, '.', s.len) || !all_of(s, "0123456789_.eE+-") || (e && (e + 1 == end || !strchr("+-", e[1]))))
		return NULL;
	if ((*s.p == '-' || *s.p == '+') && s.len > 1 && s.p[1] == '.')
		return NULL;
	return oci_number_float(s, &f) ? oci_val_float(a, f) : NULL;
}

const struct oci_val *oci_data_of_scalar(struct oci_arena *a, struct oci_slice s)
{
	const struct oci_val *v;
	double f;

	if (s.len == 0 || oci_slice_eq(s, "~") || oci_slice_eq(s, "null") || oci_slice_eq(s, "Null") ||
	    oci_slice_eq(s, "NULL"))
		return &oci_val_none;
	if ((v = bool_of(s)))
		return v;
	if (!isdigit((unsigned char)*s.p) && !strchr("+-.", *s.p))
		return oci_val_str(a, s.p, s.len);
	if ((v = int_of(a, s)) || (v = float_of(a, s)) || (v = special_float(a, s)))
		return v;
	if (sixties(s, &f))
		return memchr(s.p, '.', s.len) ? oci_val_float(a, f) : oci_val_int(a, (int64_t)f);
	return oci_val_str(a, s.p, s.len);
}

static const struct oci_val *text_of(const struct oci_data *d, const struct oci_yaml *node)
{
	struct oci_slice text = { node->text, node->len };

	if (!has_marks(text))
		return oci_val_str(d->arena, text.p, text.len);
	struct oci_origin *o = oci_arena_alloc(d->arena, sizeof(*o));

	*o = (struct oci_origin){ oci_yaml_what(d->doc), d->name, node->line, node->column, d->source };
	return oci_data_template(d->arena, text, o);
}

static int scalar_of(const struct oci_data *d, const struct oci_yaml *node, const struct oci_val **out,
		     struct oci_err **err)
{
	static const char core[] = "tag:yaml.org,2002:";
	struct oci_slice text = { node->text, node->len };
	const char *tag = node->tag;

	if (node->plain && !tag) {
		*out = has_marks(text) ? text_of(d, node) : oci_data_of_scalar(d->arena, text);
		return 0;
	}
	if (!tag || oci_streq(tag, "!") || oci_streq(tag, "tag:yaml.org,2002:str"))
		*out = text_of(d, node);
	else if (oci_streq(tag, "!unsafe"))
		*out = oci_val_str(d->arena, text.p, text.len);
	else if (oci_starts(tag, core) && !strchr(tag, '/'))
		*out = oci_data_of_scalar(d->arena, text);
	else
		return oci_yaml_fail(d->doc, node, err, "%s: values with the tag %s are not supported", d->name, tag);
	return 0;
}

static int check_tag(const struct oci_data *d, const struct oci_yaml *node, struct oci_err **err)
{
	const char *own = node->kind == OCI_YAML_MAP ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq";

	if (!node->tag || oci_streq(node->tag, "!") || oci_streq(node->tag, own))
		return 0;
	return oci_yaml_fail(d->doc, node, err, "%s: values with the tag %s are not supported", d->name, node->tag);
}

/* 1.1 and 1.10 are one key, at the place of the first, with the value of the last. */
static void add_pair(struct oci_vals *pairs, struct oci_map *numbers, const struct oci_val *key,
		     const struct oci_val *value)
{
	auto_buf struct oci_buf name = { 0 };

	if (key->kind == OCI_VAL_FLOAT) {
		oci_val_repr(key, &name);
		void **place = oci_map_at(numbers, oci_buf_text(&name));
		size_t at = (size_t)*place;

		if (at > 0 && at < pairs->n) {
			pairs->v[at] = value;
			return;
		}
		*place = (void *)(pairs->n + 1);
	}
	oci_vals_add(pairs, key);
	oci_vals_add(pairs, value);
}

static int map_of(const struct oci_data *d, const struct oci_yaml *node, const struct oci_val **out,
		  struct oci_err **err)
{
	auto_vals struct oci_vals pairs = { 0 };
	auto_map struct oci_map numbers = { 0 };

	for (size_t i = 0; i < node->n; i++) {
		const struct oci_val *key, *value;

		if (oci_data_of_yaml(d, node->items[2 * i], &key, err) < 0 ||
		    oci_data_of_yaml(d, node->items[2 * i + 1], &value, err) < 0)
			return -1;
		add_pair(&pairs, &numbers, key, value);
	}
	*out = oci_val_map(d->arena, &pairs);
	return 0;
}

int oci_data_of_yaml(const struct oci_data *d, const struct oci_yaml *node, const struct oci_val **out,
		     struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	if (node->kind == OCI_YAML_SCALAR)
		return scalar_of(d, node, out, err);
	if (check_tag(d, node, err) < 0)
		return -1;
	if (node->kind == OCI_YAML_MAP)
		return map_of(d, node, out, err);
	for (size_t i = 0; i < node->n; i++) {
		const struct oci_val *v;

		if (oci_data_of_yaml(d, node->items[i], &v, err) < 0)
			return -1;
		oci_vals_add(&vs, v);
	}
	*out = oci_val_list(d->arena, &vs);
	return 0;
}

static const struct oci_val *json_collection(struct oci_arena *a, const json_t *json)
{
	auto_vals struct oci_vals vs = { 0 };
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_array(json)) {
		json_array_foreach (json, i, item)
			oci_vals_add(&vs, oci_data_of_json(a, item));
		return oci_val_list(a, &vs);
	}
	json_object_foreach ((json_t *)json, key, item) {
		oci_vals_add(&vs, oci_val_text(a, key));
		oci_vals_add(&vs, oci_data_of_json(a, item));
	}
	return oci_val_map(a, &vs);
}

const struct oci_val *oci_data_of_json(struct oci_arena *a, const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_STRING:
		return oci_data_template(a, (struct oci_slice){ json_string_value(json), json_string_length(json) },
					 NULL);
	case JSON_INTEGER:
		return oci_val_int(a, json_integer_value(json));
	case JSON_REAL:
		return oci_val_float(a, json_real_value(json));
	case JSON_TRUE:
	case JSON_FALSE:
		return oci_val_bool(json_is_true(json));
	case JSON_NULL:
		return &oci_val_none;
	default:
		return json_collection(a, json);
	}
}
