#include "template/call_int.h"
#include "template/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

static int f_int(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = c->self;
	struct oci_slice text = { v->text, v->len };
	int64_t base, i;
	double f;

	if (oci_arg_int(c, 1, 10, &base, err) < 0)
		return -1;
	*out = c->args[0] ? c->args[0] : oci_val_int(&c->t->arena, 0);
	if (v->kind == OCI_VAL_STR && oci_number_int(text, (int)base, &i))
		*out = oci_val_int(&c->t->arena, i);
	else if (v->kind == OCI_VAL_STR && oci_number_float(text, &f) && isfinite(f) && fabs(f) < 9e18)
		*out = oci_val_int(&c->t->arena, (int64_t)f);
	else if (oci_val_is_num(v) && isfinite(oci_val_as_float(v)))
		*out = oci_val_int(&c->t->arena, oci_val_as_int(v));
	return 0;
}

static int f_float(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *v = c->self;
	double f;

	(void)err;
	*out = c->args[0] ? c->args[0] : oci_val_float(&c->t->arena, 0);
	if (v->kind == OCI_VAL_STR && oci_number_float((struct oci_slice){ v->text, v->len }, &f))
		*out = oci_val_float(&c->t->arena, f);
	else if (oci_val_is_num(v))
		*out = oci_val_float(&c->t->arena, oci_val_as_float(v));
	return 0;
}

static int f_bool(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	static const char *const yes[] = { "yes", "on", "1", "true" };
	const struct oci_val *v = c->self;

	(void)err;
	if (v->kind == OCI_VAL_NONE) {
		*out = v;
		return 0;
	}
	*out = oci_val_bool(oci_val_is_num(v) && oci_val_as_float(v) == 1);
	for (size_t i = 0; i < OCI_COUNT(yes); i++)
		if (v->kind == OCI_VAL_STR && strcasecmp(v->text, yes[i]) == 0)
			*out = &oci_val_true;
	return 0;
}

static int want_number(const struct oci_call *c, struct oci_err **err)
{
	if (oci_val_is_num(c->self))
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s() wants a number, not '%s'", c->name, oci_val_type(c->self));
}

static int f_abs(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	if (want_number(c, err) < 0)
		return -1;
	if (c->self->kind == OCI_VAL_FLOAT)
		*out = oci_val_float(&c->t->arena, fabs(c->self->f));
	else if (oci_val_as_int(c->self) == INT64_MIN)
		return oci_fail(err, OCI_BADINPUT, "a number that does not fit 64 bits");
	else
		*out = oci_val_int(&c->t->arena, llabs(oci_val_as_int(c->self)));
	return 0;
}

/* Halves go to the even neighbour, as the exact value decides: printing does that for us. */
static double round_common(double f, int64_t digits)
{
	char text[400];
	double scale = pow(10, (double)-digits);

	if (digits < 0)
		return nearbyint(f / scale) * scale;
	snprintf(text, sizeof(text), "%.*f", (int)digits, f);
	return strtod(text, NULL);
}

static int f_round(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice method;
	int64_t digits;

	if (want_number(c, err) < 0 || oci_arg_int(c, 0, 0, &digits, err) < 0 ||
	    oci_arg_text(c, 1, "common", &method, err) < 0)
		return -1;
	if (digits > 30 || digits < -30)
		return oci_fail(err, OCI_BADINPUT, "round() to %lld digits", (long long)digits);
	double f = oci_val_as_float(c->self), scale = pow(10, (double)digits);

	if (c->self->kind != OCI_VAL_FLOAT && oci_slice_eq(method, "common")) {
		*out = digits >= 0 ? oci_val_int(&c->t->arena, oci_val_as_int(c->self))
				   : oci_val_int(&c->t->arena, (int64_t)round_common(f, digits));
		return 0;
	}
	if (oci_slice_eq(method, "common"))
		f = round_common(f, digits);
	else if (oci_slice_eq(method, "ceil"))
		f = ceil(f * scale) / scale;
	else if (oci_slice_eq(method, "floor"))
		f = floor(f * scale) / scale;
	else
		return oci_fail(err, OCI_BADINPUT, "method must be common, ceil or floor");
	*out = oci_val_float(&c->t->arena, f);
	return 0;
}

static int f_pow(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	if (want_number(c, err) < 0)
		return -1;
	*out = oci_val_float(&c->t->arena, pow(oci_val_as_float(c->self), oci_val_as_float(c->args[0])));
	return 0;
}

static int f_log(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	double base = c->args[0] ? oci_val_as_float(c->args[0]) : 0;

	if (want_number(c, err) < 0)
		return -1;
	if (oci_val_as_float(c->self) <= 0 || (c->args[0] && base <= 0))
		return oci_fail(err, OCI_BADINPUT, "log() wants numbers above 0");
	double f = base == 10  ? log10(oci_val_as_float(c->self))
		   : base != 0 ? log(oci_val_as_float(c->self)) / log(base)
			       : log(oci_val_as_float(c->self));

	*out = oci_val_float(&c->t->arena, f);
	return 0;
}

static int f_root(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	double base = c->args[0] ? oci_val_as_float(c->args[0]) : 2, f = oci_val_as_float(c->self);

	if (want_number(c, err) < 0)
		return -1;
	if (base == 0 || f < 0)
		return oci_fail(err, OCI_BADINPUT, "root() of %g to %g", f, base);
	*out = oci_val_float(&c->t->arena, base == 2 ? sqrt(f) : pow(f, 1 / base));
	return 0;
}

static int f_human_readable(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	static const char units[] = "YZEPTGMK";
	bool bits = oci_arg_truth(c, 0, false);
	auto_buf struct oci_buf b = { 0 };
	double size = oci_val_as_float(c->self), limit = 1208925819614629174706176.0; /* 2 to the 80th */
	const char *u = units;
	struct oci_slice unit;

	if (!oci_val_is_num(c->self))
		return oci_fail(err, OCI_BADINPUT, "human_readable() wants a number, not '%s'", oci_val_type(c->self));
	if (oci_arg_text(c, 1, "", &unit, err) < 0)
		return -1;
	while (*u && !(unit.len ? unit.len == 1 && toupper((unsigned char)*unit.p) == *u : size >= limit)) {
		limit /= 1024;
		u++;
	}
	if (*u)
		oci_buf_addf(&b, "%.2f %c%c", size / limit, *u, bits ? 'b' : 'B');
	else
		oci_buf_addf(&b, "%.2f %s", size, bits ? "bits" : "Bytes");
	return oci_give(c, &b, out, err);
}

const struct oci_builtin oci_filters_number[] = {
	{ "int", f_int, "default base", 0, false },
	{ "float", f_float, "default", 0, false },
	{ "bool", f_bool, "", 0, false },
	{ "abs", f_abs, "", 0, false },
	{ "pow", f_pow, "y", 1, false },
	{ "log", f_log, "base", 0, false },
	{ "root", f_root, "base", 0, false },
	{ "round", f_round, "precision method", 0, false },
	{ "human_readable", f_human_readable, "isbits unit", 0, false },
	{ 0 },
};
