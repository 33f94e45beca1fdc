#include "template/print.h"

#include "template/number.h"
#include "base/utf8.h"

#include <stdlib.h>

static void repr_text(const struct oci_val *v, struct oci_buf *out)
{
	bool doubles = memchr(v->text, '\'', v->len) && !memchr(v->text, '"', v->len);
	char quote = doubles ? '"' : '\'';

	oci_buf_addc(out, quote);
	for (size_t i = 0; i < v->len; i++) {
		unsigned char c = (unsigned char)v->text[i];

		if (c == '\n')
			oci_buf_adds(out, "\\n");
		else if (c == '\t')
			oci_buf_adds(out, "\\t");
		else if (c == '\r')
			oci_buf_adds(out, "\\r");
		else if (c < ' ' || c == 0x7F)
			oci_buf_addf(out, "\\x%02x", c);
		else if (c == '\\' || c == (unsigned char)quote)
			oci_buf_addf(out, "\\%c", c);
		else
			oci_buf_addc(out, (char)c);
	}
	oci_buf_addc(out, quote);
}

static void repr_items(const struct oci_val *v, struct oci_buf *out)
{
	oci_buf_addc(out, v->kind == OCI_VAL_LIST ? '[' : '(');
	for (size_t i = 0; i < v->len; i++) {
		if (i)
			oci_buf_adds(out, ", ");
		oci_val_repr(v->items[i], out);
	}
	if (v->kind == OCI_VAL_TUPLE && v->len == 1)
		oci_buf_addc(out, ',');
	oci_buf_addc(out, v->kind == OCI_VAL_LIST ? ']' : ')');
}

static void repr_map(const struct oci_val *v, struct oci_buf *out)
{
	oci_buf_addc(out, '{');
	for (size_t i = 0; i < v->len; i++) {
		if (i)
			oci_buf_adds(out, ", ");
		oci_val_repr(v->items[2 * i], out);
		oci_buf_adds(out, ": ");
		oci_val_repr(v->items[2 * i + 1], out);
	}
	oci_buf_addc(out, '}');
}

void oci_val_repr(const struct oci_val *v, struct oci_buf *out)
{
	switch (v->kind) {
	case OCI_VAL_STR:
		repr_text(v, out);
		break;
	case OCI_VAL_LIST:
	case OCI_VAL_TUPLE:
		repr_items(v, out);
		break;
	case OCI_VAL_MAP:
		repr_map(v, out);
		break;
	case OCI_VAL_BOOL:
		oci_buf_adds(out, v->b ? "True" : "False");
		break;
	case OCI_VAL_INT:
		oci_buf_addf(out, "%lld", (long long)v->i);
		break;
	case OCI_VAL_FLOAT:
		oci_number_print(v->f, out);
		break;
	case OCI_VAL_NONE:
		oci_buf_adds(out, "None");
		break;
	case OCI_VAL_UNDEF:
		break;
	default:
		oci_buf_addf(out, "<%s>", oci_val_type(v));
	}
}

void oci_val_print(const struct oci_val *v, struct oci_buf *out)
{
	if (v->kind == OCI_VAL_STR)
		oci_buf_add(out, v->text, v->len);
	else
		oci_val_repr(v, out);
}

static void json_unicode(uint32_t code, struct oci_buf *out)
{
	if (code >= 0x10000) {
		code -= 0x10000;
		oci_buf_addf(out, "\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
	} else {
		oci_buf_addf(out, "\\u%04x", code);
	}
}

static void json_text(const char *text, size_t len, bool ascii, struct oci_buf *out)
{
	static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
	const char *p = text, *end = text + len;

	oci_buf_addc(out, '"');
	while (p < end) {
		const char *start = p;
		uint32_t c = oci_utf8_next(&p, end);

		if (c == '"' || c == '\\')
			oci_buf_addf(out, "\\%c", (char)c);
		else if (c < sizeof(letters) && letters[c])
			oci_buf_addf(out, "\\%c", letters[c]);
		else if (c < ' ' || (ascii && c > 0x7E))
			json_unicode(c, out);
		else
			oci_buf_add(out, start, (size_t)(p - start));
	}
	oci_buf_addc(out, '"');
}

static void json_value(const struct oci_val *v, const struct oci_json_style *style, int depth, struct oci_buf *out);

static void json_break(const struct oci_json_style *style, int depth, struct oci_buf *out)
{
	if (style->indent < 0)
		return;
	oci_buf_addc(out, '\n');
	for (int i = 0; i < depth * style->indent; i++)
		oci_buf_addc(out, ' ');
}

static void json_items(const struct oci_val *v, const struct oci_json_style *style, int depth, struct oci_buf *out)
{
	oci_buf_addc(out, '[');
	for (size_t i = 0; i < v->len; i++) {
		if (i)
			oci_buf_adds(out, style->comma);
		json_break(style, depth + 1, out);
		json_value(v->items[i], style, depth + 1, out);
	}
	if (v->len)
		json_break(style, depth, out);
	oci_buf_addc(out, ']');
}

static void json_key(const struct oci_val *key, const struct oci_json_style *style, struct oci_buf *out)
{
	auto_buf struct oci_buf text = { 0 };

	if (key->kind == OCI_VAL_STR)
		oci_buf_add(&text, key->text, key->len);
	else
		json_value(key, style, 0, &text);
	json_text(oci_buf_text(&text), text.len, style->ascii, out);
}

static int by_key(const void *a, const void *b)
{
	int order = 0;

	oci_val_compare(((const struct oci_val *const *)a)[0], ((const struct oci_val *const *)b)[0], &order, NULL);
	return order;
}

static void json_map(const struct oci_val *v, const struct oci_json_style *style, int depth, struct oci_buf *out)
{
	auto_free const struct oci_val **pairs = oci_calloc(v->len + 1, 2 * sizeof(*pairs));

	if (v->len)
		memcpy(pairs, v->items, v->len * 2 * sizeof(*pairs));
	if (style->sort_keys)
		qsort(pairs, v->len, 2 * sizeof(*pairs), by_key);
	oci_buf_addc(out, '{');
	for (size_t i = 0; i < v->len; i++) {
		if (i)
			oci_buf_adds(out, style->comma);
		json_break(style, depth + 1, out);
		json_key(pairs[2 * i], style, out);
		oci_buf_adds(out, style->colon);
		json_value(pairs[2 * i + 1], style, depth + 1, out);
	}
	if (v->len)
		json_break(style, depth, out);
	oci_buf_addc(out, '}');
}

static void json_value(const struct oci_val *v, const struct oci_json_style *style, int depth, struct oci_buf *out)
{
	switch (v->kind) {
	case OCI_VAL_STR:
		json_text(v->text, v->len, style->ascii, out);
		break;
	case OCI_VAL_LIST:
	case OCI_VAL_TUPLE:
		json_items(v, style, depth, out);
		break;
	case OCI_VAL_MAP:
		json_map(v, style, depth, out);
		break;
	case OCI_VAL_BOOL:
		oci_buf_adds(out, v->b ? "true" : "false");
		break;
	case OCI_VAL_INT:
	case OCI_VAL_FLOAT:
		oci_val_repr(v, out);
		break;
	default:
		oci_buf_adds(out, "null");
	}
}

void oci_val_json(const struct oci_val *v, const struct oci_json_style *style, struct oci_buf *out)
{
	json_value(v, style, 0, out);
}
