#include "template/call_int.h"

#include <ctype.h>

static void add(const struct oci_call *c, struct oci_vals *vs, const char *p, size_t n)
{
	oci_vals_add(vs, oci_val_str(&c->t->arena, p, n));
}

/* Without a separator runs of blanks separate, and there are no empty parts. */
static void split_blanks(const struct oci_call *c, struct oci_slice s, int64_t max, struct oci_vals *vs)
{
	for (;;) {
		size_t n = 0;

		while (s.len && isspace((unsigned char)*s.p))
			s.p++, s.len--;
		if (!s.len)
			return;
		while (n < s.len && (max == 0 || !isspace((unsigned char)s.p[n])))
			n++;
		while (max == 0 && isspace((unsigned char)s.p[n - 1]))
			n--;
		add(c, vs, s.p, n);
		s.p += n;
		s.len -= n;
		if (max == 0)
			return;
		max--;
	}
}

static int split_at(const struct oci_call *c, struct oci_slice s, struct oci_slice sep, int64_t max,
		    struct oci_vals *vs, struct oci_err **err)
{
	const char *at;

	while (max != 0 && (at = memmem(s.p, s.len, sep.p, sep.len))) {
		if (oci_tmpl_step(c->t, err) < 0)
			return -1;
		add(c, vs, s.p, (size_t)(at - s.p));
		s.len -= (size_t)(at - s.p) + sep.len;
		s.p = at + sep.len;
		max--;
	}
	add(c, vs, s.p, s.len);
	return 0;
}

static const char *find_last(struct oci_slice s, struct oci_slice what)
{
	for (size_t i = s.len >= what.len ? s.len - what.len + 1 : 0; i-- > 0;)
		if (memcmp(s.p + i, what.p, what.len) == 0)
			return s.p + i;
	return NULL;
}

static int rsplit_at(const struct oci_call *c, struct oci_slice s, struct oci_slice sep, int64_t max,
		     struct oci_vals *vs, struct oci_err **err)
{
	auto_vals struct oci_vals back = { 0 };
	const char *at;

	while (max != 0 && (at = find_last(s, sep))) {
		if (oci_tmpl_step(c->t, err) < 0)
			return -1;
		add(c, &back, at + sep.len, (size_t)(s.p + s.len - at) - sep.len);
		s.len = (size_t)(at - s.p);
		max--;
	}
	add(c, &back, s.p, s.len);
	for (size_t i = back.n; i-- > 0;)
		oci_vals_add(vs, back.v[i]);
	return 0;
}

/* From the end, runs of blanks separate. */
static void rsplit_blanks(const struct oci_call *c, struct oci_slice s, int64_t max, struct oci_vals *vs)
{
	auto_vals struct oci_vals back = { 0 };

	for (;; max--) {
		size_t n = 0;

		while (s.len && isspace((unsigned char)s.p[s.len - 1]))
			s.len--;
		if (!s.len)
			break;
		while (n < s.len && (max <= 0 || !isspace((unsigned char)s.p[s.len - 1 - n])))
			n++;
		add(c, &back, s.p + s.len - n, n);
		s.len -= n;
	}
	for (size_t i = back.n; i-- > 0;)
		oci_vals_add(vs, back.v[i]);
}

static int m_split(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, sep;
	auto_vals struct oci_vals vs = { 0 };
	bool backwards = oci_streq(c->name, "rsplit");
	int64_t max;
	int rc = 0;

	if (c->self->kind != OCI_VAL_STR)
		return oci_fail(err, OCI_BADINPUT, "split() wants a text, not '%s'", oci_val_type(c->self));
	if (oci_arg_text(c, 0, NULL, &sep, err) < 0 || oci_arg_int(c, 1, -1, &max, err) < 0)
		return -1;
	if (!sep.p && backwards && max >= 0)
		rsplit_blanks(c, s, max, &vs);
	else if (!sep.p)
		split_blanks(c, s, max, &vs);
	else if (!sep.len)
		return oci_fail(err, OCI_BADINPUT, "empty separator");
	else
		rc = backwards ? rsplit_at(c, s, sep, max, &vs, err) : split_at(c, s, sep, max, &vs, err);
	return rc < 0 ? -1 : oci_give_list(c, &vs, out, err);
}

static int m_splitlines(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len };
	auto_vals struct oci_vals vs = { 0 };

	while (s.len) {
		size_t n = 0;

		while (n < s.len && s.p[n] != '\n' && s.p[n] != '\r')
			n++;
		add(c, &vs, s.p, n);
		n += n + 1 < s.len && s.p[n] == '\r' && s.p[n + 1] == '\n' ? 2 : n < s.len;
		s.p += n;
		s.len -= n;
	}
	return oci_give_list(c, &vs, out, err);
}

static int m_partition(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { c->self->text, c->self->len }, sep;
	auto_vals struct oci_vals vs = { 0 };
	bool last = oci_streq(c->name, "rpartition");

	if (oci_arg_text(c, 0, "", &sep, err) < 0)
		return -1;
	if (!sep.len)
		return oci_fail(err, OCI_BADINPUT, "empty separator");
	const char *at = last ? find_last(s, sep) : memmem(s.p, s.len, sep.p, sep.len);
	size_t n = at ? (size_t)(at - s.p) : last ? 0 : s.len, skip = at ? sep.len : 0;

	add(c, &vs, s.p, n);
	add(c, &vs, s.p + n, skip);
	add(c, &vs, s.p + n + skip, s.len - n - skip);
	*out = oci_val_tuple(&c->t->arena, &vs);
	return 0;
}

const struct oci_builtin oci_methods_split[] = {
	{ "split", m_split, "sep maxsplit", 0, false }, { "rsplit", m_split, "sep maxsplit", 0, false },
	{ "splitlines", m_splitlines, "", 0, false },	{ "partition", m_partition, "sep", 1, false },
	{ "rpartition", m_partition, "sep", 1, false }, { 0 },
};
