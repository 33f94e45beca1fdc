#include "template/call_int.h"

#include <math.h>

#define TEST(name, expression)                                                                                         \
	static int name(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)                    \
	{                                                                                                              \
		const struct oci_val *v = c->self;                                                                     \
                                                                                                                       \
		(void)err;                                                                                             \
		*out = oci_val_bool(expression);                                                                       \
		return 0;                                                                                              \
	}

TEST(t_defined, v->kind != OCI_VAL_UNDEF)
TEST(t_undefined, v->kind == OCI_VAL_UNDEF)
TEST(t_none, v->kind == OCI_VAL_NONE)
TEST(t_string, v->kind == OCI_VAL_STR)
TEST(t_number, oci_val_is_num(v))
TEST(t_integer, v->kind == OCI_VAL_INT)
TEST(t_float, v->kind == OCI_VAL_FLOAT)
TEST(t_boolean, v->kind == OCI_VAL_BOOL)
TEST(t_true, v->kind == OCI_VAL_BOOL && v->b)
TEST(t_false, v->kind == OCI_VAL_BOOL && !v->b)
TEST(t_mapping, v->kind == OCI_VAL_MAP)
TEST(t_iterable, v->kind == OCI_VAL_STR || oci_val_is_seq(v) || v->kind == OCI_VAL_MAP)
TEST(t_callable, v->kind == OCI_VAL_FUNC || v->kind == OCI_VAL_UNDEF)
TEST(t_filter, v->kind == OCI_VAL_STR && oci_filter_find((struct oci_slice){ v->text, v->len }))
TEST(t_test, v->kind == OCI_VAL_STR && oci_test_find((struct oci_slice){ v->text, v->len }))

static int divides(const struct oci_call *c, int64_t by, double rest, const struct oci_val **out, struct oci_err **err)
{
	if (!oci_val_is_num(c->self) || by == 0)
		return oci_fail(err, OCI_BADINPUT, "'%s' wants a number, and not 0 to divide by", c->name);
	if (c->self->kind == OCI_VAL_FLOAT)
		*out = oci_val_bool(c->self->f - floor(c->self->f / (double)by) * (double)by == rest);
	else
		*out = oci_val_bool(by == -1 || (oci_val_as_int(c->self) % by != 0) == (rest != 0));
	return 0;
}

static int t_even(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return divides(c, 2, 0, out, err);
}

static int t_odd(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return divides(c, 2, 1, out, err);
}

static int t_divisibleby(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	int64_t by;

	return oci_arg_int(c, 0, 0, &by, err) < 0 ? -1 : divides(c, by, 0, out, err);
}

static int t_sameas(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *a = c->self, *b = c->args[0];

	(void)err;
	*out = oci_val_bool(a == b || (a->kind == b->kind && (a->kind == OCI_VAL_NONE || a->kind == OCI_VAL_BOOL) &&
				       oci_val_equal(a, b)));
	return 0;
}

static int t_nan(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	*out = oci_val_bool(c->self->kind == OCI_VAL_FLOAT && isnan(c->self->f));
	return 0;
}

const struct oci_builtin oci_tests_kind[] = {
	{ "defined", t_defined, "", 0, true },
	{ "undefined", t_undefined, "", 0, true },
	{ "none", t_none, "", 0, true },
	{ "string", t_string, "", 0, true },
	{ "number", t_number, "", 0, true },
	{ "integer", t_integer, "", 0, true },
	{ "float", t_float, "", 0, true },
	{ "boolean", t_boolean, "", 0, true },
	{ "true", t_true, "", 0, true },
	{ "false", t_false, "", 0, true },
	{ "mapping", t_mapping, "", 0, true },
	{ "iterable", t_iterable, "", 0, false },
	{ "sequence", t_iterable, "", 0, true },
	{ "callable", t_callable, "", 0, true },
	{ "filter", t_filter, "", 0, false },
	{ "test", t_test, "", 0, false },
	{ "even", t_even, "", 0, false },
	{ "odd", t_odd, "", 0, false },
	{ "divisibleby", t_divisibleby, "num", 1, false },
	{ "sameas", t_sameas, "other", 1, true },
	{ "nan", t_nan, "", 0, false },
	{ 0 },
};
