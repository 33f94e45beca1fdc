#include "template/call_int.h"
#include "template/print.h"

#include <stdlib.h>

int oci_truth(struct oci_tmpl *t, const struct oci_val *v, bool *out, struct oci_err **err)
{
	if (v->kind == OCI_VAL_UNDEF && !v->lenient)
		return oci_tmpl_use(t, v, err);
	*out = oci_val_truth(v);
	return 0;
}

int oci_eval_truth(struct oci_tmpl *t, const struct oci_node *n, bool *out, struct oci_err **err)
{
	const struct oci_val *v = NULL;

	return oci_eval(t, n, &v, err) < 0 || oci_truth(t, v, out, err) < 0 ? oci_tmpl_place(t, n->at, err) : 0;
}

static int eval_kids(struct oci_tmpl *t, const struct oci_node *n, struct oci_vals *vs, struct oci_err **err)
{
	for (size_t i = 0; i < n->n; i++) {
		const struct oci_val *v = NULL;

		if (oci_eval(t, n->kids[i], &v, err) < 0)
			return -1;
		oci_vals_add(vs, v);
	}
	return 0;
}

static int eval_list(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };

	if (eval_kids(t, n, &vs, err) < 0)
		return -1;
	*out = n->kind == OCI_NODE_LIST ? oci_val_list(&t->arena, &vs) : oci_val_tuple(&t->arena, &vs);
	oci_val_made(t, *out);
	if ((*out)->nest > OCI_TMPL_DEPTH)
		return oci_fail(err, OCI_BADINPUT, "lists nested too deep");
	return 0;
}

static int eval_map(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals flat = { 0 }, pairs = { 0 };

	if (eval_kids(t, n, &flat, err) < 0)
		return -1;
	for (size_t i = 0; i < flat.n; i += 2) {
		if (flat.v[i]->kind == OCI_VAL_LIST || flat.v[i]->kind == OCI_VAL_MAP)
			return oci_fail(err, OCI_BADINPUT, "a '%s' cannot be a key", oci_val_type(flat.v[i]));
		oci_vals_set(&pairs, flat.v[i], flat.v[i + 1]);
	}
	*out = oci_val_map(&t->arena, &pairs);
	oci_val_made(t, *out);
	if ((*out)->nest > OCI_TMPL_DEPTH)
		return oci_fail(err, OCI_BADINPUT, "maps nested too deep");
	return 0;
}

static int eval_cond(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	bool holds = false;

	if (oci_eval_truth(t, n->kids[1], &holds, err) < 0)
		return -1;
	if (holds || n->kids[2])
		return oci_eval(t, n->kids[holds ? 0 : 2], out, err);
	struct oci_val *none = (struct oci_val *)oci_val_undef(&t->arena, "the inline if is false and has no else");

	none->lenient = true;
	*out = none;
	return 0;
}

/* As Python's: the operand that decided, not a truth value. */
static int eval_logic(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	bool left = false;

	if (oci_eval(t, n->kids[0], out, err) < 0)
		return -1;
	if (oci_truth(t, *out, &left, err) < 0)
		return oci_tmpl_place(t, n->kids[0]->at, err);
	return left == (n->kind == OCI_NODE_OR) ? 0 : oci_eval(t, n->kids[1], out, err);
}

static int eval_not(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	bool holds = false;

	if (oci_eval_truth(t, n->kids[0], &holds, err) < 0)
		return -1;
	*out = oci_val_bool(!holds);
	return 0;
}

static int eval_sign(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = NULL;

	if (oci_eval(t, n->kids[0], &v, err) < 0)
		return -1;
	if (v->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(t, v, err);
	if (!oci_val_is_num(v))
		return oci_fail(err, OCI_BADINPUT, "bad operand type for unary %.*s: '%s'", (int)n->name.len, n->name.p,
				oci_val_type(v));
	bool minus = oci_slice_eq(n->name, "-");

	if (v->kind == OCI_VAL_FLOAT)
		*out = oci_val_float(&t->arena, minus ? -v->f : v->f);
	else if (minus && oci_val_as_int(v) == INT64_MIN)
		return oci_fail(err, OCI_BADINPUT, "a number that does not fit 64 bits");
	else
		*out = oci_val_int(&t->arena, minus ? -oci_val_as_int(v) : oci_val_as_int(v));
	return 0;
}

static int eval_binary(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *a = NULL, *b = NULL;

	if (oci_eval(t, n->kids[0], &a, err) < 0 || oci_eval(t, n->kids[1], &b, err) < 0)
		return -1;
	if (a->kind == OCI_VAL_UNDEF || b->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(t, a->kind == OCI_VAL_UNDEF ? a : b, err);
	return oci_op_binary(t, n->name, a, b, out, err);
}

static int eval_concat(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };

	for (size_t i = 0; i < n->n; i++) {
		const struct oci_val *v = NULL;

		if (oci_eval(t, n->kids[i], &v, err) < 0)
			return -1;
		if (v->kind == OCI_VAL_UNDEF && !v->lenient)
			return oci_tmpl_use(t, v, err);
		oci_val_print(v, &b);
		if (oci_tmpl_room(t, b.len, err) < 0)
			return -1;
	}
	*out = oci_val_str(&t->arena, oci_buf_text(&b), b.len);
	return 0;
}

static int eval_compare(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *left = NULL, *right = NULL;
	bool holds = true;

	if (oci_eval(t, n->kids[0], &left, err) < 0)
		return -1;
	for (size_t i = 1; i < n->n && holds; i++) {
		if (oci_eval(t, n->kids[i], &right, err) < 0)
			return -1;
		const struct oci_val *undef = left->kind == OCI_VAL_UNDEF && !left->lenient ? left : right;

		bool nothing_in = *n->names[i - 1].p != '=' && oci_val_is_seq(right) && right->len == 0;

		if (undef->kind == OCI_VAL_UNDEF && !undef->lenient && !nothing_in)
			return oci_tmpl_use(t, undef, err);
		if (oci_op_compare(t, n->names[i - 1], left, right, &holds, err) < 0)
			return -1;
		left = right;
	}
	*out = oci_val_bool(holds);
	return 0;
}

static int eval_attr(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = NULL;

	return oci_eval(t, n->kids[0], &v, err) < 0 ? -1 : oci_get_attr(t, v, n->name, out, err);
}

static int eval_slice(struct oci_tmpl *t, const struct oci_val *on, const struct oci_node *n,
		      const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *parts[3] = { &oci_val_none, &oci_val_none, &oci_val_none };

	for (size_t i = 0; i < 3; i++)
		if (n->kids[i] && oci_eval(t, n->kids[i], &parts[i], err) < 0)
			return -1;
	return oci_get_slice(t, on, parts, out, err);
}

static int eval_item(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = NULL, *key = NULL;

	if (oci_eval(t, n->kids[0], &v, err) < 0)
		return -1;
	if (n->kids[1]->kind == OCI_NODE_SLICE)
		return eval_slice(t, v, n->kids[1], out, err);
	if (oci_eval(t, n->kids[1], &key, err) < 0)
		return -1;
	return oci_get_item(t, v, key, out, err);
}

/* Arguments of a call, *list and **map spread out. */
struct arguments {
	struct oci_vals v;
	OCI_VEC(struct oci_slice) names;
};

static void arguments_clear(struct arguments *a)
{
	oci_vals_clear(&a->v);
	free(a->names.v);
}

static void add_argument(struct arguments *a, const struct oci_val *v, struct oci_slice name)
{
	oci_vals_add(&a->v, v);
	*oci_vec_push(&a->names) = name;
}

static int spread(struct oci_tmpl *t, struct arguments *a, const struct oci_val *v, bool named, struct oci_err **err)
{
	auto_vals struct oci_vals items = { 0 };

	if (!named) {
		if (oci_iterate(t, v, &items, err) < 0)
			return -1;
		for (size_t i = 0; i < items.n; i++)
			add_argument(a, items.v[i], (struct oci_slice){ "", 0 });
		return 0;
	}
	if (v->kind != OCI_VAL_MAP)
		return oci_fail(err, OCI_BADINPUT, "the argument after ** must be a dictionary");
	for (size_t i = 0; i < v->len; i++)
		add_argument(a, v->items[2 * i + 1], oci_text_of(t, v->items[2 * i]));
	return 0;
}

static int eval_arguments(struct oci_tmpl *t, const struct oci_node *n, struct arguments *a, struct oci_err **err)
{
	for (size_t i = 1; i < n->n; i++) {
		struct oci_slice name = n->names[i];
		const struct oci_val *v = NULL;

		if (oci_eval(t, n->kids[i], &v, err) < 0)
			return -1;
		if (name.len && *name.p == '*') {
			if (spread(t, a, v, name.len == 2, err) < 0)
				return -1;
		} else {
			add_argument(a, v, name);
		}
	}
	return 0;
}

static int call_node(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val *on,
		     const struct oci_args *args, const struct oci_val **out, struct oci_err **err)
{
	bool holds = false;

	if (n->kind == OCI_NODE_FILTER)
		return oci_call_filter(t, n->name, on, args, out, err);
	if (n->kind == OCI_NODE_CALL)
		return oci_call_func(t, on, args, out, err);
	if (oci_call_test(t, n->name, on, args, &holds, err) < 0)
		return -1;
	*out = oci_val_bool(holds);
	return 0;
}

static int eval_call(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	OCI_AUTO(arguments_clear) struct arguments a = { 0 };
	const struct oci_val *on = n->value; /* the text of a {% filter %} block */

	if (n->kids[0] && oci_eval(t, n->kids[0], &on, err) < 0)
		return -1;
	if (eval_arguments(t, n, &a, err) < 0)
		return -1;
	struct oci_args args = { a.v.v, a.names.v, a.v.n };

	return call_node(t, n, on, &args, out, err);
}

static int eval_node(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	switch (n->kind) {
	case OCI_NODE_CONST:
		*out = n->value;
		return 0;
	case OCI_NODE_NAME:
		return oci_tmpl_name(t, n->name, out, err);
	case OCI_NODE_LIST:
	case OCI_NODE_TUPLE:
		return eval_list(t, n, out, err);
	case OCI_NODE_MAP:
		return eval_map(t, n, out, err);
	case OCI_NODE_COND:
		return eval_cond(t, n, out, err);
	case OCI_NODE_AND:
	case OCI_NODE_OR:
		return eval_logic(t, n, out, err);
	case OCI_NODE_NOT:
		return eval_not(t, n, out, err);
	case OCI_NODE_SIGN:
		return eval_sign(t, n, out, err);
	case OCI_NODE_BINARY:
		return eval_binary(t, n, out, err);
	case OCI_NODE_CONCAT:
		return eval_concat(t, n, out, err);
	case OCI_NODE_COMPARE:
		return eval_compare(t, n, out, err);
	case OCI_NODE_ATTR:
		return eval_attr(t, n, out, err);
	case OCI_NODE_ITEM:
		return eval_item(t, n, out, err);
	case OCI_NODE_CALL:
	case OCI_NODE_FILTER:
	case OCI_NODE_TEST:
		return eval_call(t, n, out, err);
	default:
		return oci_fail(err, OCI_BADINPUT, "a slice outside [ ]");
	}
}

int oci_eval(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err)
{
	int rc = oci_tmpl_step(t, err) < 0 || oci_tmpl_down(t, err) < 0 ? -1 : 0;

	if (rc == 0) {
		rc = eval_node(t, n, out, err);
		t->depth--;
	}
	return rc < 0 ? oci_tmpl_place(t, n->at, err) : 0;
}
