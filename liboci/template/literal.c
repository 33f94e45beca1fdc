#include "template/literal.h"

#include "template/number.h"
#include "base/utf8.h"

#include <ctype.h>

#define MAX_DEPTH 90

struct reader {
	struct oci_arena *arena;
	const char *p, *end;
	unsigned depth;
};

static const struct oci_val *read_value(struct reader *r);

static bool hex_code(struct oci_slice *s, size_t digits, uint32_t *code)
{
	*code = 0;
	if (s->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		char c = s->p[i];

		if (!isxdigit((unsigned char)c))
			return false;
		*code = *code * 16 + (uint32_t)(isdigit((unsigned char)c) ? c - '0' : tolower(c) - 'a' + 10);
	}
	s->p += digits;
	s->len -= digits;
	return *code && *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF);
}

static bool octal_code(struct oci_slice *s, struct oci_buf *out)
{
	uint32_t code = 0;

	for (int i = 0; i < 3 && s->len && *s->p >= '0' && *s->p <= '7'; i++, s->p++, s->len--)
		code = code * 8 + (uint32_t)(*s->p - '0');
	oci_utf8_add(out, code);
	return code != 0;
}

/* *s stands behind a backslash and is not empty. */
static bool unescape_one(struct oci_slice *s, struct oci_buf *out)
{
	static const char from[] = "nrtabfv\\'\"", to[] = "\n\r\t\a\b\f\v\\'\"";
	char c = *s->p;
	const char *at = strchr(from, c);
	uint32_t code;

	if (c >= '0' && c <= '7')
		return octal_code(s, out);
	s->p++;
	s->len--;
	if (c == 'x' || c == 'u' || c == 'U') {
		if (!hex_code(s, c == 'x' ? 2 : c == 'u' ? 4 : 8, &code))
			return false;
		oci_utf8_add(out, code);
	} else if (at) {
		oci_buf_addc(out, to[at - from]);
	} else if (c != '\n') {
		oci_buf_addc(out, '\\');
		oci_buf_addc(out, c);
	}
	return c != 'N';
}

bool oci_literal_unescape(struct oci_slice s, struct oci_buf *out)
{
	while (s.len) {
		char c = *s.p;

		s.p++;
		s.len--;
		if (c != '\\')
			oci_buf_addc(out, c);
		else if (!s.len || !unescape_one(&s, out))
			return false;
	}
	return true;
}

static void skip_blanks(struct reader *r)
{
	while (r->p < r->end && isspace((unsigned char)*r->p))
		r->p++;
}

static bool skip_char(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool read_quoted(struct reader *r, struct oci_buf *text)
{
	char quote = *r->p++;
	const char *start = r->p;

	while (r->p < r->end && *r->p != quote) {
		if (*r->p == '\n')
			return false;
		r->p += *r->p == '\\' && r->p + 1 < r->end ? 2 : 1;
	}
	if (r->p >= r->end)
		return false;
	struct oci_slice s = { start, (size_t)(r->p - start) };

	r->p++;
	return oci_literal_unescape(s, text);
}

static const struct oci_val *read_text(struct reader *r)
{
	auto_buf struct oci_buf text = { 0 };

	/* Texts that stand side by side are one. */
	while (r->p < r->end && (*r->p == '\'' || *r->p == '"')) {
		if (!read_quoted(r, &text))
			return NULL;
		skip_blanks(r);
	}
	return oci_val_str(r->arena, oci_buf_text(&text), text.len);
}

static bool is_all_zeros(struct oci_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '0')
			return false;
	return true;
}

static const struct oci_val *read_number(struct reader *r)
{
	struct oci_slice s = { r->p, 0 };
	int64_t i;
	double f;

	while (r->p < r->end && (isalnum((unsigned char)*r->p) || strchr("+-._", *r->p)))
		r->p++;
	s.len = (size_t)(r->p - s.p);
	bool minus = s.len && *s.p == '-';
	size_t sign = minus || (s.len && *s.p == '+');

	if (s.len <= sign || (!isdigit((unsigned char)s.p[sign]) && s.p[sign] != '.'))
		return NULL;
	/* 0755 is no number, 000 is one */
	if (s.len > sign + 1 && s.p[sign] == '0' && isdigit((unsigned char)s.p[sign + 1]) && !memchr(s.p, '.', s.len) &&
	    !is_all_zeros((struct oci_slice){ s.p + sign, s.len - sign }))
		return NULL;
	if (oci_number_int(s, 0, &i))
		return oci_val_int(r->arena, i);
	return oci_number_float(s, &f) ? oci_val_float(r->arena, f) : NULL;
}

static const struct oci_val *read_word(struct reader *r)
{
	static const struct {
		const char *word;
		const struct oci_val *value;
	} words[] = { { "True", &oci_val_true }, { "False", &oci_val_false }, { "None", &oci_val_none },
		      { "true", &oci_val_true }, { "false", &oci_val_false }, { "null", &oci_val_none } };

	for (size_t i = 0; i < OCI_COUNT(words); i++) {
		size_t n = strlen(words[i].word);

		if ((size_t)(r->end - r->p) >= n && memcmp(r->p, words[i].word, n) == 0) {
			r->p += n;
			return r->p < r->end && (isalnum((unsigned char)*r->p) || *r->p == '_') ? NULL : words[i].value;
		}
	}
	return read_number(r);
}

/* Items up to the closing bracket; *comma: whether one stood among them. */
static bool read_items(struct reader *r, char close, struct oci_vals *vs, bool *comma)
{
	*comma = false;
	while (!skip_char(r, close)) {
		const struct oci_val *v = vs->n && !*comma ? NULL : read_value(r);

		if (!v)
			return false;
		oci_vals_add(vs, v);
		if (skip_char(r, ','))
			*comma = true;
		else if (skip_char(r, close))
			return true;
		else
			return false;
	}
	return true;
}

static const struct oci_val *read_list(struct reader *r, char close)
{
	auto_vals struct oci_vals vs = { 0 };
	bool comma;

	r->p++;
	if (!read_items(r, close, &vs, &comma))
		return NULL;
	if (close == ')' && vs.n == 1 && !comma)
		return vs.v[0];
	return close == ')' ? oci_val_tuple(r->arena, &vs) : oci_val_list(r->arena, &vs);
}

static const struct oci_val *read_map(struct reader *r)
{
	auto_vals struct oci_vals pairs = { 0 };

	r->p++;
	while (!skip_char(r, '}')) {
		const struct oci_val *key = read_value(r);

		if (!key || key->kind == OCI_VAL_LIST || key->kind == OCI_VAL_MAP || !skip_char(r, ':'))
			return NULL;
		const struct oci_val *value = read_value(r);

		if (!value)
			return NULL;
		oci_vals_set(&pairs, key, value);
		if (skip_char(r, ','))
			continue;
		return skip_char(r, '}') ? oci_val_map(r->arena, &pairs) : NULL;
	}
	return oci_val_map(r->arena, &pairs);
}

static const struct oci_val *read_value(struct reader *r)
{
	const struct oci_val *v = NULL;

	skip_blanks(r);
	if (r->p == r->end || ++r->depth > MAX_DEPTH)
		return NULL;
	if (*r->p == '[')
		v = read_list(r, ']');
	else if (*r->p == '(')
		v = read_list(r, ')');
	else if (*r->p == '{')
		v = read_map(r);
	else if (*r->p == '\'' || *r->p == '"')
		v = read_text(r);
	else
		v = read_word(r);
	r->depth--;
	return v;
}

/* "[1], [2]" is a tuple. */
static const struct oci_val *read_bare_tuple(struct reader *r, const struct oci_val *first)
{
	auto_vals struct oci_vals vs = { 0 };

	oci_vals_add(&vs, first);
	while (skip_char(r, ',')) {
		skip_blanks(r);
		const struct oci_val *v = r->p < r->end ? read_value(r) : NULL;

		if (!v)
			break;
		oci_vals_add(&vs, v);
	}
	return oci_val_tuple(r->arena, &vs);
}

const struct oci_val *oci_literal_parse(struct oci_arena *a, struct oci_slice text)
{
	struct reader r = { .arena = a, .p = text.p, .end = text.p + text.len };
	const struct oci_val *v = read_value(&r);

	skip_blanks(&r);
	if (v && r.p < r.end && *r.p == ',')
		v = read_bare_tuple(&r, v);
	skip_blanks(&r);
	return v && r.p == r.end ? v : NULL;
}
