#include "registry/challenge.h"

#include <criterion/criterion.h>
#include <string.h>

Test(challenge, reads_schemes_and_parameters)
{
	static const struct {
		const char *text;
		bool basic, bearer;
		const char *realm, *service, *scope;
	} cases[] = {
		{ "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"", false, true,
		  "https://auth.docker.io/token", "registry.docker.io", NULL },
		{ "bearer realm=x, service = y ,scope=\"repository:a/b:pull,push\"", false, true, "x", "y",
		  "repository:a/b:pull,push" },
		{ "Basic realm=\"a \\\"b\\\", c\"", true, false, NULL, NULL, NULL },
		{ "Basic realm=\"r\", Bearer realm=\"t\"", true, true, "t", NULL, NULL },
		{ "Bearer realm=\"t\", Basic realm=\"r\"", true, true, "t", NULL, NULL },
		{ "Negotiate, Basic realm=\"r\"", true, false, NULL, NULL, NULL },
		{ "Negotiate abc/def==, Bearer realm=t", false, true, "t", NULL, NULL },
		{ "Basic", true, false, NULL, NULL, NULL },
		{ "Bearer realm=\"t\",", false, true, "t", NULL, NULL },
		{ "", false, false, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_challenge struct oci_challenge c = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_challenge_parse(cases[i].text, &c, &err), 0, "%s", oci_err_text(err));
		cr_expect_eq(c.basic, cases[i].basic, "%s", cases[i].text);
		cr_expect_eq(c.bearer, cases[i].bearer, "%s", cases[i].text);
		cr_expect(oci_streq(c.realm, cases[i].realm), "%s: %s", cases[i].text, c.realm);
		cr_expect(oci_streq(c.service, cases[i].service), "%s", cases[i].text);
		cr_expect(oci_streq(c.scope, cases[i].scope), "%s", cases[i].text);
	}
}

Test(challenge, refuses_what_is_malformed)
{
	static const char *const bad[] = { "Bearer realm=\"open", "realm=\"x\"", "Bearer \"x\"", "=",
					   "Bearer realm=\"x\\" };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_challenge struct oci_challenge c = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_challenge_parse(bad[i], &c, &err), -1, "%s", bad[i]);
		cr_expect_not_null(strstr(oci_err_text(err), "malformed WWW-Authenticate header: "));
	}
}
