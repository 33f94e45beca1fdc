#include "template/call_int.h"
#include "template/sequence_int.h"

/* The arguments behind the first `skip`. */
static struct oci_args behind(const struct oci_args *a, size_t skip)
{
	return (struct oci_args){ a->v + skip, a->names ? a->names + skip : NULL, a->n - skip };
}

static const struct oci_val *keyword(const struct oci_args *a, const char *name)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->names && oci_slice_eq(a->names[i], name))
			return a->v[i];
	return NULL;
}

static int map_one(const struct oci_call *c, const struct oci_val *item, const struct oci_val **out,
		   struct oci_err **err)
{
	const struct oci_val *attribute = keyword(&c->rest, "attribute"), *absent = keyword(&c->rest, "default");

	if (attribute) {
		if (oci_seq_attribute(c->t, item, attribute, out, err) < 0)
			return -1;
		if ((*out)->kind == OCI_VAL_UNDEF && absent)
			*out = absent;
		return 0;
	}
	const struct oci_val *filter = c->rest.n ? c->rest.v[0] : NULL;

	if (!filter || filter->kind != OCI_VAL_STR)
		return oci_fail(err, OCI_BADINPUT, "map requires a filter argument");
	struct oci_args args = behind(&c->rest, 1);
	struct oci_slice name = { filter->text, filter->len };

	if (oci_slice_starts(name, "ansible.builtin."))
		name = (struct oci_slice){ name.p + 16, name.len - 16 };
	return oci_call_filter(c->t, name, item, &args, out, err);
}

static int f_map(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++)
		if (map_one(c, vs.v[i], &vs.v[i], err) < 0)
			return -1;
	return oci_give_list(c, &vs, out, err);
}

/* Does the test hold, whose name and arguments stand from `skip` on? Without a name: is the value true? */
static int holds(const struct oci_call *c, const struct oci_val *v, size_t skip, bool *out, struct oci_err **err)
{
	if (c->rest.n <= skip)
		return oci_truth(c->t, v, out, err);
	const struct oci_val *name = c->rest.v[skip];

	if (name->kind != OCI_VAL_STR)
		return oci_fail(err, OCI_BADINPUT, "%s() wants the name of a test", c->name);
	struct oci_slice s = { name->text, name->len };
	struct oci_args args = behind(&c->rest, skip + 1);

	if (oci_slice_starts(s, "ansible.builtin."))
		s = (struct oci_slice){ s.p + 16, s.len - 16 };
	return oci_call_test(c->t, s, v, &args, out, err);
}

static int pick(const struct oci_call *c, bool wanted, bool by_attribute, const struct oci_val **out,
		struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	size_t kept = 0;

	if (by_attribute && !c->rest.n)
		return oci_fail(err, OCI_BADINPUT, "%s() wants an attribute", c->name);
	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++) {
		const struct oci_val *v = vs.v[i];
		bool ok = false;

		if (by_attribute && oci_seq_attribute(c->t, v, c->rest.v[0], &v, err) < 0)
			return -1;
		if (holds(c, v, by_attribute, &ok, err) < 0)
			return -1;
		if (ok == wanted)
			vs.v[kept++] = vs.v[i];
	}
	vs.n = kept;
	return oci_give_list(c, &vs, out, err);
}

static int f_select(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return pick(c, true, false, out, err);
}

static int f_reject(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return pick(c, false, false, out, err);
}

static int f_selectattr(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return pick(c, true, true, out, err);
}

static int f_rejectattr(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return pick(c, false, true, out, err);
}

static int f_attr(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = c->self;

	*out = v->kind == OCI_VAL_STR || v->kind == OCI_VAL_MAP || oci_val_is_seq(v)
		       ? oci_method_find(v, oci_text_of(c->t, c->args[0]).p)
				 ? oci_val_func(&c->t->arena, c->args[0]->text, v)
				 : NULL
		       : NULL;
	(void)err;
	if (!*out)
		*out = oci_val_undef(&c->t->arena, "'%s object' has no attribute '%s'", oci_val_type(v),
				     oci_text_of(c->t, c->args[0]).p);
	return 0;
}

/* groupby: pairs of a value and the items that have it, in the order of the values. */
static int f_groupby(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, groups = { 0 };
	struct oci_seq_order how = { c->t, c->args[0], true, false };

	if (oci_iterate(c->t, c->self, &vs, err) < 0 || oci_seq_sort(&vs, &how, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n;) {
		auto_vals struct oci_vals same = { 0 }, pair = { 0 };
		const struct oci_val *key, *other;

		if (oci_seq_attribute(c->t, vs.v[i], c->args[0], &key, err) < 0)
			return -1;
		do {
			oci_vals_add(&same, vs.v[i++]);
			if (i < vs.n && oci_seq_attribute(c->t, vs.v[i], c->args[0], &other, err) < 0)
				return -1;
		} while (i < vs.n && oci_val_equal(key, other));
		oci_vals_add(&pair, key);
		oci_vals_add(&pair, oci_val_list(&c->t->arena, &same));
		const struct oci_val *group = oci_val_tuple(&c->t->arena, &pair);

		((struct oci_val *)group)->group = true;
		oci_vals_add(&groups, group);
	}
	return oci_give_list(c, &groups, out, err);
}

const struct oci_builtin oci_filters_pick[] = {
	{ "map", f_map, "*", 0, false },
	{ "select", f_select, "*", 0, false },
	{ "reject", f_reject, "*", 0, false },
	{ "selectattr", f_selectattr, "*", 0, false },
	{ "rejectattr", f_rejectattr, "*", 0, false },
	{ "attr", f_attr, "name", 1, false },
	{ "groupby", f_groupby, "attribute", 1, false },
	{ 0 },
};
