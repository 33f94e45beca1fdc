#include "template/format_int.h"
#include "template/print.h"
#include "template/call_int.h"

#include <math.h>

static int no_operator(struct oci_slice op, const struct oci_val *a, const struct oci_val *b, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "unsupported operand type(s) for %.*s: '%s' and '%s'", (int)op.len, op.p,
			oci_val_type(a), oci_val_type(b));
}

static int too_large(struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "a number that does not fit 64 bits");
}

/* Division and remainder round down, as in Python. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int power(int64_t a, int64_t b, int64_t *out, struct oci_err **err)
{
	int64_t r = 1;

	while (b > 0) {
		if (b & 1 && __builtin_mul_overflow(r, a, &r))
			return too_large(err);
		b >>= 1;
		if (b && __builtin_mul_overflow(a, a, &a))
			return too_large(err);
	}
	*out = r;
	return 0;
}

static int int_op(struct oci_tmpl *t, char op, bool twice, int64_t a, int64_t b, const struct oci_val **out,
		  struct oci_err **err)
{
	int64_t r = 0;
	bool over = false;

	if (op == '+')
		over = __builtin_add_overflow(a, b, &r);
	else if (op == '-')
		over = __builtin_sub_overflow(a, b, &r);
	else if (op == '*' && !twice)
		over = __builtin_mul_overflow(a, b, &r);
	else if (op == '*')
		return power(a, b, &r, err) < 0 ? -1 : (*out = oci_val_int(&t->arena, r), 0);
	else if (b == -1)
		over = __builtin_sub_overflow((int64_t)0, op == '%' ? 0 : a, &r);
	else
		r = op == '%' ? a - floor_div(a, b) * b : floor_div(a, b);
	if (over)
		return too_large(err);
	*out = oci_val_int(&t->arena, r);
	return 0;
}

static double float_rest(double a, double b)
{
	double rest = fmod(a, b);

	if (rest == 0)
		return copysign(0, b);
	return (b < 0) != (rest < 0) ? rest + b : rest;
}

/* As Python has it: what fmod leaves decides, not the rounded quotient. */
static double float_floor_div(double a, double b)
{
	double rest = float_rest(a, b), quotient = (a - rest) / b, down = floor(quotient);

	if (quotient == 0)
		return copysign(0, a / b);
	return quotient - down > 0.5 ? down + 1 : down;
}

static double float_op(char op, bool twice, double a, double b)
{
	switch (op) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return twice ? pow(a, b) : a * b;
	case '%':
		return float_rest(a, b);
	default:
		return twice ? float_floor_div(a, b) : a / b;
	}
}

static int arithmetic(struct oci_tmpl *t, struct oci_slice op, const struct oci_val *a, const struct oci_val *b,
		      const struct oci_val **out, struct oci_err **err)
{
	bool twice = op.len == 2, divides = *op.p == '/' || *op.p == '%';

	if (divides && oci_val_as_float(b) == 0)
		return oci_fail(err, OCI_BADINPUT, "division by zero");
	bool whole = a->kind != OCI_VAL_FLOAT && b->kind != OCI_VAL_FLOAT && !(*op.p == '/' && !twice) &&
		     !(*op.p == '*' && twice && oci_val_as_int(b) < 0);

	if (whole)
		return int_op(t, *op.p, twice, oci_val_as_int(a), oci_val_as_int(b), out, err);
	if (*op.p == '*' && twice && oci_val_as_float(a) == 0 && oci_val_as_float(b) < 0)
		return oci_fail(err, OCI_BADINPUT, "0.0 cannot be raised to a negative power");
	double r = float_op(*op.p, twice, oci_val_as_float(a), oci_val_as_float(b));

	if (isnan(r) && !isnan(oci_val_as_float(a)) && !isnan(oci_val_as_float(b)))
		return oci_fail(err, OCI_BADINPUT, "the result of %.*s is no number", (int)op.len, op.p);
	*out = oci_val_float(&t->arena, r);
	return 0;
}

static int join(struct oci_tmpl *t, const struct oci_val *a, const struct oci_val *b, const struct oci_val **out,
		struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	auto_vals struct oci_vals vs = { 0 };

	if (oci_tmpl_room(t, a->len + b->len, err) < 0)
		return -1;
	if (a->kind == OCI_VAL_STR) {
		oci_buf_add(&text, a->text, a->len);
		oci_buf_add(&text, b->text, b->len);
		*out = oci_val_str(&t->arena, oci_buf_text(&text), text.len);
		return 0;
	}
	for (size_t i = 0; i < a->len; i++)
		oci_vals_add(&vs, a->items[i]);
	for (size_t i = 0; i < b->len; i++)
		oci_vals_add(&vs, b->items[i]);
	*out = a->kind == OCI_VAL_LIST ? oci_val_list(&t->arena, &vs) : oci_val_tuple(&t->arena, &vs);
	oci_val_made(t, *out);
	return 0;
}

static int repeat(struct oci_tmpl *t, const struct oci_val *v, int64_t times, const struct oci_val **out,
		  struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	auto_vals struct oci_vals vs = { 0 };
	uint64_t n = times > 0 ? (uint64_t)times : 0;

	if (v->len && n > OCI_TMPL_TEXT / v->len)
		return oci_tmpl_room(t, UINT64_MAX, err);
	if (oci_tmpl_room(t, n * v->len * (v->kind == OCI_VAL_STR ? 1 : sizeof(v)), err) < 0)
		return -1;
	for (uint64_t k = 0; v->len && k < n; k++) {
		if (v->kind == OCI_VAL_STR)
			oci_buf_add(&text, v->text, v->len);
		for (size_t i = 0; v->kind != OCI_VAL_STR && i < v->len; i++)
			oci_vals_add(&vs, v->items[i]);
	}
	*out = v->kind == OCI_VAL_STR	 ? oci_val_str(&t->arena, oci_buf_text(&text), text.len)
	       : v->kind == OCI_VAL_LIST ? oci_val_list(&t->arena, &vs)
					 : oci_val_tuple(&t->arena, &vs);
	return 0;
}

static bool is_run(const struct oci_val *v)
{
	return v->kind == OCI_VAL_STR || oci_val_is_seq(v);
}

static bool is_whole(const struct oci_val *v)
{
	return v->kind == OCI_VAL_INT || v->kind == OCI_VAL_BOOL;
}

int oci_op_binary(struct oci_tmpl *t, struct oci_slice op, const struct oci_val *a, const struct oci_val *b,
		  const struct oci_val **out, struct oci_err **err)
{
	if (oci_val_is_num(a) && oci_val_is_num(b))
		return arithmetic(t, op, a, b, out, err);
	if (oci_slice_eq(op, "+") && is_run(a) && a->kind == b->kind)
		return join(t, a, b, out, err);
	if (oci_slice_eq(op, "*") && is_run(a) && is_whole(b))
		return repeat(t, a, oci_val_as_int(b), out, err);
	if (oci_slice_eq(op, "*") && is_run(b) && is_whole(a))
		return repeat(t, b, oci_val_as_int(a), out, err);
	if (oci_slice_eq(op, "%") && a->kind == OCI_VAL_STR)
		return oci_format_percent(t, a, b, out, err);
	return no_operator(op, a, b, err);
}

static bool find_text(const struct oci_val *in, const struct oci_val *what)
{
	return what->len == 0 || memmem(in->text, in->len, what->text, what->len);
}

int oci_op_contains(struct oci_tmpl *t, const struct oci_val *in, const struct oci_val *what, bool *out,
		    struct oci_err **err)
{
	if (oci_tmpl_spend(t, 1 + in->len / 16, err) < 0)
		return -1;
	*out = false;
	switch (in->kind) {
	case OCI_VAL_STR:
		if (what->kind != OCI_VAL_STR)
			return oci_fail(err, OCI_BADINPUT, "'in <string>' requires string as left operand, not %s",
					oci_val_type(what));
		*out = find_text(in, what);
		return 0;
	case OCI_VAL_LIST:
	case OCI_VAL_TUPLE:
		for (size_t i = 0; i < in->len && !*out; i++) {
			if (in->items[i]->kind == OCI_VAL_UNDEF)
				return oci_tmpl_use(t, in->items[i], err);
			*out = oci_val_equal(in->items[i], what);
		}
		return 0;
	case OCI_VAL_MAP:
		if (what->kind == OCI_VAL_LIST || what->kind == OCI_VAL_MAP)
			return oci_fail(err, OCI_BADINPUT, "unhashable type: '%s'", oci_val_type(what));
		*out = oci_val_get(in, what) != NULL;
		return 0;
	case OCI_VAL_VARS:
		*out = what->kind == OCI_VAL_STR && oci_tmpl_has(t, what->text);
		return 0;
	case OCI_VAL_UNDEF:
		return 0;
	default:
		return oci_fail(err, OCI_BADINPUT, "argument of type '%s' is not iterable", oci_val_type(in));
	}
}

int oci_op_compare(struct oci_tmpl *t, struct oci_slice op, const struct oci_val *a, const struct oci_val *b, bool *out,
		   struct oci_err **err)
{
	int order;

	if (oci_slice_eq(op, "==") || oci_slice_eq(op, "!=")) {
		*out = oci_val_equal(a, b) == (*op.p == '=');
		return 0;
	}
	if (oci_slice_eq(op, "in") || oci_slice_eq(op, "not in")) {
		if (oci_op_contains(t, b, a, out, err) < 0)
			return -1;
		*out = *out == (*op.p == 'i');
		return 0;
	}
	struct oci_err *e = NULL;

	if (oci_val_compare(a, b, &order, &e) < 0) {
		oci_err_free(e);
		return oci_fail(err, OCI_BADINPUT, "'%.*s' not supported between instances of '%s' and '%s'",
				(int)op.len, op.p, oci_val_type(a), oci_val_type(b));
	}
	bool nan = (a->kind == OCI_VAL_FLOAT && isnan(a->f)) || (b->kind == OCI_VAL_FLOAT && isnan(b->f));

	*out = !nan && ((order < 0 && *op.p == '<') || (order > 0 && *op.p == '>') || (order == 0 && op.len == 2));
	return 0;
}
