#include "pkgrepo/os.h"
#include "pkgrepo/wants.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEAD "name: t\nfamily: apt\ncodename: c\nrelease: \"12\"\narches: [amd64]\n"
#define REPO "repositories:\n  - id: r\n    url: http://h/\n    suites: [c]\n    components: [main]\n"

static int parse(const char *text, struct oci_os *os, struct oci_err **err)
{
	return oci_os_parse("d/t.yaml", text, strlen(text), os, err);
}

Test(os, reads_a_description)
{
	auto_os struct oci_os os = { 0 };
	const char *arch;

	cr_assert_eq(parse(HEAD REPO "    keys: [keys/a.asc]\n    enabled: false\n", &os, NULL), 0);
	cr_expect_str_eq(os.output, ".");
	cr_expect_str_eq(os.client, "t");
	cr_expect_str_eq(os.repos.v[0].keys.v[0], "d/keys/a.asc");
	cr_expect(os.repos.v[0].disabled);
	cr_assert_eq(oci_os_need_arch(&os, "x86_64", &arch, NULL), 0);
	cr_expect_str_eq(arch, "amd64");
	auto_free char *text = oci_os_expand(&os, "amd64", "$releasever/${codename}/$basearch/$x");

	cr_expect_str_eq(text, "12/c/amd64/$x");
}

Test(os, says_what_is_wrong_and_where)
{
	static const char *const bad[][2] = {
		{ "", "empty" },
		{ "name: t\nfamily: dpkg\n", "d/t.yaml:2:9: family: \"dpkg\" is neither apt nor yum" },
		{ "name: a/b\nfamily: apt\n", "d/t.yaml:1:7: name: \"a/b\" cannot be a file's name" },
		{ HEAD "output: ../x\n" REPO, "d/t.yaml:6:9: output: \"../x\" does not stay inside" },
		{ HEAD, "no list of repositories" },
		{ HEAD REPO, "repository r: no keys; name the keys that sign it, or say trusted: true" },
		{ HEAD REPO "    trusted: perhaps\n", "trusted: neither true nor false" },
		{ HEAD REPO "    verify: metalink\n    keys: [k]\n", "verify: metalink is for yum repositories" },
		{ HEAD "repositories:\n  - id: r\n    url: http://h/\n", "repository r: neither suites nor flat" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_os struct oci_os os = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(parse(bad[i][0], &os, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(os, wants_come_from_the_groups_of_the_system)
{
	static const char yaml[] = "common: [a]\nyum: [no]\napt: [b, a]\nt: [c]\nkubespray:\n  apt: [d]\ntools: [e]\n";
	auto_os struct oci_os os = { 0 };
	auto_wants struct oci_wants w = { 0 };

	cr_assert_eq(parse(HEAD REPO "    trusted: true\n", &os, NULL), 0);
	cr_assert_eq(oci_wants_parse(&w, "p.yaml", yaml, sizeof(yaml) - 1, &os, NULL, NULL), 0);
	cr_assert_eq(w.n, 4);
	cr_expect_str_eq(w.v[1].text, "b");
	cr_expect_str_eq(w.v[1].where, "p.yaml:3:7");
	cr_expect_str_eq(w.v[3].text, "d");
}
