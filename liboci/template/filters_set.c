#include "template/call_int.h"
#include "template/sequence_int.h"

static bool has(const struct oci_vals *vs, const struct oci_val *v)
{
	for (size_t i = 0; i < vs->n; i++)
		if (oci_val_equal(vs->v[i], v))
			return true;
	return false;
}

static int add_unique(const struct oci_call *c, struct oci_vals *vs, const struct oci_val *v, struct oci_err **err)
{
	if (oci_tmpl_spend(c->t, 1 + vs->n / 8, err) < 0)
		return -1;
	if (!has(vs, v))
		oci_vals_add(vs, v);
	return 0;
}

/* Texts that differ in their case only count as one, unless case_sensitive is given. */
static int f_unique(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, seen = { 0 }, kept = { 0 };

	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++) {
		const struct oci_val *key = vs.v[i];
		size_t before = seen.n;

		if (c->args[1] && c->args[1]->kind != OCI_VAL_NONE &&
		    oci_seq_attribute(c->t, key, c->args[1], &key, err) < 0)
			return -1;
		if (key->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(c->t, key, err);
		if (!oci_arg_truth(c, 0, false))
			key = oci_seq_folded(c->t, key);
		if (add_unique(c, &seen, key, err) < 0)
			return -1;
		if (seen.n > before)
			oci_vals_add(&kept, vs.v[i]);
	}
	return oci_give_list(c, &kept, out, err);
}

enum set_op { UNION, INTERSECT, DIFFERENCE, SYMMETRIC };

static int take_if(const struct oci_call *c, const struct oci_vals *from, const struct oci_vals *other, bool wanted,
		   struct oci_vals *vs, struct oci_err **err)
{
	for (size_t i = 0; i < from->n; i++) {
		if (oci_tmpl_spend(c->t, 1 + other->n / 8, err) < 0)
			return -1;
		if (has(other, from->v[i]) == wanted && add_unique(c, vs, from->v[i], err) < 0)
			return -1;
	}
	return 0;
}

static int items_of(const struct oci_call *c, const struct oci_val *v, struct oci_vals *vs, struct oci_err **err)
{
	if (oci_iterate(c->t, v, vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs->n; i++)
		if (vs->v[i]->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(c->t, vs->v[i], err);
	return 0;
}

static int combine_sets(const struct oci_call *c, enum set_op op, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals a = { 0 }, b = { 0 }, vs = { 0 }, none = { 0 };
	int rc;

	if ((op == UNION || op == SYMMETRIC) && (c->self->kind == OCI_VAL_MAP || c->args[0]->kind == OCI_VAL_MAP))
		return oci_fail(err, OCI_BADINPUT, "%s() of a '%s' and a '%s'", c->name, oci_val_type(c->self),
				oci_val_type(c->args[0]));
	if (items_of(c, c->self, &a, err) < 0 || items_of(c, c->args[0], &b, err) < 0)
		return -1;
	if (op == UNION)
		rc = take_if(c, &a, &none, false, &vs, err) < 0 ? -1 : take_if(c, &b, &none, false, &vs, err);
	else
		rc = take_if(c, &a, &b, op == INTERSECT, &vs, err);
	if (rc == 0 && op == SYMMETRIC)
		rc = take_if(c, &b, &a, false, &vs, err);
	return rc < 0 ? -1 : oci_give_list(c, &vs, out, err);
}

static int f_union(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return combine_sets(c, UNION, out, err);
}

static int f_intersect(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return combine_sets(c, INTERSECT, out, err);
}

static int f_difference(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return combine_sets(c, DIFFERENCE, out, err);
}

static int f_symmetric(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return combine_sets(c, SYMMETRIC, out, err);
}

const struct oci_builtin oci_filters_set[] = {
	{ "unique", f_unique, "case_sensitive attribute", 0, false },
	{ "union", f_union, "other", 1, false },
	{ "intersect", f_intersect, "other", 1, false },
	{ "difference", f_difference, "other", 1, false },
	{ "symmetric_difference", f_symmetric, "other", 1, false },
	{ 0 },
};
