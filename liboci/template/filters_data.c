#include "template/call_int.h"
#include "template/data.h"
#include "template/print.h"

static int want_defined(const struct oci_call *c, struct oci_err **err)
{
	const struct oci_val *v;

	return oci_render_finish(c->t, c->self, &v, err);
}

static int give_json(const struct oci_call *c, const struct oci_json_style *style, const struct oci_val **out,
		     struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };

	if (want_defined(c, err) < 0)
		return -1;
	oci_val_json(c->self, style, &b);
	if (oci_tmpl_room(c->t, b.len, err) < 0)
		return -1;
	return oci_give_native(c, (struct oci_slice){ oci_buf_text(&b), b.len }, out);
}

static int f_to_json(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	int64_t indent;

	if (oci_arg_int(c, 0, -1, &indent, err) < 0)
		return -1;
	struct oci_json_style style = { indent > 20 ? 20 : (int)indent, oci_arg_truth(c, 1, false),
					indent < 0 ? ", " : ",", ": ", oci_arg_truth(c, 2, true) };

	return give_json(c, &style, out, err);
}

static int f_to_nice_json(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	int64_t indent;

	if (oci_arg_int(c, 0, 4, &indent, err) < 0)
		return -1;
	struct oci_json_style style = { indent > 20 ? 20 : (int)indent, oci_arg_truth(c, 1, true), ",", ": ",
					oci_arg_truth(c, 2, true) };

	return give_json(c, &style, out, err);
}

/* Jinja's own: safe inside HTML. */
static int f_tojson(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 }, safe = { 0 };
	int64_t indent;

	if (want_defined(c, err) < 0 || oci_arg_int(c, 0, -1, &indent, err) < 0)
		return -1;
	struct oci_json_style style = { indent > 20 ? 20 : (int)indent, true, indent < 0 ? ", " : ",", ": ", true };

	oci_val_json(c->self, &style, &b);
	for (size_t i = 0; i < b.len; i++) {
		if (strchr("<>&'", b.data[i]))
			oci_buf_addf(&safe, "\\u%04x", b.data[i]);
		else
			oci_buf_addc(&safe, b.data[i]);
	}
	return oci_give(c, &safe, out, err);
}

/* What comes out of a document is data, not a template. */
static const struct oci_val *as_data(struct oci_val *v)
{
	size_t n = v->kind == OCI_VAL_MAP ? 2 * v->len : v->len;

	v->raw = false;
	for (size_t i = 0; (v->kind == OCI_VAL_MAP || v->kind == OCI_VAL_LIST) && i < n; i++)
		if (v->items[i]->raw)
			as_data((struct oci_val *)v->items[i]);
	return v;
}

static int f_from_json(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_json json_t *json = NULL;

	if (oci_json_parse("from_json()", s.p, s.len, &json, err) < 0)
		return -1;
	*out = oci_data_of_json(&c->t->arena, json);
	if ((*out)->raw)
		as_data((struct oci_val *)*out);
	return 0;
}

static int f_from_yaml(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_yaml struct oci_yaml_doc *doc = NULL;

	*out = &oci_val_none;
	if (oci_yaml_parse("from_yaml()", s.p, s.len, &doc, err) < 0)
		return -1;
	struct oci_data d = { .arena = &c->t->arena, .doc = doc, .name = "from_yaml" };

	if (oci_yaml_root(doc) && oci_data_of_yaml(&d, oci_yaml_root(doc), out, err) < 0)
		return -1;
	if ((*out)->raw)
		as_data((struct oci_val *)*out);
	return 0;
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int f_b64encode(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_buf struct oci_buf b = { 0 };

	for (size_t i = 0; i < s.len; i += 3) {
		size_t have = s.len - i < 3 ? s.len - i : 3;
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < have ? (unsigned char)s.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			oci_buf_addc(&b, k <= have ? letters[bits >> (18 - 6 * k) & 63] : '=');
	}
	return oci_give(c, &b, out, err);
}

static int f_b64decode(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_buf struct oci_buf b = { 0 };
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < s.len && s.p[i] != '='; i++) {
		const char *at = s.p[i] ? strchr(letters, s.p[i]) : NULL;

		if (!at)
			continue;
		bits = bits << 6 | (uint32_t)(at - letters);
		have += 6;
		if (have >= 8) {
			have -= 8;
			oci_buf_addc(&b, (char)(bits >> have & 0xFF));
		}
	}
	if (memchr(oci_buf_text(&b), '\0', b.len))
		return oci_fail(err, OCI_UNSUPPORTED, "b64decode() of binary data");
	return oci_give(c, &b, out, err);
}

const struct oci_builtin oci_filters_data[] = {
	{ "to_json", f_to_json, "indent sort_keys ensure_ascii", 0, false },
	{ "to_nice_json", f_to_nice_json, "indent sort_keys ensure_ascii", 0, false },
	{ "tojson", f_tojson, "indent", 0, false },
	{ "from_json", f_from_json, "", 0, false },
	{ "from_yaml", f_from_yaml, "", 0, false },
	{ "b64encode", f_b64encode, "", 0, false },
	{ "b64decode", f_b64decode, "", 0, false },
	{ 0 },
};
