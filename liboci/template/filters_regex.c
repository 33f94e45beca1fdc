#include "template/call_int.h"
#include "template/regex.h"

#include <ctype.h>

static unsigned flags_of(const struct oci_call *c, size_t ignorecase, size_t multiline)
{
	return (oci_arg_truth(c, ignorecase, false) ? OCI_REGEX_IGNORECASE : 0) |
	       (oci_arg_truth(c, multiline, false) ? OCI_REGEX_MULTILINE : 0);
}

static int f_regex_replace(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice text = oci_text_of(c->t, c->self), pattern, with;
	auto_regex struct oci_regex *re = NULL;
	auto_buf struct oci_buf b = { 0 };
	int64_t count;

	if (oci_arg_text(c, 0, "", &pattern, err) < 0 || oci_arg_text(c, 1, "", &with, err) < 0 ||
	    oci_arg_int(c, 4, 0, &count, err) < 0 || oci_regex_new(&re, pattern, flags_of(c, 2, 3), err) < 0 ||
	    oci_regex_replace(re, text, with, count > 0 ? (size_t)count : 0, &b, err) < 0)
		return -1;
	return oci_give(c, &b, out, err);
}

static const struct oci_val *group_value(const struct oci_call *c, const struct oci_regex *re, size_t i)
{
	struct oci_slice s;

	return oci_regex_group(re, i, &s) ? oci_val_str(&c->t->arena, s.p, s.len) : &oci_val_none;
}

/* The groups that '\\1' and '\\g<name>' ask for. */
static int asked_groups(const struct oci_call *c, const struct oci_regex *re, struct oci_vals *vs, struct oci_err **err)
{
	for (size_t i = 0; i < c->rest.n; i++) {
		struct oci_slice s = oci_text_of(c->t, c->rest.v[i]), name = { 0 };

		if (c->rest.names && c->rest.names[i].len)
			continue;
		if (oci_slice_starts(s, "\\g<") && s.p[s.len - 1] == '>')
			name = (struct oci_slice){ s.p + 3, s.len - 4 };
		else if (s.len > 1 && *s.p == '\\' && isdigit((unsigned char)s.p[1]))
			name = (struct oci_slice){ s.p + 1, s.len - 1 };
		int n = name.len ? oci_regex_named(re, name) : -1;

		if (n < 0)
			return oci_fail(err, OCI_BADINPUT, "regex_search(): no group \"%.*s\"", (int)s.len, s.p);
		oci_vals_add(vs, group_value(c, re, (size_t)n));
	}
	return 0;
}

static bool keyword_truth(const struct oci_call *c, const char *name)
{
	for (size_t i = 0; i < c->rest.n; i++)
		if (c->rest.names && oci_slice_eq(c->rest.names[i], name))
			return oci_val_truth(c->rest.v[i]);
	return false;
}

static int f_regex_search(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice text = oci_text_of(c->t, c->self), pattern;
	auto_regex struct oci_regex *re = NULL;
	auto_vals struct oci_vals vs = { 0 };
	unsigned flags = (keyword_truth(c, "ignorecase") ? OCI_REGEX_IGNORECASE : 0) |
			 (keyword_truth(c, "multiline") ? OCI_REGEX_MULTILINE : 0);
	bool found;

	*out = &oci_val_none;
	if (oci_arg_text(c, 0, NULL, &pattern, err) < 0 || oci_regex_new(&re, pattern, flags, err) < 0 ||
	    oci_regex_find(re, text, 0, false, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (asked_groups(c, re, &vs, err) < 0)
		return -1;
	if (vs.n)
		return oci_give_list(c, &vs, out, err);
	*out = group_value(c, re, 0);
	return 0;
}

static int f_regex_findall(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice text = oci_text_of(c->t, c->self), pattern, all;
	auto_regex struct oci_regex *re = NULL;
	auto_vals struct oci_vals vs = { 0 };
	bool found = true;

	if (oci_arg_text(c, 0, NULL, &pattern, err) < 0 || oci_regex_new(&re, pattern, flags_of(c, 2, 1), err) < 0)
		return -1;
	for (size_t at = 0; at <= text.len;) {
		auto_vals struct oci_vals groups = { 0 };

		if (oci_tmpl_step(c->t, err) < 0 || oci_regex_find(re, text, at, false, &found, err) < 0)
			return -1;
		if (!found || !oci_regex_group(re, 0, &all))
			break;
		for (size_t g = 1; g <= oci_regex_groups(re); g++) {
			const struct oci_val *v = group_value(c, re, g);

			oci_vals_add(&groups, v->kind == OCI_VAL_NONE ? &oci_val_empty : v);
		}
		oci_vals_add(&vs, groups.n == 0	  ? group_value(c, re, 0)
				  : groups.n == 1 ? groups.v[0]
						  : oci_val_tuple(&c->t->arena, &groups));
		at = (size_t)(all.p - text.p) + all.len;
		do
			at += all.len == 0;
		while (all.len == 0 && at < text.len && ((unsigned char)text.p[at] & 0xC0) == 0x80);
	}
	return oci_give_list(c, &vs, out, err);
}

static int f_regex_escape(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	static const char python[] = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f", basic[] = "].[^$*\\";
	struct oci_slice s = oci_text_of(c->t, c->self), type;
	auto_buf struct oci_buf b = { 0 };

	if (oci_arg_text(c, 0, "python", &type, err) < 0)
		return -1;
	if (!oci_slice_eq(type, "python") && !oci_slice_eq(type, "posix_basic"))
		return oci_fail(err, OCI_UNSUPPORTED, "regex_escape() of the kind \"%s\"", type.p);
	const char *special = oci_slice_eq(type, "python") ? python : basic;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] && strchr(special, s.p[i]))
			oci_buf_addc(&b, '\\');
		oci_buf_addc(&b, s.p[i]);
	}
	return oci_give(c, &b, out, err);
}

const struct oci_builtin oci_filters_regex[] = {
	{ "regex_replace", f_regex_replace, "pattern replacement ignorecase multiline count", 0, false },
	{ "regex_search", f_regex_search, "regex *", 1, false },
	{ "regex_findall", f_regex_findall, "regex multiline ignorecase", 1, false },
	{ "regex_escape", f_regex_escape, "re_type", 0, false },
	{ 0 },
};
