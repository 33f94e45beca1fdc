#include "template/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

/* Copy the number without its underscores; false when one stands elsewhere than between digits. */
static bool strip_underscores(struct oci_slice s, struct oci_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != '_') {
			oci_buf_addc(out, s.p[i]);
			continue;
		}
		if (i == 0 || i + 1 == s.len || !isxdigit((unsigned char)s.p[i - 1]) ||
		    !isxdigit((unsigned char)s.p[i + 1]))
			return false;
	}
	return out->len > 0;
}

static int base_of_prefix(const char **p, int base)
{
	static const struct {
		char letter;
		int base;
	} prefixes[] = { { 'x', 16 }, { 'o', 8 }, { 'b', 2 } };

	for (size_t i = 0; i < OCI_COUNT(prefixes); i++) {
		bool wanted = base == 0 || base == prefixes[i].base;

		if (wanted && (*p)[0] == '0' && tolower((unsigned char)(*p)[1]) == prefixes[i].letter) {
			*p += 2;
			return prefixes[i].base;
		}
	}
	return base ? base : 10;
}

static bool digit_value(char c, int base, int *value)
{
	if (isdigit((unsigned char)c))
		*value = c - '0';
	else if (isalpha((unsigned char)c))
		*value = tolower((unsigned char)c) - 'a' + 10;
	else
		return false;
	return *value < base;
}

bool oci_number_int(struct oci_slice text, int base, int64_t *out)
{
	auto_buf struct oci_buf b = { 0 };
	int64_t n = 0;

	if (!strip_underscores(oci_slice_trim(text), &b))
		return false;
	const char *p = b.data;
	bool minus = *p == '-';

	if (*p == '-' || *p == '+')
		p++;
	base = base_of_prefix(&p, base);
	if (!*p || strlen(b.data) != b.len)
		return false;
	for (; *p; p++) {
		int value;

		if (!digit_value(*p, base, &value) || __builtin_mul_overflow(n, base, &n) ||
		    __builtin_sub_overflow(n, value, &n))
			return false;
	}
	/* Counted downwards, so that the smallest number fits too. */
	return minus ? (*out = n, true) : !__builtin_sub_overflow((int64_t)0, n, out);
}

bool oci_number_float(struct oci_slice text, double *out)
{
	auto_buf struct oci_buf b = { 0 };
	char *end;

	if (!strip_underscores(oci_slice_trim(text), &b))
		return false;
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] == 'x' || b.data[i] == 'X' || b.data[i] == '(' || isspace((unsigned char)b.data[i]))
			return false;
	*out = strtod(b.data, &end);
	return end == b.data + b.len;
}

static void print_digits(const char *digits, int n, int point, struct oci_buf *out)
{
	if (point > 16 || point < -3) {
		oci_buf_addc(out, digits[0]);
		if (n > 1)
			oci_buf_addf(out, ".%.*s", n - 1, digits + 1);
		oci_buf_addf(out, "e%c%02d", point > 0 ? '+' : '-', abs(point - 1));
		return;
	}
	if (point <= 0)
		oci_buf_adds(out, "0.");
	for (int i = point; i < 0; i++)
		oci_buf_addc(out, '0');
	for (int i = 0; i < n; i++) {
		if (i == point && point > 0)
			oci_buf_addc(out, '.');
		oci_buf_addc(out, digits[i]);
	}
	for (int i = n; i < point; i++)
		oci_buf_addc(out, '0');
	if (n <= point)
		oci_buf_adds(out, ".0");
}

void oci_number_print(double f, struct oci_buf *out)
{
	char text[40] = "", digits[24] = "";
	int precision = 0, n = 0;

	if (isnan(f) || isinf(f)) {
		oci_buf_adds(out, isnan(f) ? "nan" : f > 0 ? "inf" : "-inf");
		return;
	}
	do
		snprintf(text, sizeof(text), "%.*e", precision++, f);
	while (strtod(text, NULL) != f && precision < 17);
	const char *p = text;

	if (*p == '-') {
		oci_buf_addc(out, '-');
		p++;
	}
	for (; *p && *p != 'e'; p++)
		if (*p != '.')
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	print_digits(digits, n, (int)strtol(p + 1, NULL, 10) + 1, out);
}
