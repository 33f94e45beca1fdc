#include "template/call_int.h"
#include "template/format_int.h"
#include "template/print.h"
#include "base/utf8.h"

/* Methods that are filters under the same name. */
static int as_filter(const struct oci_call *c, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct oci_args args = { c->args, NULL, 0 };

	while (args.n < OCI_CALL_PARAMS && c->args[args.n])
		args.n++;
	return oci_call_filter(c->t, oci_slice(name), c->self, &args, out, err);
}

static int m_replace(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s;

	if (oci_arg_text(c, 0, "", &s, err) < 0 || oci_arg_text(c, 1, "", &s, err) < 0)
		return -1;
	return as_filter(c, "replace", out, err);
}

static int strip(const struct oci_call *c, bool left, bool right, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, chars;

	if (oci_arg_text(c, 0, " \t\n\r\f\v", &chars, err) < 0)
		return -1;
	while (left && s.len && memchr(chars.p, *s.p, chars.len))
		s.p++, s.len--;
	while (right && s.len && memchr(chars.p, s.p[s.len - 1], chars.len))
		s.len--;
	*out = oci_val_str(&c->t->arena, s.p, s.len);
	return 0;
}

static int m_strip(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return strip(c, true, true, out, err);
}

static int m_lstrip(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return strip(c, true, false, out, err);
}

static int m_rstrip(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return strip(c, false, true, out, err);
}

static bool has_end(struct oci_slice s, const struct oci_val *part, bool front)
{
	if (part->kind != OCI_VAL_STR || part->len > s.len)
		return false;
	return memcmp(front ? s.p : s.p + s.len - part->len, part->text, part->len) == 0;
}

/* One text, or a tuple of them. */
static int ends(const struct oci_call *c, bool front, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len };
	const struct oci_val *what = c->args[0];
	bool holds = has_end(s, what, front);

	if (what->kind != OCI_VAL_STR && what->kind != OCI_VAL_TUPLE)
		return oci_fail(err, OCI_BADINPUT, "%s() wants a text, not '%s'", c->name, oci_val_type(what));
	for (size_t i = 0; what->kind == OCI_VAL_TUPLE && i < what->len && !holds; i++)
		holds = has_end(s, what->items[i], front);
	*out = oci_val_bool(holds);
	return 0;
}

static int m_startswith(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return ends(c, true, out, err);
}

static int m_endswith(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return ends(c, false, out, err);
}

static int without_end(const struct oci_call *c, bool front, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, part;

	if (oci_arg_text(c, 0, "", &part, err) < 0)
		return -1;
	if (has_end(s, c->args[0], front)) {
		s.p += front ? part.len : 0;
		s.len -= part.len;
	}
	*out = oci_val_str(&c->t->arena, s.p, s.len);
	return 0;
}

static int m_removeprefix(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return without_end(c, true, out, err);
}

static int m_removesuffix(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return without_end(c, false, out, err);
}

/* Where a text stands in this one, in characters; -1 when it does not. */
static int position(const struct oci_call *c, bool last, int64_t *at, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, what;
	const char *found = NULL;

	if (oci_arg_text(c, 0, "", &what, err) < 0)
		return -1;
	for (size_t i = 0; i + what.len <= s.len && (last || !found); i++)
		if (memcmp(s.p + i, what.p, what.len) == 0)
			found = s.p + i;
	*at = found ? (int64_t)oci_utf8_len(s.p, (size_t)(found - s.p)) : -1;
	return 0;
}

static int m_find(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	int64_t at;

	if (position(c, oci_streq(c->name, "rfind"), &at, err) < 0)
		return -1;
	*out = oci_val_int(&c->t->arena, at);
	return 0;
}

static int m_index(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	int64_t at;

	if (position(c, oci_streq(c->name, "rindex"), &at, err) < 0)
		return -1;
	if (at < 0)
		return oci_fail(err, OCI_BADINPUT, "substring not found");
	*out = oci_val_int(&c->t->arena, at);
	return 0;
}

static int m_count(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, what;
	int64_t n = 0;

	if (oci_arg_text(c, 0, "", &what, err) < 0)
		return -1;
	if (!what.len)
		n = (int64_t)oci_utf8_len(s.p, s.len) + 1;
	for (size_t i = 0; what.len && i + what.len <= s.len; i++)
		if (memcmp(s.p + i, what.p, what.len) == 0) {
			n++;
			i += what.len - 1;
		}
	*out = oci_val_int(&c->t->arena, n);
	return 0;
}

static int m_join(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	auto_buf struct oci_buf b = { 0 };

	if (oci_iterate(c->t, c->args[0], &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++) {
		if (vs.v[i]->kind != OCI_VAL_STR)
			return oci_fail(err, OCI_BADINPUT, "sequence item %zu: expected str instance, %s found", i,
					oci_val_type(vs.v[i]));
		if (i)
			oci_buf_add(&b, c->self->text, c->self->len);
		oci_buf_add(&b, vs.v[i]->text, vs.v[i]->len);
		if (oci_tmpl_room(c->t, b.len, err) < 0)
			return -1;
	}
	return oci_give(c, &b, out, err);
}

/* zfill, ljust, rjust: fill up to a width. */
static int m_fill(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, fill;
	auto_buf struct oci_buf b = { 0 };
	bool zeros = oci_streq(c->name, "zfill"), left = oci_streq(c->name, "ljust");
	int64_t width;

	if (oci_arg_int(c, 0, 0, &width, err) < 0 || oci_arg_text(c, 1, zeros ? "0" : " ", &fill, err) < 0 ||
	    oci_tmpl_room(c->t, width > 0 ? (uint64_t)width : 0, err) < 0)
		return -1;
	if (fill.len != 1)
		return oci_fail(err, OCI_BADINPUT, "The fill character must be exactly one character long");
	if (zeros && s.len && strchr("+-", *s.p)) {
		oci_buf_addc(&b, *s.p++);
		s.len--;
		width--;
	}
	if (left)
		oci_buf_add(&b, s.p, s.len);
	for (int64_t i = (int64_t)oci_utf8_len(s.p, s.len); i < width; i++)
		oci_buf_addc(&b, *fill.p);
	if (!left)
		oci_buf_add(&b, s.p, s.len);
	return oci_give(c, &b, out, err);
}

static int m_format(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return oci_format_braces(c->t, c->self, &c->rest, out, err);
}

static int l_index(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	for (size_t i = 0; i < c->self->len; i++) {
		if (oci_val_equal(c->self->items[i], c->args[0])) {
			*out = oci_val_int(&c->t->arena, (int64_t)i);
			return 0;
		}
	}
	return oci_fail(err, OCI_BADINPUT, "the value is not in the list");
}

static int l_count(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	int64_t n = 0;

	(void)err;
	for (size_t i = 0; i < c->self->len; i++)
		n += oci_val_equal(c->self->items[i], c->args[0]);
	*out = oci_val_int(&c->t->arena, n);
	return 0;
}

/* loop.cycle('a', 'b'): the method of the loop's index. */
static int i_cycle(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	if (c->rest.n == 0)
		return oci_fail(err, OCI_BADINPUT, "no items for cycling given");
	*out = c->rest.v[(size_t)oci_val_as_int(c->self) % c->rest.n];
	return 0;
}

const struct oci_builtin oci_methods_int[] = {
	{ "cycle", i_cycle, "*", 0, false },
	{ 0 },
};

const struct oci_builtin oci_methods_str[] = {
	{ "replace", m_replace, "old new count", 2, false },
	{ "strip", m_strip, "chars", 0, false },
	{ "lstrip", m_lstrip, "chars", 0, false },
	{ "rstrip", m_rstrip, "chars", 0, false },
	{ "startswith", m_startswith, "prefix", 1, false },
	{ "endswith", m_endswith, "suffix", 1, false },
	{ "removeprefix", m_removeprefix, "prefix", 1, false },
	{ "removesuffix", m_removesuffix, "suffix", 1, false },
	{ "find", m_find, "sub", 1, false },
	{ "rfind", m_find, "sub", 1, false },
	{ "index", m_index, "sub", 1, false },
	{ "rindex", m_index, "sub", 1, false },
	{ "count", m_count, "sub", 1, false },
	{ "join", m_join, "iterable", 1, false },
	{ "zfill", m_fill, "width", 1, false },
	{ "ljust", m_fill, "width fill", 1, false },
	{ "rjust", m_fill, "width fill", 1, false },
	{ "format", m_format, "*", 0, false },
	{ 0 },
};

const struct oci_builtin oci_methods_list[] = {
	{ "index", l_index, "value", 1, false },
	{ "count", l_count, "value", 1, false },
	{ 0 },
};
