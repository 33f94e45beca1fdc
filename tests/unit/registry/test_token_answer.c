#include "registry/token_answer.h"

#include <criterion/criterion.h>
#include <string.h>

Test(token_answer, reads_token_and_life)
{
	static const struct {
		const char *text, *token;
		int64_t seconds;
	} cases[] = {
		{ "{\"token\":\"a.b\",\"expires_in\":300}", "a.b", 300 },
		{ "{\"access_token\":\"c\"}", "c", 60 },
		{ "{\"token\":\"\",\"access_token\":\"c\"}", "c", 60 },
		{ "{\"token\":\"a\",\"access_token\":\"c\"}", "a", 60 },
		{ "{\"token\":\"a\",\"expires_in\":0}", "a", 60 },
		{ "{\"token\":\"a\",\"expires_in\":-5}", "a", 60 },
		{ "{\"token\":\"a\",\"expires_in\":\"300\"}", "a", 60 },
		{ "{\"token\":\"a\",\"expires_in\":9223372036854775807}", "a", 60 },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_token_answer struct oci_token_answer a = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_token_answer_parse(cases[i].text, strlen(cases[i].text), &a, &err), 0, "%s",
			     oci_err_text(err));
		cr_expect_str_eq(a.token, cases[i].token);
		cr_expect_eq(a.seconds, cases[i].seconds, "%s", cases[i].text);
	}
}

Test(token_answer, refuses_what_is_no_token)
{
	static const char *const bad[][2] = {
		{ "", "answer of the token server" },
		{ "[]", "no token" },
		{ "{}", "no token" },
		{ "{\"token\":17}", "no token" },
		{ "{\"token\":\"a b\"}", "malformed token" },
		{ "{\"token\":\"a\\r\\nX-Other: b\"}", "malformed token" },
		{ "{\"access_token\":\"\\u00e4\"}", "malformed token" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_token_answer struct oci_token_answer a = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_token_answer_parse(bad[i][0], strlen(bad[i][0]), &a, &err), -1, "%s", bad[i][0]);
		cr_expect(strstr(oci_err_text(err), bad[i][1]), "%s: %s", bad[i][0], oci_err_text(err));
		cr_expect_null(a.token);
	}
}
