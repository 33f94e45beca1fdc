#include "template/call_int.h"
#include "template/sequence_int.h"

static const struct oci_val *pair_map(const struct oci_call *c, const struct oci_val *names[2],
				      const struct oci_val *key, const struct oci_val *value)
{
	const struct oci_val *four[] = { names[0], key, names[1], value };

	return oci_val_map(&c->t->arena, &(struct oci_vals){ four, 4, 4 });
}

static int want_map(const struct oci_call *c, const struct oci_val *v, struct oci_err **err)
{
	if (v->kind == OCI_VAL_MAP)
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s() wants a dictionary, not '%s'", c->name, oci_val_type(v));
}

static int f_dict2items(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *names[] = { c->args[0] ? c->args[0] : oci_val_text(&c->t->arena, "key"),
					  c->args[1] ? c->args[1] : oci_val_text(&c->t->arena, "value") };
	auto_vals struct oci_vals vs = { 0 };

	if (want_map(c, c->self, err) < 0)
		return -1;
	for (size_t i = 0; i < c->self->len; i++)
		oci_vals_add(&vs, pair_map(c, names, c->self->items[2 * i], c->self->items[2 * i + 1]));
	return oci_give_list(c, &vs, out, err);
}

static int f_items2dict(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *names[] = { c->args[0] ? c->args[0] : oci_val_text(&c->t->arena, "key"),
					  c->args[1] ? c->args[1] : oci_val_text(&c->t->arena, "value") };
	auto_vals struct oci_vals pairs = { 0 };

	if (!oci_val_is_seq(c->self))
		return oci_fail(err, OCI_BADINPUT, "items2dict() wants a list, not '%s'", oci_val_type(c->self));
	for (size_t i = 0; i < c->self->len; i++) {
		const struct oci_val *item = c->self->items[i], *key = oci_val_get(item, names[0]);
		const struct oci_val *value = oci_val_get(item, names[1]);

		if (!key || !value || key->kind == OCI_VAL_LIST || key->kind == OCI_VAL_MAP)
			return oci_fail(err, OCI_BADINPUT, "items2dict() wants dictionaries with '%s' and '%s'",
					oci_text_of(c->t, names[0]).p, oci_text_of(c->t, names[1]).p);
		if (oci_tmpl_spend(c->t, 1 + pairs.n / 16, err) < 0)
			return -1;
		oci_vals_set(&pairs, key, value);
	}
	*out = oci_val_map(&c->t->arena, &pairs);
	oci_val_made(c->t, *out);
	return 0;
}

enum list_merge { REPLACE, KEEP, APPEND, PREPEND, APPEND_RP, PREPEND_RP };

static void add_others(struct oci_vals *vs, const struct oci_val *list, const struct oci_val *unless_in)
{
	for (size_t i = 0; i < list->len; i++) {
		bool there = false;

		for (size_t k = 0; unless_in && k < unless_in->len && !there; k++)
			there = oci_val_equal(unless_in->items[k], list->items[i]);
		if (!there)
			oci_vals_add(vs, list->items[i]);
	}
}

static const struct oci_val *merge_lists(const struct oci_call *c, const struct oci_val *old, const struct oci_val *new,
					 enum list_merge how)
{
	auto_vals struct oci_vals vs = { 0 };
	bool rp = how == APPEND_RP || how == PREPEND_RP, prepend = how == PREPEND || how == PREPEND_RP;

	if (prepend)
		add_others(&vs, new, NULL);
	add_others(&vs, old, rp ? new : NULL);
	if (!prepend)
		add_others(&vs, new, NULL);
	return oci_val_list(&c->t->arena, &vs);
}

static int combine(const struct oci_call *c, const struct oci_val *a, const struct oci_val *b, bool recursive,
		   enum list_merge how, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals pairs = { 0 };

	if (oci_tmpl_spend(c->t, 1 + a->len * b->len / 4, err) < 0)
		return -1;
	if (a->len == 0 || oci_val_equal(a, b))
		return *out = b, 0;
	for (size_t i = 0; i < 2 * a->len; i++)
		oci_vals_add(&pairs, a->items[i]);
	for (size_t i = 0; i < b->len; i++) {
		const struct oci_val *key = b->items[2 * i], *new = b->items[2 * i + 1], *old = oci_val_get(a, key);

		if (old && recursive && old->kind == OCI_VAL_MAP && new->kind == OCI_VAL_MAP) {
			if (combine(c, old, new, true, how, &new, err) < 0)
				return -1;
		} else if (old && how == KEEP && oci_val_is_seq(old) && oci_val_is_seq(new)) {
			new = old;
		} else if (old && how != REPLACE && oci_val_is_seq(old) && oci_val_is_seq(new)) {
			new = merge_lists(c, old, new, how);
		}
		oci_vals_set(&pairs, key, new);
	}
	*out = oci_val_map(&c->t->arena, &pairs);
	oci_val_made(c->t, *out);
	return 0;
}

static int list_merge_of(const struct oci_val *v, enum list_merge *how, struct oci_err **err)
{
	static const char *const names[] = { "replace", "keep", "append", "prepend", "append_rp", "prepend_rp" };

	for (size_t i = 0; i < OCI_COUNT(names); i++) {
		if (oci_val_is_str(v, names[i])) {
			*how = (enum list_merge)i;
			return 0;
		}
	}
	return oci_fail(err, OCI_BADINPUT, "combine(): no such list_merge");
}

/* Ansible looks into every term before it merges, so what a later one would replace counts, too. */
static int want_defined(const struct oci_call *c, const struct oci_val *v, struct oci_err **err)
{
	size_t n = v->kind == OCI_VAL_MAP ? 2 * v->len : oci_val_is_seq(v) ? v->len : 0;
	int rc = 0;

	if (v->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(c->t, v, err);
	if (n == 0)
		return 0;
	if (oci_tmpl_spend(c->t, n, err) < 0 || oci_tmpl_down(c->t, err) < 0)
		return -1;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = want_defined(c, v->items[i], err);
	c->t->depth--;
	return rc;
}

static int f_combine(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals terms = { 0 }, flat = { 0 };
	bool recursive = false;
	enum list_merge how = REPLACE;

	oci_vals_add(&terms, c->self);
	for (size_t i = 0; i < c->rest.n; i++) {
		struct oci_slice name = c->rest.names ? c->rest.names[i] : oci_slice("");

		if (oci_slice_eq(name, "recursive"))
			recursive = oci_val_truth(c->rest.v[i]);
		else if (oci_slice_eq(name, "list_merge") && list_merge_of(c->rest.v[i], &how, err) < 0)
			return -1;
		else if (!name.len)
			oci_vals_add(&terms, c->rest.v[i]);
	}
	for (size_t i = 0; i < terms.n; i++) {
		if (oci_val_is_seq(terms.v[i]))
			for (size_t k = 0; k < terms.v[i]->len; k++)
				oci_vals_add(&flat, terms.v[i]->items[k]);
		else
			oci_vals_add(&flat, terms.v[i]);
	}
	*out = oci_val_map(&c->t->arena, &(struct oci_vals){ 0 });
	for (size_t i = 0; i < flat.n; i++)
		if (want_defined(c, flat.v[i], err) < 0)
			return -1;
	for (size_t i = 0; i < flat.n; i++)
		if (want_map(c, flat.v[i], err) < 0 || combine(c, *out, flat.v[i], recursive, how, out, err) < 0)
			return -1;
	return 0;
}

static int pairs_of(const struct oci_call *c, const struct oci_val *map, struct oci_vals *vs, struct oci_err **err)
{
	if (want_map(c, map, err) < 0)
		return -1;
	for (size_t i = 0; i < map->len; i++) {
		const struct oci_val *pair[] = { map->items[2 * i], map->items[2 * i + 1] };

		oci_vals_add(vs, oci_val_tuple(&c->t->arena, &(struct oci_vals){ pair, 2, 2 }));
	}
	return 0;
}

static int f_dictsort(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	bool by_value = c->args[1] && oci_val_is_str(c->args[1], "value");
	struct oci_seq_order how = { c->t, oci_val_int(&c->t->arena, by_value), oci_arg_truth(c, 0, false),
				     oci_arg_truth(c, 2, false) };

	if (pairs_of(c, c->self, &vs, err) < 0 || oci_seq_sort(&vs, &how, err) < 0)
		return -1;
	return oci_give_list(c, &vs, out, err);
}

static int f_items(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	return pairs_of(c, c->self, &vs, err) < 0 ? -1 : oci_give_list(c, &vs, out, err);
}

static int m_keys(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	for (size_t i = 0; i < c->self->len; i++)
		oci_vals_add(&vs, c->self->items[2 * i]);
	return oci_give_list(c, &vs, out, err);
}

static int m_values(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	for (size_t i = 0; i < c->self->len; i++)
		oci_vals_add(&vs, c->self->items[2 * i + 1]);
	return oci_give_list(c, &vs, out, err);
}

static int m_get(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	*out = oci_val_get(c->self, c->args[0]);
	if (!*out)
		*out = c->args[1] ? c->args[1] : &oci_val_none;
	return 0;
}

const struct oci_builtin oci_filters_map[] = {
	{ "dict2items", f_dict2items, "key_name value_name", 0, false },
	{ "items2dict", f_items2dict, "key_name value_name", 0, false },
	{ "combine", f_combine, "*", 0, false },
	{ "dictsort", f_dictsort, "case_sensitive by reverse", 0, false },
	{ "items", f_items, "", 0, false },
	{ 0 },
};

const struct oci_builtin oci_methods_map[] = {
	{ "keys", m_keys, "", 0, false },
	{ "values", m_values, "", 0, false },
	{ "items", f_items, "", 0, false },
	{ "get", m_get, "key default", 1, false },
	{ 0 },
};
