/* Filters of URLs and paths. */
#include "template/call_int.h"

#include <ctype.h>

/* What urllib's quote leaves as it is; in a query "/" is not among it, and a blank becomes "+". */
static void quote(struct oci_slice s, bool query, struct oci_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (isalnum((unsigned char)s.p[i]) || (s.p[i] && strchr(query ? "_.-~" : "_.-~/", s.p[i])))
			oci_buf_addc(out, s.p[i]);
		else if (query && s.p[i] == ' ')
			oci_buf_addc(out, '+');
		else
			oci_buf_addf(out, "%%%02X", (unsigned char)s.p[i]);
	}
}

/* A text, or the pairs of a query. */
static int f_urlencode(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = c->self;
	auto_buf struct oci_buf b = { 0 };
	bool map = v->kind == OCI_VAL_MAP;

	if (!map && !oci_val_is_seq(v))
		quote(oci_text_of(c->t, v), false, &b);
	for (size_t i = 0; (map || oci_val_is_seq(v)) && i < v->len; i++) {
		const struct oci_val *const *pair = map ? v->items + 2 * i : v->items[i]->items;

		if (!map && (!oci_val_is_seq(v->items[i]) || v->items[i]->len != 2))
			return oci_fail(err, OCI_BADINPUT, "urlencode() wants a text, a dictionary or pairs");
		oci_buf_adds(&b, i ? "&" : "");
		quote(oci_text_of(c->t, pair[0]), true, &b);
		oci_buf_addc(&b, '=');
		quote(oci_text_of(c->t, pair[1]), true, &b);
	}
	return oci_give(c, &b, out, err);
}

static int hex_value(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
					    : -1;
}

/* As unquote_plus. */
static int f_urldecode(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_buf struct oci_buf b = { 0 };

	for (size_t i = 0; i < s.len; i++) {
		int high = s.p[i] == '%' && i + 2 < s.len ? hex_value(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;

		if (low >= 0)
			i += 2;
		oci_buf_addc(&b, low >= 0 ? (char)(high * 16 + low) : s.p[i] == '+' ? ' ' : s.p[i]);
	}
	return oci_give(c, &b, out, err);
}

struct url {
	struct oci_slice scheme, netloc, path, query, fragment, username, password, hostname, port;
};

static struct oci_slice cut_tail(struct oci_slice *s, char at)
{
	struct oci_slice tail = { "", 0 };

	oci_slice_cut(*s, at, s, &tail);
	return tail;
}

static bool is_scheme(struct oci_slice s)
{
	bool fine = s.len > 0 && isalpha((unsigned char)*s.p);

	for (size_t i = 0; i < s.len && fine; i++)
		fine = isalnum((unsigned char)s.p[i]) || (s.p[i] && strchr("+-.", s.p[i]));
	return fine;
}

/* An absent part is a slice without a place. */
static void split_netloc(struct url *u)
{
	struct oci_slice host = u->netloc;
	const char *at = memrchr(host.p, '@', host.len);
	const char *close;

	if (at) {
		u->username = (struct oci_slice){ host.p, (size_t)(at - host.p) };
		host = (struct oci_slice){ at + 1, host.len - u->username.len - 1 };
		if (memchr(u->username.p, ':', u->username.len))
			u->password = cut_tail(&u->username, ':');
	}
	if (host.len && *host.p == '[' && (close = memchr(host.p, ']', host.len))) {
		size_t n = (size_t)(close - host.p);

		u->hostname = (struct oci_slice){ host.p + 1, n - 1 };
		host = (struct oci_slice){ close + 1, host.len - n - 1 };
		u->port = cut_tail(&host, ':');
	} else {
		u->port = cut_tail(&host, ':');
		u->hostname = host;
	}
}

static void split_url(struct oci_slice s, struct url *u)
{
	struct oci_slice rest, scheme;

	*u = (struct url){ .scheme = { "", 0 }, .netloc = { "", 0 } };
	if (oci_slice_cut(s, ':', &scheme, &rest) && is_scheme(scheme)) {
		u->scheme = scheme;
		s = rest;
	}
	if (oci_slice_starts(s, "//")) {
		size_t n = 2;

		while (n < s.len && !strchr("/?#", s.p[n]))
			n++;
		u->netloc = (struct oci_slice){ s.p + 2, n - 2 };
		s = (struct oci_slice){ s.p + n, s.len - n };
	}
	u->fragment = cut_tail(&s, '#');
	u->query = cut_tail(&s, '?');
	u->path = s;
	split_netloc(u);
}

static const struct oci_val *text_or_none(const struct oci_call *c, struct oci_slice s, bool lower)
{
	auto_buf struct oci_buf b = { 0 };

	for (size_t i = 0; i < s.len; i++)
		oci_buf_addc(&b, lower ? (char)tolower((unsigned char)s.p[i]) : s.p[i]);
	return s.p ? oci_val_str(&c->t->arena, oci_buf_text(&b), b.len) : &oci_val_none;
}

static int port_of(const struct oci_call *c, struct oci_slice s, const struct oci_val **out, struct oci_err **err)
{
	uint64_t port;

	*out = &oci_val_none;
	if (!s.len)
		return 0;
	if (!oci_slice_u64(s, &port) || port > 65535)
		return oci_fail(err, OCI_BADINPUT, "urlsplit(): the port \"%.*s\"", (int)s.len, s.p);
	*out = oci_val_int(&c->t->arena, (int64_t)port);
	return 0;
}

static int f_urlsplit(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals pairs = { 0 };
	const struct oci_val *port;
	struct url u;

	split_url(oci_text_of(c->t, c->self), &u);
	if (port_of(c, u.port, &port, err) < 0)
		return -1;
	u.hostname.p = u.hostname.len ? u.hostname.p : NULL;
	const struct {
		const char *name;
		const struct oci_val *v;
	} parts[] = {
		{ "fragment", text_or_none(c, u.fragment, false) }, { "hostname", text_or_none(c, u.hostname, true) },
		{ "netloc", text_or_none(c, u.netloc, false) },	    { "password", text_or_none(c, u.password, false) },
		{ "path", text_or_none(c, u.path, false) },	    { "port", port },
		{ "query", text_or_none(c, u.query, false) },	    { "scheme", text_or_none(c, u.scheme, true) },
		{ "username", text_or_none(c, u.username, false) },
	};

	for (size_t i = 0; i < OCI_COUNT(parts); i++)
		oci_vals_set(&pairs, oci_val_text(&c->t->arena, parts[i].name), parts[i].v);
	*out = oci_val_map(&c->t->arena, &pairs);
	if (!c->args[0] || !oci_val_truth(c->args[0]))
		return 0;
	*out = oci_val_get(*out, c->args[0]);
	return *out ? 0
		    : oci_fail(err, OCI_BADINPUT, "urlsplit: unknown URL component: %s",
			       oci_text_of(c->t, c->args[0]).p);
}

/* An absolute part begins anew, as in os.path.join. */
static int f_path_join(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *only[] = { c->self }, *const *parts = c->self->items;
	size_t n = c->self->len;
	auto_buf struct oci_buf b = { 0 };

	if (c->self->kind == OCI_VAL_STR) {
		parts = only;
		n = 1;
	} else if (!oci_val_is_seq(c->self) || !n) {
		return oci_fail(err, OCI_BADINPUT, "path_join() wants a text or a list of them");
	}
	for (size_t i = 0; i < n; i++) {
		if (parts[i]->kind != OCI_VAL_STR)
			return oci_fail(err, OCI_BADINPUT, "path_join() wants texts, not '%s'", oci_val_type(parts[i]));
		if (*parts[i]->text == '/')
			oci_buf_reset(&b);
		else if (b.len && b.data[b.len - 1] != '/')
			oci_buf_addc(&b, '/');
		oci_buf_add(&b, parts[i]->text, parts[i]->len);
	}
	return oci_give(c, &b, out, err);
}

static int want_path(const struct oci_call *c, struct oci_slice *out, struct oci_err **err)
{
	*out = (struct oci_slice){ c->self->text, c->self->len };
	return c->self->kind == OCI_VAL_STR
		       ? 0
		       : oci_fail(err, OCI_BADINPUT, "%s() wants a text, not '%s'", c->name, oci_val_type(c->self));
}

static int f_basename(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s;

	if (want_path(c, &s, err) < 0)
		return -1;
	const char *slash = memrchr(s.p, '/', s.len);

	*out = oci_val_text(&c->t->arena, slash ? slash + 1 : s.p);
	return 0;
}

static int f_dirname(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s;

	if (want_path(c, &s, err) < 0)
		return -1;
	const char *slash = memrchr(s.p, '/', s.len);
	size_t n = slash ? (size_t)(slash - s.p) : 0;

	while (n > 1 && s.p[n - 1] == '/')
		n--;
	*out = oci_val_str(&c->t->arena, s.p, slash && n == 0 ? 1 : n);
	return 0;
}

static int f_splitext(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	struct oci_slice s;

	if (want_path(c, &s, err) < 0)
		return -1;
	const char *slash = memrchr(s.p, '/', s.len), *base = slash ? slash + 1 : s.p;
	const char *dot = memrchr(base, '.', s.len - (size_t)(base - s.p));

	while (base < s.p + s.len && *base == '.')
		base++;
	size_t n = dot && dot > base ? (size_t)(dot - s.p) : s.len;

	oci_vals_add(&vs, n < s.len ? oci_val_str(&c->t->arena, s.p, n) : c->self); /* a native text stays one */
	oci_vals_add(&vs, oci_val_str(&c->t->arena, s.p + n, s.len - n));
	*out = oci_val_tuple(&c->t->arena, &vs);
	return 0;
}

const struct oci_builtin oci_filters_url[] = {
	{ "urlencode", f_urlencode, "", 0, false },    { "urldecode", f_urldecode, "", 0, false },
	{ "urlsplit", f_urlsplit, "query", 0, false }, { "basename", f_basename, "", 0, false },
	{ "dirname", f_dirname, "", 0, false },	       { "splitext", f_splitext, "", 0, false },
	{ "path_join", f_path_join, "", 0, false },    { 0 },
};
