#include "template/data.h"
#include "template/literal.h"
#include "template/print.h"

#include <criterion/criterion.h>

static void expect_scalar(const char *text, const char *repr)
{
	auto_arena struct oci_arena a = { 0 };
	auto_buf struct oci_buf b = { 0 };

	oci_val_repr(oci_data_of_scalar(&a, oci_slice(text)), &b);
	cr_expect_str_eq(oci_buf_text(&b), repr, "%s: %s, want %s", text, oci_buf_text(&b), repr);
}

Test(data, types_plain_scalars_as_yaml_1_1)
{
	static const char *const rows[][2] = {
		{ "0.19", "0.19" },
		{ "1.10", "1.1" },
		{ "20230807", "20230807" },
		{ "1_000", "1000" },
		{ "0x1F", "31" },
		{ "017", "15" },
		{ "089", "'089'" },
		{ "0b11", "3" },
		{ "-3", "-3" },
		{ "+4", "4" },
		{ "1e3", "'1e3'" },
		{ "1.0e+3", "1000.0" },
		{ "1.5e3", "'1.5e3'" },
		{ ".5", "0.5" },
		{ ".inf", "inf" },
		{ "yes", "True" },
		{ "Off", "False" },
		{ "y", "'y'" },
		{ "~", "None" },
		{ "", "None" },
		{ "null", "None" },
		{ "1:30", "90" },
		{ "v1.2.3", "'v1.2.3'" },
		{ "1.2.3", "'1.2.3'" },
		{ "-", "'-'" },
		{ "2019-04-05", "'2019-04-05'" },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++)
		expect_scalar(rows[i][0], rows[i][1]);
}

Test(data, reads_back_what_was_printed)
{
	static const char *const rows[][2] = {
		{ "['a', 1, 2.5, None, True]", "['a', 1, 2.5, None, True]" },
		{ "{'k': {'l': (1,)}}", "{'k': {'l': (1,)}}" },
		{ "[true, null]", "[True, None]" },
		{ "[1], [2]", "([1], [2])" },
		{ "['it\\'s', \"q\\n\"]", "[\"it's\", 'q\\n']" },
		{ "[a, b]", NULL },
		{ "[1", NULL },
		{ "{'a'}", NULL },
		{ "[01]", NULL },
		{ "{[1]: 2}", NULL },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_arena struct oci_arena a = { 0 };
		auto_buf struct oci_buf b = { 0 };
		const struct oci_val *v = oci_literal_parse(&a, oci_slice(rows[i][0]));

		if (v)
			oci_val_repr(v, &b);
		cr_expect_eq(v == NULL, rows[i][1] == NULL, "%s", rows[i][0]);
		cr_expect_str_eq(oci_buf_text(&b), rows[i][1] ?: "", "%s", rows[i][0]);
	}
}
