#include "pkgrepo/deb_dep.h"

static void skip(struct oci_slice *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct oci_slice *s)
{
	while (s->len && is_space(*s->p))
		skip(s, 1);
}

static struct oci_slice take_until(struct oci_slice *s, const char *stops)
{
	struct oci_slice head = { s->p, 0 };

	while (s->len && !is_space(*s->p) && !strchr(stops, *s->p)) {
		skip(s, 1);
		head.len++;
	}
	return head;
}

static int fail(struct oci_slice at, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "malformed relation at \"%.*s\"", (int)(at.len < 40 ? at.len : 40), at.p);
}

/* "<<", "<", "<=", "=", ">=", ">", ">>": "<" and ">" are the old words for "<=" and ">=". */
static unsigned take_op(struct oci_slice *s)
{
	unsigned op = 0;
	char first = s->len ? *s->p : '\0';

	if (first == '=') {
		skip(s, 1);
		return OCI_DEB_EQ;
	}
	if (first != '<' && first != '>')
		return 0;
	op = first == '<' ? OCI_DEB_LT : OCI_DEB_GT;
	skip(s, 1);
	if (s->len && *s->p == first) {
		skip(s, 1);
		return op;
	}
	if (s->len && *s->p == '=')
		skip(s, 1);
	return op | OCI_DEB_EQ;
}

static int take_version(struct oci_slice *s, struct oci_deb_dep *dep)
{
	skip(s, 1);
	skip_space(s);
	dep->op = take_op(s);
	skip_space(s);
	dep->version = take_until(s, ")");
	skip_space(s);
	if (!dep->op || !dep->version.len || !s->len || *s->p != ')')
		return -1;
	skip(s, 1);
	return 0;
}

/* "[amd64]" and "<!nocheck>" belong into source packages; an index has them resolved. */
static int take_rest(struct oci_slice *s, struct oci_deb_dep *dep)
{
	skip_space(s);
	if (!s->len)
		return 0;
	if (*s->p != ',' && *s->p != '|')
		return -1;
	dep->more = *s->p == '|';
	skip(s, 1);
	return 0;
}

int oci_deb_dep_next(struct oci_slice *rest, struct oci_deb_dep *dep, struct oci_err **err)
{
	*dep = (struct oci_deb_dep){ .arch = { "", 0 }, .version = { "", 0 } };
	do {
		skip_space(rest);
	} while (rest->len && *rest->p == ',' && (skip(rest, 1), true));
	if (!rest->len)
		return 0;
	struct oci_slice at = *rest;

	dep->name = take_until(rest, ":(,|)");
	if (rest->len && *rest->p == ':') {
		skip(rest, 1);
		dep->arch = take_until(rest, "(,|)");
		if (!dep->arch.len)
			return fail(at, err);
	}
	skip_space(rest);
	if (!dep->name.len || (rest->len && *rest->p == '(' && take_version(rest, dep) < 0) || take_rest(rest, dep) < 0)
		return fail(at, err);
	return 1;
}
