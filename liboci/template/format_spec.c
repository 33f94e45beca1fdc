/* One value, as "%-5.2f" or "{:>10}" want it. */
#include "template/format_int.h"

#include "template/print.h"
#include "base/utf8.h"

#include <ctype.h>

static void pad(struct oci_buf *out, const struct oci_spec *s, struct oci_slice text, char align)
{
	size_t len = oci_utf8_len(text.p, text.len), width = (size_t)s->width;
	size_t missing = len < width ? width - len : 0;
	size_t before = align == '>' ? missing : align == '^' ? missing / 2 : 0;
	size_t sign = align == '=' && text.len && strchr("+- ", *text.p) ? 1 : 0;

	for (size_t i = 0; i < before; i++)
		oci_buf_addc(out, s->fill);
	if (align == '=') {
		oci_buf_add(out, text.p, sign);
		for (size_t i = 0; i < missing; i++)
			oci_buf_addc(out, s->fill);
		missing = before = 0;
	}
	oci_buf_add(out, text.p + sign, text.len - sign);
	for (size_t i = before; i < missing; i++)
		oci_buf_addc(out, s->fill);
}

static void add_sign(struct oci_buf *b, const struct oci_spec *s, bool minus)
{
	if (minus)
		oci_buf_addc(b, '-');
	else if (s->plus || s->space)
		oci_buf_addc(b, s->plus ? '+' : ' ');
}

static void add_digits(struct oci_buf *b, uint64_t n, const struct oci_spec *s)
{
	unsigned base = s->type == 'x' || s->type == 'X' ? 16 : s->type == 'o' ? 8 : s->type == 'b' ? 2 : 10;
	char digits[96], *p = digits + sizeof(digits);
	int count = 0;

	do {
		if (s->comma && count && count % 3 == 0)
			*--p = ',';
		*--p = "0123456789abcdef"[n % base];
		if (s->type == 'X')
			*p = (char)toupper((unsigned char)*p);
		count++;
	} while (n /= base);
	if (s->alternate && base != 10)
		oci_buf_addf(b, "0%c", s->type);
	for (; count < s->precision; count++)
		oci_buf_addc(b, '0');
	oci_buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

static int number_text(struct oci_buf *b, const struct oci_val *v, const struct oci_spec *s, struct oci_err **err)
{
	bool real = s->type && strchr("eEfFgG%", s->type);

	if (!oci_val_is_num(v))
		return oci_fail(err, OCI_BADINPUT, "format '%c' wants a number, not '%s'", s->type, oci_val_type(v));
	if (!real) {
		int64_t i = oci_val_as_int(v);

		add_sign(b, s, i < 0);
		add_digits(b, i < 0 ? -(uint64_t)i : (uint64_t)i, s);
		return 0;
	}
	double f = oci_val_as_float(v) * (s->type == '%' ? 100 : 1);
	char format[] = { '%', '.', '*', s->type == '%' ? 'f' : s->type, '\0' };

	add_sign(b, s, f < 0);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	oci_buf_addf(b, format, s->precision < 0 ? 6 : (int)s->precision, f < 0 ? -f : f);
#pragma GCC diagnostic pop
	if (s->type == '%')
		oci_buf_addc(b, '%');
	return 0;
}

static int check_spec(const struct oci_spec *s, struct oci_err **err)
{
	if (s->width > OCI_SPEC_WIDTH_MAX || s->precision > 200)
		return oci_fail(err, OCI_BADINPUT, "a format wider than %d", OCI_SPEC_WIDTH_MAX);
	return 0;
}

int oci_spec_add(struct oci_buf *out, const struct oci_val *v, const struct oci_spec *s, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };
	bool text = !s->type || s->type == 's' || s->type == 'r';

	if (check_spec(s, err) < 0)
		return -1;
	if (!text) {
		if (number_text(&b, v, s, err) < 0)
			return -1;
	} else if (s->type == 'r') {
		oci_val_repr(v, &b);
	} else {
		oci_val_print(v, &b);
	}
	if (text && s->precision >= 0)
		b.len = oci_utf8_at(oci_buf_text(&b), b.len, (size_t)s->precision);
	char align = s->align ? s->align : s->zero ? '=' : text && !oci_val_is_num(v) ? '<' : '>';

	pad(out, s, (struct oci_slice){ oci_buf_text(&b), b.len }, align);
	return 0;
}
