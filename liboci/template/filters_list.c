#include "template/call_int.h"
#include "template/print.h"
#include "template/sequence_int.h"

static int f_default(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	bool absent = c->self->kind == OCI_VAL_UNDEF;

	if (!absent && oci_arg_truth(c, 1, false))
		absent = !oci_val_truth(c->self);
	*out = !absent ? c->self : c->args[0] ? c->args[0] : &oci_val_empty;
	return 0;
}

static int f_mandatory(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	if (c->self->kind == OCI_VAL_UNDEF && c->args[0])
		return oci_fail(err, OCI_BADINPUT, "%s", oci_text_of(c->t, c->args[0]).p);
	if (c->self->kind == OCI_VAL_UNDEF)
		return oci_fail(err, OCI_BADINPUT, "mandatory variable not defined: %s", c->self->text);
	*out = c->self;
	return 0;
}

static int f_ternary(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	bool holds;

	if (oci_truth(c->t, c->self, &holds, err) < 0)
		return -1;
	*out = c->args[holds ? 0 : 1];
	if (c->self->kind == OCI_VAL_NONE && c->args[2] && c->args[2]->kind != OCI_VAL_NONE)
		*out = c->args[2];
	return 0;
}

static int f_list(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	return oci_iterate(c->t, c->self, &vs, err) < 0 ? -1 : oci_give_list(c, &vs, out, err);
}

static int f_length(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	if (oci_iterate(c->t, c->self, &vs, err) < 0) {
		oci_err_clear(err);
		return oci_fail(err, OCI_BADINPUT, "object of type '%s' has no len()", oci_val_type(c->self));
	}
	*out = oci_val_int(&c->t->arena, (int64_t)vs.n);
	return 0;
}

static int one_end(const struct oci_call *c, bool last, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	*out = vs.n ? vs.v[last ? vs.n - 1 : 0]
		    : oci_val_undef(&c->t->arena, "No %s item, sequence was empty.", last ? "last" : "first");
	return 0;
}

static int f_first(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return one_end(c, false, out, err);
}

static int f_last(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return one_end(c, true, out, err);
}

static int f_reverse(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, back = { 0 };
	auto_buf struct oci_buf text = { 0 };

	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = vs.n; i-- > 0;) {
		oci_vals_add(&back, vs.v[i]);
		if (c->self->kind == OCI_VAL_STR)
			oci_val_print(vs.v[i], &text);
	}
	return c->self->kind == OCI_VAL_STR ? oci_give(c, &text, out, err) : oci_give_list(c, &back, out, err);
}

static int f_join(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	auto_buf struct oci_buf b = { 0 };
	struct oci_slice between = c->args[0] ? oci_text_of(c->t, c->args[0]) : oci_slice("");

	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++) {
		const struct oci_val *v = vs.v[i];

		if (c->args[1] && oci_seq_attribute(c->t, v, c->args[1], &v, err) < 0)
			return -1;
		if (oci_render_finish(c->t, v, &v, err) < 0 || oci_tmpl_room(c->t, b.len, err) < 0)
			return -1;
		if (i)
			oci_buf_add(&b, between.p, between.len);
		oci_val_print(v == &oci_val_empty && vs.v[i]->kind == OCI_VAL_NONE ? vs.v[i] : v, &b);
	}
	return oci_give(c, &b, out, err);
}

static int f_sort(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	struct oci_seq_order how = { c->t, c->args[2], oci_arg_truth(c, 1, false), oci_arg_truth(c, 0, false) };

	if (oci_iterate(c->t, c->self, &vs, err) < 0 || oci_seq_sort(&vs, &how, err) < 0)
		return -1;
	return oci_give_list(c, &vs, out, err);
}

static int extreme(const struct oci_call *c, bool max, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	struct oci_seq_order how = { c->t, c->args[1], oci_arg_truth(c, 0, false), max };

	if (oci_iterate(c->t, c->self, &vs, err) < 0 || oci_seq_sort(&vs, &how, err) < 0)
		return -1;
	*out = vs.n ? vs.v[0] : oci_val_undef(&c->t->arena, "No aggregated item, sequence was empty.");
	return 0;
}

static int f_min(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return extreme(c, false, out, err);
}

static int f_max(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return extreme(c, true, out, err);
}

static int f_sum(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	*out = c->args[1] ? c->args[1] : oci_val_int(&c->t->arena, 0);
	if (oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	for (size_t i = 0; i < vs.n; i++) {
		const struct oci_val *v = vs.v[i];

		if (c->args[0] && c->args[0]->kind != OCI_VAL_NONE &&
		    oci_seq_attribute(c->t, v, c->args[0], &v, err) < 0)
			return -1;
		if (v->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(c->t, v, err);
		if (oci_op_binary(c->t, OCI_SLICE("+"), *out, v, out, err) < 0)
			return -1;
	}
	return 0;
}

static int flatten(const struct oci_call *c, const struct oci_val *v, int64_t levels, bool nulls, struct oci_vals *vs,
		   struct oci_err **err)
{
	if (oci_tmpl_spend(c->t, v->len, err) < 0)
		return -1;
	for (size_t i = 0; i < v->len; i++) {
		const struct oci_val *item = v->items[i];
		bool null = item->kind == OCI_VAL_NONE || oci_val_is_str(item, "None") || oci_val_is_str(item, "null");

		if (null && !nulls)
			continue;
		if (oci_val_is_seq(item) && levels != 0) {
			if (flatten(c, item, levels - 1, nulls, vs, err) < 0)
				return -1;
		} else {
			oci_vals_add(vs, item);
		}
	}
	return 0;
}

static int f_flatten(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	int64_t levels;

	if (!oci_val_is_seq(c->self))
		return oci_fail(err, OCI_BADINPUT, "flatten() wants a list, not '%s'", oci_val_type(c->self));
	if (oci_arg_int(c, 0, -1, &levels, err) < 0 ||
	    flatten(c, c->self, levels, !oci_arg_truth(c, 1, true), &vs, err) < 0)
		return -1;
	return oci_give_list(c, &vs, out, err);
}

/* Rows as long as the shortest list; with a fill, as the longest. */
static int zip(const struct oci_call *c, struct oci_vals *columns, const struct oci_val *fill,
	       const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals rows = { 0 };
	size_t n = fill ? 0 : SIZE_MAX;

	for (size_t i = 0; i < columns->n; i++) {
		auto_vals struct oci_vals vs = { 0 };

		if (oci_iterate(c->t, columns->v[i], &vs, err) < 0)
			return -1;
		columns->v[i] = oci_val_list(&c->t->arena, &vs);
		n = (fill ? vs.n > n : vs.n < n) ? vs.n : n;
	}
	for (size_t k = 0; k < n; k++) {
		auto_vals struct oci_vals row = { 0 };

		for (size_t i = 0; i < columns->n; i++)
			oci_vals_add(&row, k < columns->v[i]->len ? columns->v[i]->items[k] : fill);
		oci_vals_add(&rows, oci_val_tuple(&c->t->arena, &row));
	}
	return oci_give_list(c, &rows, out, err);
}

static int f_zip(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals columns = { 0 };

	oci_vals_add(&columns, c->self);
	for (size_t i = 0; i < c->rest.n; i++)
		oci_vals_add(&columns, c->rest.v[i]);
	return zip(c, &columns, NULL, out, err);
}

static int f_zip_longest(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals columns = { 0 };
	const struct oci_val *fill = &oci_val_none;

	oci_vals_add(&columns, c->self);
	for (size_t i = 0; i < c->rest.n; i++) {
		if (c->rest.names && oci_slice_eq(c->rest.names[i], "fillvalue"))
			fill = c->rest.v[i];
		else
			oci_vals_add(&columns, c->rest.v[i]);
	}
	return zip(c, &columns, fill, out, err);
}

static int f_batch(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, rows = { 0 };
	int64_t n;

	if (oci_arg_int(c, 0, 1, &n, err) < 0 || oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	if (n < 1 || n > 100000)
		return oci_fail(err, OCI_BADINPUT, "batch() of %lld items", (long long)n);
	for (size_t i = 0; i < vs.n; i += (size_t)n) {
		auto_vals struct oci_vals row = { 0 };

		for (size_t k = i; k < i + (size_t)n && (k < vs.n || c->args[1]); k++)
			oci_vals_add(&row, k < vs.n ? vs.v[k] : c->args[1]);
		oci_vals_add(&rows, oci_val_list(&c->t->arena, &row));
	}
	return oci_give_list(c, &rows, out, err);
}

/* So many columns of nearly the same length, the longer ones first; fill_with makes them even. */
static int f_slice(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, rows = { 0 };
	int64_t n;

	if (oci_arg_int(c, 0, 1, &n, err) < 0 || oci_iterate(c->t, c->self, &vs, err) < 0)
		return -1;
	if (n < 1 || n > 100000)
		return oci_fail(err, OCI_BADINPUT, "slice() into %lld", (long long)n);
	size_t size = vs.n / (size_t)n, longer = vs.n % (size_t)n, at = 0;

	for (size_t i = 0; i < (size_t)n; i++) {
		auto_vals struct oci_vals row = { 0 };

		for (size_t k = 0; k < size + (i < longer); k++)
			oci_vals_add(&row, vs.v[at++]);
		if (c->args[1] && c->args[1]->kind != OCI_VAL_NONE && i >= longer)
			oci_vals_add(&row, c->args[1]);
		oci_vals_add(&rows, oci_val_list(&c->t->arena, &row));
	}
	return oci_give_list(c, &rows, out, err);
}

/* Every item of the first list with every one of the others. */
static int f_product(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals rows = { 0 };

	oci_vals_add(&rows, oci_val_tuple(&c->t->arena, &rows));
	for (size_t i = 0; i <= c->rest.n; i++) {
		auto_vals struct oci_vals items = { 0 }, longer = { 0 };

		if (oci_iterate(c->t, i ? c->rest.v[i - 1] : c->self, &items, err) < 0 ||
		    oci_tmpl_spend(c->t, (uint64_t)rows.n * items.n * (i + 1), err) < 0)
			return -1;
		for (size_t k = 0; k < rows.n * items.n; k++) {
			const struct oci_val *left = rows.v[k / items.n];
			auto_vals struct oci_vals row = { 0 };

			for (size_t m = 0; m < left->len; m++)
				oci_vals_add(&row, left->items[m]);
			oci_vals_add(&row, items.v[k % items.n]);
			oci_vals_add(&longer, oci_val_tuple(&c->t->arena, &row));
		}
		struct oci_vals shorter = rows;

		rows = longer;
		longer = shorter;
	}
	return oci_give_list(c, &rows, out, err);
}

static int f_extract(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	if (oci_get_item(c->t, c->args[0], c->self, out, err) < 0)
		return -1;
	const struct oci_val *more = c->args[1];

	if (!more || more->kind == OCI_VAL_NONE)
		return 0;
	if (!oci_val_is_seq(more))
		return oci_get_item(c->t, *out, more, out, err);
	for (size_t i = 0; i < more->len; i++)
		if (oci_get_item(c->t, *out, more->items[i], out, err) < 0)
			return -1;
	return 0;
}

/* Ansible's filter is Python's method. */
static int f_split(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	for (const struct oci_builtin *b = oci_methods_split; b->name; b++)
		if (oci_streq(b->name, "split"))
			return b->fn(c, out, err);
	return -1;
}

const struct oci_builtin oci_filters_list[] = {
	{ "split", f_split, "sep maxsplit", 0, false },
	{ "default", f_default, "default_value boolean", 0, true },
	{ "d", f_default, "default_value boolean", 0, true },
	{ "mandatory", f_mandatory, "msg", 0, true },
	{ "ternary", f_ternary, "true_val false_val none_val", 2, true },
	{ "list", f_list, "", 0, false },
	{ "length", f_length, "", 0, false },
	{ "count", f_length, "", 0, false },
	{ "first", f_first, "", 0, false },
	{ "last", f_last, "", 0, false },
	{ "reverse", f_reverse, "", 0, false },
	{ "join", f_join, "d attribute", 0, false },
	{ "sort", f_sort, "reverse case_sensitive attribute", 0, false },
	{ "min", f_min, "case_sensitive attribute", 0, false },
	{ "max", f_max, "case_sensitive attribute", 0, false },
	{ "sum", f_sum, "attribute start", 0, false },
	{ "flatten", f_flatten, "levels skip_nulls", 0, false },
	{ "zip", f_zip, "*", 0, false },
	{ "zip_longest", f_zip_longest, "*", 0, false },
	{ "batch", f_batch, "linecount fill_with", 1, false },
	{ "slice", f_slice, "slices fill_with", 1, false },
	{ "product", f_product, "*", 0, false },
	{ "extract", f_extract, "container morekeys", 1, false },
	{ 0 },
};
