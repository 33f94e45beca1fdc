#include "base/base64.h"

#include <criterion/criterion.h>
#include <string.h>

Test(base64, goes_both_ways)
{
	static const char *const cases[][2] = { { "", "" },	   { "f", "Zg==" },	   { "fo", "Zm8=" },
						{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "\xff\xfe\xfd", "//79" } };

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_buf struct oci_buf text = { 0 }, back = { 0 };

		oci_base64_encode(cases[i][0], strlen(cases[i][0]), &text);
		cr_expect_str_eq(oci_buf_text(&text), cases[i][1]);
		cr_assert(oci_base64_decode(oci_slice(cases[i][1]), &back));
		cr_expect_str_eq(oci_buf_text(&back), cases[i][0]);
	}
}

Test(base64, refuses_what_is_none)
{
	static const char *const bad[] = { "Z", "Zm9v!", "Zg==x", "Zm9vY", "_-" };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_buf struct oci_buf out = { 0 };
		cr_expect_not(oci_base64_decode(oci_slice(bad[i]), &out), "%s", bad[i]);
	}
}
