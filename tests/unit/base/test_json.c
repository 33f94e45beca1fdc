#include "base/json.h"

#include <criterion/criterion.h>
#include <string.h>

Test(json, names_the_place_of_a_fault)
{
	static const char *const bad[][2] = {
		{ "{\"a\":1,\n\"a\":2}", "line 2" },
		{ "<html>", "line 1, column 1" },
		{ "", "line 1" },
		{ "{\"a\":1} x", "line 1" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_json json_t *j = NULL;
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_json_parse("x.json", bad[i][0], strlen(bad[i][0]), &j, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
		cr_expect_not_null(strstr(oci_err_text(err), "x.json: not valid JSON"));
	}
}

Test(json, refuses_a_hundred_thousand_levels)
{
	auto_buf struct oci_buf deep = { 0 };
	auto_json json_t *j = NULL;
	auto_err struct oci_err *err = NULL;

	for (int i = 0; i < 100000; i++)
		oci_buf_addc(&deep, '[');
	cr_expect_eq(oci_json_parse("x", deep.data, deep.len, &j, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "depth"), "%s", oci_err_text(err));
}
