#include "template/call_int.h"
#include "template/format_int.h"
#include "template/letter.h"
#include "template/print.h"
#include "base/utf8.h"

#include <ctype.h>

static struct oci_slice input(const struct oci_call *c)
{
	return oci_text_of(c->t, c->self);
}

static int f_trim(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = input(c), chars;

	if (oci_arg_text(c, 0, " \t\n\r\f\v", &chars, err) < 0)
		return -1;
	while (s.len && memchr(chars.p, *s.p, chars.len))
		s.p++, s.len--;
	while (s.len && memchr(chars.p, s.p[s.len - 1], chars.len))
		s.len--;
	*out = oci_val_str(&c->t->arena, s.p, s.len);
	return 0;
}

static int f_replace(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = input(c), from = oci_text_of(c->t, c->args[0]), to = oci_text_of(c->t, c->args[1]);
	auto_buf struct oci_buf b = { 0 };
	int64_t count;

	if (oci_arg_int(c, 2, -1, &count, err) < 0 || oci_tmpl_room(c->t, (s.len + 1) * (to.len + 1), err) < 0)
		return -1;
	while (s.len >= from.len && count != 0) {
		const char *at = from.len ? memmem(s.p, s.len, from.p, from.len) : s.p;

		if (!at)
			break;
		oci_buf_add(&b, s.p, (size_t)(at - s.p));
		oci_buf_add(&b, to.p, to.len);
		s.len -= (size_t)(at - s.p) + from.len;
		s.p = at + from.len;
		count--;
		if (!from.len && !s.len)
			break;
		if (!from.len)
			oci_buf_addc(&b, *s.p++), s.len--;
	}
	oci_buf_add(&b, s.p, s.len);
	return oci_give(c, &b, out, err);
}

static int f_string(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return oci_give_native(c, input(c), out);
}

static int f_format(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, named = { 0 };
	struct oci_slice s = input(c);

	for (size_t i = 0; i < c->rest.n; i++) {
		struct oci_slice name = c->rest.names ? c->rest.names[i] : oci_slice("");

		if (name.len)
			oci_vals_set(&named, oci_val_str(&c->t->arena, name.p, name.len), c->rest.v[i]);
		else
			oci_vals_add(&vs, c->rest.v[i]);
	}
	if (vs.n && named.n)
		return oci_fail(err, OCI_BADINPUT, "format() takes values by place or by name, not both");
	return oci_format_percent(c->t, oci_val_str(&c->t->arena, s.p, s.len),
				  named.n ? oci_val_map(&c->t->arena, &named) : oci_val_tuple(&c->t->arena, &vs), out,
				  err);
}

static int f_center(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = input(c);
	auto_buf struct oci_buf b = { 0 };
	int64_t width;

	if (oci_arg_int(c, 0, 80, &width, err) < 0 || oci_tmpl_room(c->t, width > 0 ? (uint64_t)width : 0, err) < 0)
		return -1;
	int64_t missing = width - (int64_t)oci_utf8_len(s.p, s.len);
	int64_t before = missing > 0 ? missing / 2 + (missing & width & 1) : 0;

	for (int64_t i = 0; i < before; i++)
		oci_buf_addc(&b, ' ');
	oci_buf_add(&b, s.p, s.len);
	for (int64_t i = before; i < missing; i++)
		oci_buf_addc(&b, ' ');
	return oci_give(c, &b, out, err);
}

static int f_indent(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = input(c), line;
	auto_buf struct oci_buf b = { 0 };
	auto_free char *blanks = NULL;
	int64_t width = 4;

	if (c->self->kind != OCI_VAL_STR)
		return oci_fail(err, OCI_BADINPUT, "indent() wants a text, not '%s'", oci_val_type(c->self));
	if (c->args[0] && c->args[0]->kind == OCI_VAL_STR)
		blanks = oci_strdup(c->args[0]->text);
	else if (oci_arg_int(c, 0, 4, &width, err) < 0 ||
		 oci_tmpl_room(c->t, (uint64_t)(width > 0 ? width : 0), err) < 0)
		return -1;
	else
		blanks = oci_printf("%*s", (int)width, "");
	bool first = oci_arg_truth(c, 1, false), blank = oci_arg_truth(c, 2, false);

	if (oci_tmpl_room(c->t, s.len * (strlen(blanks) + 1), err) < 0)
		return -1;
	for (bool more = true, top = true; more; top = false) {
		more = oci_slice_cut(s, '\n', &line, &s);
		if (top ? first : (line.len || blank))
			oci_buf_adds(&b, blanks);
		oci_buf_add(&b, line.p, line.len);
		if (more)
			oci_buf_addc(&b, '\n');
	}
	return oci_give(c, &b, out, err);
}

static int f_truncate(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = input(c), end;
	auto_buf struct oci_buf b = { 0 };
	int64_t length, leeway;

	if (oci_val_is_num(c->self) || c->self->kind == OCI_VAL_NONE)
		return oci_fail(err, OCI_BADINPUT, "object of type '%s' has no len()", oci_val_type(c->self));
	if (oci_arg_int(c, 0, 255, &length, err) < 0 || oci_arg_text(c, 2, "...", &end, err) < 0 ||
	    oci_arg_int(c, 3, 5, &leeway, err) < 0)
		return -1;
	int64_t keep = length - (int64_t)oci_utf8_len(end.p, end.len);

	if (keep < 0 || leeway < 0)
		return oci_fail(err, OCI_BADINPUT, "truncate() keeps nothing of length %lld", (long long)length);
	if ((int64_t)oci_utf8_len(s.p, s.len) <= length + leeway)
		return *out = c->self, 0;
	size_t cut = oci_utf8_at(s.p, s.len, (size_t)keep);
	const char *blank = oci_arg_truth(c, 1, false) ? NULL : memrchr(s.p, ' ', cut);

	cut = blank ? (size_t)(blank - s.p) : cut;
	oci_buf_add(&b, s.p, cut);
	oci_buf_add(&b, end.p, end.len);
	return oci_give(c, &b, out, err);
}

static int f_wordcount(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = input(c);
	int64_t n = 0;
	bool inside = false;

	(void)err;
	for (const char *p = s.p; p < s.p + s.len;) {
		uint32_t code = oci_utf8_next(&p, s.p + s.len);
		bool letter = oci_letter_is_alnum(code) || code == '_';

		n += letter && !inside;
		inside = letter;
	}
	*out = oci_val_int(&c->t->arena, n);
	return 0;
}

/* As shlex.quote: nothing to do for plain words, else single quotes. */
static int f_quote(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = c->self->kind == OCI_VAL_NONE ? oci_slice("") : input(c);
	auto_buf struct oci_buf b = { 0 };
	bool plain = s.len > 0;

	for (size_t i = 0; i < s.len && plain; i++)
		plain = isalnum((unsigned char)s.p[i]) || (s.p[i] && strchr("@%+=:,./-_", s.p[i]));
	if (!plain)
		oci_buf_addc(&b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\'')
			oci_buf_adds(&b, "'\"'\"'");
		else
			oci_buf_addc(&b, s.p[i]);
	}
	if (!plain)
		oci_buf_addc(&b, '\'');
	return oci_give(c, &b, out, err);
}

static int f_escape(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	static const char *const escapes[][2] = {
		{ "&", "&amp;" }, { "<", "&lt;" }, { ">", "&gt;" }, { "'", "&#39;" }, { "\"", "&#34;" }
	};
	struct oci_slice s = input(c);
	auto_buf struct oci_buf b = { 0 };

	for (size_t i = 0; i < s.len; i++) {
		size_t k = 0;

		while (k < OCI_COUNT(escapes) && *escapes[k][0] != s.p[i])
			k++;
		if (k < OCI_COUNT(escapes))
			oci_buf_adds(&b, escapes[k][1]);
		else
			oci_buf_addc(&b, s.p[i]);
	}
	return oci_give(c, &b, out, err);
}

const struct oci_builtin oci_filters_text[] = {
	{ "trim", f_trim, "chars", 0, false },
	{ "replace", f_replace, "old new count", 2, false },
	{ "string", f_string, "", 0, false },
	{ "format", f_format, "*", 0, false },
	{ "center", f_center, "width", 0, false },
	{ "indent", f_indent, "width first blank", 0, false },
	{ "truncate", f_truncate, "length killwords end leeway", 0, false },
	{ "wordcount", f_wordcount, "", 0, false },
	{ "quote", f_quote, "", 0, false },
	{ "escape", f_escape, "", 0, false },
	{ "e", f_escape, "", 0, false },
	{ 0 },
};
