#include "template/format_int.h"

#include "template/call_int.h"
#include "template/print.h"

#include <ctype.h>

struct percent {
	struct oci_tmpl *t;
	struct oci_slice rest;
	const struct oci_val *args;
	size_t next;
	struct oci_err **err;
};

static char take(struct oci_slice *s)
{
	if (!s->len)
		return '\0';
	s->len--;
	return *s->p++;
}

static int64_t take_number(struct oci_slice *s)
{
	int64_t n = 0;

	while (s->len && isdigit((unsigned char)*s->p) && n < OCI_SPEC_WIDTH_MAX * 10)
		n = n * 10 + (take(s) - '0');
	return n;
}

static int next_arg(struct percent *p, const struct oci_val **v)
{
	size_t n = p->args->kind == OCI_VAL_TUPLE ? p->args->len : 1;

	if (p->next >= n)
		return oci_fail(p->err, OCI_BADINPUT, "not enough arguments for format string");
	*v = p->args->kind == OCI_VAL_TUPLE ? p->args->items[p->next] : p->args;
	p->next++;
	return 0;
}

static int named_arg(struct percent *p, const struct oci_val **v)
{
	struct oci_slice name;

	if (!oci_slice_cut(p->rest, ')', &name, &p->rest) || p->args->kind != OCI_VAL_MAP)
		return oci_fail(p->err, OCI_BADINPUT, "format requires a mapping");
	if (oci_get_item(p->t, p->args, oci_val_str(&p->t->arena, name.p, name.len), v, p->err) < 0)
		return -1;
	return (*v)->kind == OCI_VAL_UNDEF ? oci_tmpl_use(p->t, *v, p->err) : 0;
}

static void take_flags(struct oci_slice *rest, struct oci_spec *s)
{
	for (; rest->len && strchr("-+ 0#", *rest->p); take(rest)) {
		s->align = *rest->p == '-' ? '<' : s->align;
		s->plus = s->plus || *rest->p == '+';
		s->space = s->space || *rest->p == ' ';
		s->alternate = s->alternate || *rest->p == '#';
		if (*rest->p == '0') {
			s->zero = true;
			s->fill = '0';
		}
	}
}

static int percent_one(struct percent *p, struct oci_buf *out)
{
	struct oci_spec s = { .fill = ' ', .precision = -1 };
	const struct oci_val *v = NULL;

	if (p->rest.len && *p->rest.p == '(') {
		take(&p->rest);
		if (named_arg(p, &v) < 0)
			return -1;
	}
	take_flags(&p->rest, &s);
	s.width = take_number(&p->rest);
	if (p->rest.len && *p->rest.p == '.') {
		take(&p->rest);
		s.precision = take_number(&p->rest);
	}
	s.type = take(&p->rest);
	if (s.type == '%') {
		oci_buf_addc(out, '%');
		return 0;
	}
	if (!s.type || !strchr("srdiufFeEgGxXoc", s.type))
		return oci_fail(p->err, OCI_BADINPUT, "unsupported format character '%c'", s.type ? s.type : ' ');
	if (!v && next_arg(p, &v) < 0)
		return -1;
	if (v->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(p->t, v, p->err);
	if (s.zero && (s.align == '<' || strchr("src", s.type))) {
		s.fill = ' ';
		s.zero = false;
	}
	s.align = !s.align && !s.zero ? '>' : s.align;
	s.type = strchr("diu", s.type) ? 'd' : s.type == 'c' ? 's' : s.type;
	return oci_spec_add(out, v, &s, p->err);
}

int oci_format_percent(struct oci_tmpl *t, const struct oci_val *format, const struct oci_val *args,
		       const struct oci_val **out, struct oci_err **err)
{
	struct percent p = { .t = t, .rest = { format->text, format->len }, .args = args, .err = err };
	auto_buf struct oci_buf b = { 0 };

	while (p.rest.len) {
		char c = take(&p.rest);

		if (c != '%')
			oci_buf_addc(&b, c);
		else if (percent_one(&p, &b) < 0)
			return -1;
		if (oci_tmpl_room(t, b.len, err) < 0)
			return -1;
	}
	if (args->kind != OCI_VAL_MAP && p.next < (args->kind == OCI_VAL_TUPLE ? args->len : 1))
		return oci_fail(err, OCI_BADINPUT, "not all arguments converted during string formatting");
	*out = oci_val_str(&t->arena, oci_buf_text(&b), b.len);
	return 0;
}

/* fill, align, sign, #, 0, width, comma, precision, type: https://docs.python.org/3/library/string.html#formatspec */
static int parse_spec(struct oci_slice text, struct oci_spec *s, struct oci_err **err)
{
	*s = (struct oci_spec){ .fill = ' ', .precision = -1 };
	if (text.len > 1 && strchr("<>=^", text.p[1])) {
		s->fill = take(&text);
		s->align = take(&text);
	} else if (text.len && strchr("<>=^", *text.p)) {
		s->align = take(&text);
	}
	if (text.len && strchr("+- ", *text.p)) {
		char sign = take(&text);

		s->plus = sign == '+';
		s->space = sign == ' ';
	}
	if (text.len && *text.p == '#')
		s->alternate = take(&text);
	if (text.len && *text.p == '0') {
		s->zero = take(&text) && !s->align;
		s->fill = s->zero ? '0' : s->fill;
	}
	s->width = take_number(&text);
	if (text.len && *text.p == ',')
		s->comma = take(&text);
	if (text.len && *text.p == '.') {
		take(&text);
		s->precision = take_number(&text);
	}
	s->type = take(&text);
	if (text.len || (s->type && !strchr("sdfFeEgGxXob%", s->type)))
		return oci_fail(err, OCI_UNSUPPORTED, "a format that is not supported");
	return 0;
}

struct braces {
	struct oci_tmpl *t;
	const struct oci_args *args;
	size_t next;
	bool automatic, manual; /* {} and {0} do not mix */
	struct oci_err **err;
};

static int field_base(struct braces *f, struct oci_slice name, const struct oci_val **v)
{
	uint64_t index = f->next;

	if (name.len && !oci_slice_u64(name, &index)) {
		for (size_t i = 0; i < f->args->n; i++)
			if (f->args->names && oci_slice_same(f->args->names[i], name))
				return *v = f->args->v[i], 0;
		return oci_fail(f->err, OCI_BADINPUT, "format() has no argument '%.*s'", (int)name.len, name.p);
	}
	f->next += name.len == 0;
	f->automatic = f->automatic || name.len == 0;
	f->manual = f->manual || name.len > 0;
	if (f->automatic && f->manual)
		return oci_fail(f->err, OCI_BADINPUT, "format() mixes {} and {0}");
	if (index >= f->args->n)
		return oci_fail(f->err, OCI_BADINPUT, "format() has too few arguments");
	*v = f->args->v[index];
	return 0;
}

/* name.attribute[item] */
static int field_value(struct braces *f, struct oci_slice field, const struct oci_val **v)
{
	size_t n = 0;

	while (n < field.len && field.p[n] != '.' && field.p[n] != '[')
		n++;
	if (field_base(f, (struct oci_slice){ field.p, n }, v) < 0)
		return -1;
	if (n < field.len)
		return oci_fail(f->err, OCI_UNSUPPORTED, "format(): fields of arguments are not supported");
	return (*v)->kind == OCI_VAL_UNDEF ? oci_tmpl_use(f->t, *v, f->err) : 0;
}

static int one_field(struct braces *f, struct oci_slice inside, struct oci_buf *out)
{
	struct oci_slice name, format, conversion;
	const struct oci_val *v = NULL;
	struct oci_spec s;

	oci_slice_cut(inside, ':', &name, &format);
	bool repr = oci_slice_cut(name, '!', &name, &conversion) && oci_slice_eq(conversion, "r");

	if (field_value(f, name, &v) < 0 || parse_spec(format, &s, f->err) < 0)
		return -1;
	if (format.len && !repr && v->kind != OCI_VAL_STR && !oci_val_is_num(v))
		return oci_fail(f->err, OCI_BADINPUT, "unsupported format string passed to %s", oci_val_type(v));
	if (repr && !s.type)
		s.type = 'r';
	if (!s.type && s.precision >= 0 && v->kind == OCI_VAL_FLOAT)
		s.type = 'g';
	if (!s.type && (v->kind == OCI_VAL_INT || (v->kind == OCI_VAL_BOOL && format.len)))
		s.type = 'd';
	return oci_spec_add(out, v, &s, f->err);
}

int oci_format_braces(struct oci_tmpl *t, const struct oci_val *format, const struct oci_args *args,
		      const struct oci_val **out, struct oci_err **err)
{
	struct braces f = { .t = t, .args = args, .err = err };
	struct oci_slice rest = { format->text, format->len };
	auto_buf struct oci_buf b = { 0 };

	while (rest.len) {
		char c = take(&rest);
		struct oci_slice inside;

		if ((c == '{' || c == '}') && rest.len && *rest.p == c) {
			oci_buf_addc(&b, take(&rest));
		} else if (c == '}') {
			return oci_fail(err, OCI_BADINPUT, "format(): a } without its {");
		} else if (c != '{') {
			oci_buf_addc(&b, c);
		} else if (!oci_slice_cut(rest, '}', &inside, &rest)) {
			return oci_fail(err, OCI_BADINPUT, "format(): a { without its }");
		} else if (one_field(&f, inside, &b) < 0) {
			return -1;
		}
		if (oci_tmpl_room(t, b.len, err) < 0)
			return -1;
	}
	*out = oci_val_str(&t->arena, oci_buf_text(&b), b.len);
	return 0;
}
