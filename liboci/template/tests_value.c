#include "template/call_int.h"
#include "template/regex.h"
#include "template/version.h"

static int compare(const struct oci_call *c, const char *op, const struct oci_val **out, struct oci_err **err)
{
	bool holds;

	if (oci_op_compare(c->t, oci_slice(op), c->self, c->args[0], &holds, err) < 0)
		return -1;
	*out = oci_val_bool(holds);
	return 0;
}

#define COMPARE(name, op)                                                                                              \
	static int name(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)                    \
	{                                                                                                              \
		return compare(c, op, out, err);                                                                       \
	}

COMPARE(t_eq, "==")
COMPARE(t_ne, "!=")
COMPARE(t_lt, "<")
COMPARE(t_le, "<=")
COMPARE(t_gt, ">")
COMPARE(t_ge, ">=")
COMPARE(t_in, "in")

static int t_contains(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	bool holds;

	if (oci_op_contains(c->t, c->self, c->args[0], &holds, err) < 0)
		return -1;
	*out = oci_val_bool(holds);
	return 0;
}

static int version_kind(const struct oci_call *c, enum oci_version_order *kind, struct oci_err **err)
{
	static const struct {
		const char *name;
		enum oci_version_order kind;
	} kinds[] = { { "loose", OCI_VERSION_LOOSE },
		      { "strict", OCI_VERSION_STRICT },
		      { "semver", OCI_VERSION_SEMVER },
		      { "semantic", OCI_VERSION_SEMVER },
		      { "pep440", OCI_VERSION_PEP440 } };
	struct oci_slice name;

	*kind = oci_arg_truth(c, 2, false) ? OCI_VERSION_STRICT : OCI_VERSION_LOOSE;
	if (c->args[2] && c->args[2]->kind != OCI_VAL_NONE && c->args[3] && c->args[3]->kind != OCI_VAL_NONE)
		return oci_fail(err, OCI_BADINPUT, "version(): strict and version_type exclude each other");
	if (!c->args[3] || c->args[3]->kind == OCI_VAL_NONE)
		return 0;
	if (oci_arg_text(c, 3, "", &name, err) < 0)
		return -1;
	for (size_t i = 0; i < OCI_COUNT(kinds); i++) {
		if (oci_slice_eq(name, kinds[i].name)) {
			*kind = kinds[i].kind;
			return 0;
		}
	}
	return oci_fail(err, OCI_BADINPUT, "version(): no such version_type '%.*s'", (int)name.len, name.p);
}

static bool any_of(struct oci_slice op, const char *const *names)
{
	for (; *names; names++)
		if (oci_slice_eq(op, *names))
			return true;
	return false;
}

static int decide(struct oci_slice op, int order, bool *holds, struct oci_err **err)
{
	static const char *const eq[] = { "==", "=", "eq", NULL }, *const ne[] = { "!=", "<>", "ne", NULL };
	static const char *const lt[] = { "<", "lt", NULL }, *const le[] = { "<=", "le", NULL };
	static const char *const gt[] = { ">", "gt", NULL }, *const ge[] = { ">=", "ge", NULL };

	if (any_of(op, eq))
		*holds = order == 0;
	else if (any_of(op, ne))
		*holds = order != 0;
	else if (any_of(op, lt))
		*holds = order < 0;
	else if (any_of(op, le))
		*holds = order <= 0;
	else if (any_of(op, gt))
		*holds = order > 0;
	else if (any_of(op, ge))
		*holds = order >= 0;
	else
		return oci_fail(err, OCI_BADINPUT, "version(): no such operator '%.*s'", (int)op.len, op.p);
	return 0;
}

static int t_version(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice a = oci_text_of(c->t, c->self), b = oci_text_of(c->t, c->args[0]), op;
	enum oci_version_order kind;
	int order;
	bool holds = false;

	if (a.len == 0 || b.len == 0)
		return oci_fail(err, OCI_BADINPUT, "version(): an empty version");
	if (oci_arg_text(c, 1, "eq", &op, err) < 0 || version_kind(c, &kind, err) < 0 ||
	    oci_version_compare(kind, a, b, &order, err) < 0 || decide(op, order, &holds, err) < 0)
		return -1;
	*out = oci_val_bool(holds);
	return 0;
}

static int regex_test(const struct oci_call *c, bool anchored, bool whole, const struct oci_val **out,
		      struct oci_err **err)
{
	struct oci_slice text = oci_text_of(c->t, c->self), pattern, all;
	auto_regex struct oci_regex *re = NULL;
	unsigned flags = (oci_arg_truth(c, 1, false) ? OCI_REGEX_IGNORECASE : 0) |
			 (oci_arg_truth(c, 2, false) ? OCI_REGEX_MULTILINE : 0);
	bool found;

	if (oci_arg_text(c, 0, NULL, &pattern, err) < 0 || oci_regex_new(&re, pattern, flags, err) < 0 ||
	    oci_regex_find(re, text, 0, anchored, &found, err) < 0)
		return -1;
	if (found && whole)
		found = oci_regex_group(re, 0, &all) && all.len == text.len;
	*out = oci_val_bool(found);
	return 0;
}

static int t_match(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return regex_test(c, true, false, out, err);
}

static int t_search(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return regex_test(c, false, false, out, err);
}

static int t_regex(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice how;

	if (oci_arg_text(c, 3, "search", &how, err) < 0)
		return -1;
	return regex_test(c, !oci_slice_eq(how, "search"), oci_slice_eq(how, "fullmatch"), out, err);
}

static bool is_hashable(const struct oci_val *v)
{
	if (v->kind == OCI_VAL_LIST || v->kind == OCI_VAL_MAP)
		return false;
	for (size_t i = 0; v->kind == OCI_VAL_TUPLE && i < v->len; i++)
		if (!is_hashable(v->items[i]))
			return false;
	return true;
}

/* Lists and maps cannot be members of a set. */
static int want_hashable(const struct oci_call *c, const struct oci_vals *vs, struct oci_err **err)
{
	for (size_t i = 0; i < vs->n; i++)
		if (vs->v[i]->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(c->t, vs->v[i], err);
		else if (!is_hashable(vs->v[i]))
			return oci_fail(err, OCI_BADINPUT, "%s(): unhashable type: '%s'", c->name,
					oci_val_type(vs->v[i]));
	return 0;
}

static int within(const struct oci_call *c, const struct oci_val *small, const struct oci_val *large,
		  const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	auto_vals struct oci_vals all = { 0 };
	bool there = true;

	if (oci_iterate(c->t, small, &vs, err) < 0 || want_hashable(c, &vs, err) < 0 ||
	    oci_iterate(c->t, large, &all, err) < 0 || want_hashable(c, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n && there; i++)
		if (oci_op_contains(c->t, large, vs.v[i], &there, err) < 0)
			return -1;
	*out = oci_val_bool(there);
	return 0;
}

static int t_subset(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return within(c, c->self, c->args[0], out, err);
}

static int t_superset(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return within(c, c->args[0], c->self, out, err);
}

static int count_true(const struct oci_call *c, size_t *n, size_t *all, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	*n = 0;
	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++) {
		bool holds;

		if (oci_truth(c->t, vs.v[i], &holds, err) < 0)
			return -1;
		*n += holds;
	}
	*all = vs.n;
	return 0;
}

static int t_all(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	size_t n, all;

	if (count_true(c, &n, &all, err) < 0)
		return -1;
	*out = oci_val_bool(n == all);
	return 0;
}

static int t_any(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	size_t n, all;

	if (count_true(c, &n, &all, err) < 0)
		return -1;
	*out = oci_val_bool(n > 0);
	return 0;
}

static int truthy(const struct oci_call *c, bool wanted, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_builtin *to_bool = oci_filter_find(OCI_SLICE("bool"));
	const struct oci_val *v = c->self;
	struct oci_args none = { 0 };

	if (oci_arg_truth(c, 0, false) && oci_call_builtin(c->t, to_bool, v, &none, &v, err) < 0)
		return -1;
	*out = oci_val_bool(oci_val_truth(v) == wanted);
	return 0;
}

static int t_truthy(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return truthy(c, true, out, err);
}

static int t_falsy(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return truthy(c, false, out, err);
}

const struct oci_builtin oci_tests_value[] = {
	{ "==", t_eq, "other", 1, false },
	{ "eq", t_eq, "other", 1, false },
	{ "equalto", t_eq, "other", 1, false },
	{ "!=", t_ne, "other", 1, false },
	{ "ne", t_ne, "other", 1, false },
	{ "<", t_lt, "other", 1, false },
	{ "lt", t_lt, "other", 1, false },
	{ "lessthan", t_lt, "other", 1, false },
	{ "<=", t_le, "other", 1, false },
	{ "le", t_le, "other", 1, false },
	{ ">", t_gt, "other", 1, false },
	{ "gt", t_gt, "other", 1, false },
	{ "greaterthan", t_gt, "other", 1, false },
	{ ">=", t_ge, "other", 1, false },
	{ "ge", t_ge, "other", 1, false },
	{ "in", t_in, "seq", 1, false },
	{ "contains", t_contains, "value", 1, false },
	{ "version", t_version, "version operator strict version_type", 1, false },
	{ "version_compare", t_version, "version operator strict version_type", 1, false },
	{ "match", t_match, "pattern ignorecase multiline", 1, false },
	{ "search", t_search, "pattern ignorecase multiline", 1, false },
	{ "regex", t_regex, "pattern ignorecase multiline match_type", 1, false },
	{ "subset", t_subset, "other", 1, false },
	{ "issubset", t_subset, "other", 1, false },
	{ "superset", t_superset, "other", 1, false },
	{ "issuperset", t_superset, "other", 1, false },
	{ "all", t_all, "", 0, false },
	{ "any", t_any, "", 0, false },
	{ "truthy", t_truthy, "convert_bool", 0, false },
	{ "falsy", t_falsy, "convert_bool", 0, false },
	{ 0 },
};
