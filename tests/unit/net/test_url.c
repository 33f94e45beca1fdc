#include "net/url.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(url, shows_no_secrets)
{
	static const char *const cases[][2] = {
		{ "https://me:secret@quay.io/v2/?sig=secret", "https://quay.io/v2/" },
		{ "https://me@x:y@h/p#f", "https://h/p" },
		{ "https://h/a@b", "https://h/a@b" },
		{ "no url?x", "no?url" },
		{ "http://h/a\nb", "http://h/a?b" },
		{ "", "" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *shown = oci_url_shown(cases[i][0]);
		cr_expect_str_eq(shown, cases[i][1]);
	}
}

Test(url, knows_origins)
{
	static const char *const cases[][2] = {
		{ "https://Quay.io/x", "https://quay.io:443" },
		{ "HTTP://h:5000/x", "http://h:5000" },
		{ "http://[::1]:80", "http://[::1]:80" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *origin = NULL;
		cr_assert_eq(oci_url_origin(cases[i][0], &origin, NULL), 0);
		cr_expect_str_eq(origin, cases[i][1]);
	}
}

Test(url, resolves_locations)
{
	static const char *const cases[][2] = {
		{ "/v2/a/blobs/uploads/1?_state=a%3D", "https://h:5000/v2/a/blobs/uploads/1?_state=a%3D" },
		{ "http://other/x?y", "http://other/x?y" },
		{ "//other/x", "https://other/x" },
		{ "2", "https://h:5000/v2/2" },
		{ "?n=1", "https://h:5000/v2/tags?n=1" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *to = NULL;
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_url_resolve("https://h:5000/v2/tags", cases[i][0], &to, &err), 0, "%s",
			     oci_err_text(err));
		cr_expect_str_eq(to, cases[i][1]);
	}
}

Test(url, refuses_private_schemes)
{
	static const char *const bad[] = { "file:///etc/passwd", "gopher://h/x", "javascript:alert(1)" };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_free char *to = NULL;
		cr_expect_eq(oci_url_resolve("https://h/", bad[i], &to, NULL), -1, "%s gave %s", bad[i], to);
	}
}

Test(url, adds_to_the_query)
{
	auto_free char *one = oci_url_with("https://h/token", "scope", "repository:a/b:pull,push");
	auto_free char *two = oci_url_with(one, "service", "x y");

	cr_expect_str_eq(two, "https://h/token?scope=repository%3Aa%2Fb%3Apull%2Cpush&service=x%20y");
}
