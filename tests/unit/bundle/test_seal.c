#include "bundle/conflict.h"
#include "bundle/module.h"
#include "bundle/seal.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(seal);

static void add_sum(struct oci_seal *s, const char *path, const char *content)
{
	struct oci_digest d;

	oci_digest_of(content, strlen(content), &d);
	oci_sums_add(&s->sums, path, &d);
}

static int parse(const char *name, const char *json, const char *more_sums, struct oci_seal *out, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 }, lines = { 0 };
	auto_free char *own = oci_seal_json_path(name), *path = oci_seal_sums_path(name);
	auto_sums struct oci_sums sums = { 0 };
	struct oci_digest d;

	oci_buf_adds(&text, json);
	oci_digest_of(oci_buf_text(&text), text.len, &d);
	oci_buf_adds(&lines, more_sums);
	oci_sum_print(own, &d, &lines);
	auto_reader struct oci_reader from = oci_reader_of_memory(lines.data, lines.len);

	if (oci_sums_read(&from, path, OCI_SEAL_MAX, &sums, err) < 0)
		return -1;
	return oci_seal_parse(name, &text, &sums, out, err);
}

#define COUNTS "\"counts\":{\"files\":1,\"folders\":2,\"links\":3,\"bytes\":4}"
#define HEAD "\"name\":\"m\",\"version\":\"1\",\"licences\":[],"

Test(seal, prints_what_it_parses)
{
	auto_seal struct oci_seal s = {
		.name = oci_strdup("m"), .version = oci_strdup("v1"), .files = 7, .bytes = 1u << 31
	};
	auto_seal struct oci_seal again = { 0 };
	auto_buf struct oci_buf text = { 0 }, twice = { 0 };

	oci_strs_add(&s.licences, "MIT");
	oci_strs_add(&s.empty, "a/b");
	*oci_vec_push(&s.symlinks) = (struct oci_pair){ oci_strdup("l"), oci_strdup("../x") };
	oci_seal_print(&s, &text);
	cr_assert_eq(parse("m", oci_buf_text(&text), "", &again, NULL), 0);
	oci_seal_print(&again, &twice);
	cr_expect_str_eq(oci_buf_text(&text), oci_buf_text(&twice));
}

Test(seal, refuses_what_is_none)
{
	static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
	static const char *const bad[][3] = {
		{ "{", "", "modules.d/m.json" },
		{ "{\"name\":\"x\",\"version\":\"1\",\"licences\":[]," COUNTS
		  ",\"whiteouts\":0,\"symlinks\":{},\"empty\":[]}",
		  "", "modules.d/m.json: is the seal of a module x" },
		{ "{" HEAD COUNTS ",\"symlinks\":{},\"empty\":[]}", "", "whiteouts" },
		{ "{" HEAD COUNTS ",\"whiteouts\":0,\"symlinks\":{\"/a\":\"b\"},\"empty\":[]}", "",
		  "\"/a\" is no path inside of the package" },
		{ "{" HEAD COUNTS ",\"whiteouts\":0,\"symlinks\":{},\"empty\":[\"a/..\"]}", "",
		  "\"a/..\" is no path inside of the package" },
		{ "{" HEAD COUNTS ",\"whiteouts\":0,\"symlinks\":{},\"empty\":[]}", "zz  a\n", "SHA256SUMS.d/m:1" },
	};
	auto_free char *out = oci_printf("%s  ../x\n", zeros), *both = oci_printf("%s  x\n%s  x\n", zeros, zeros);
	auto_seal struct oci_seal s = { 0 };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(parse("m", bad[i][0], bad[i][1], &s, &err), -1, "%zu", i);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][2]), "%s", oci_err_text(err));
	}
	auto_err struct oci_err *err = NULL;

	cr_expect_eq(parse("m", "{" HEAD COUNTS ",\"whiteouts\":0,\"symlinks\":{},\"empty\":[]}", out, &s, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "\"../x\" is no path inside of the package"));
	oci_err_clear(&err);
	cr_expect_eq(parse("m", "{" HEAD COUNTS ",\"whiteouts\":0,\"symlinks\":{},\"empty\":[]}", both, &s, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "x: named twice"));
}

Test(seal, whiteouts_reach_only_what_is_below)
{
	struct oci_part low = { .name = (char *)"low" }, high = { .name = (char *)"high" };
	struct oci_part *order[] = { &low, &high };
	struct oci_parts parts = { order, 2, 2 };
	static const struct {
		const char *target;
		bool reaches;
	} cases[] = { { "a/b/c", true }, { "a/b", true },     { "a", true },	 { "a/b/", true }, { "/", true },
		      { "x", false },	 { "a/b/c/", false }, { "a/bc", false }, { "e", true },	   { "e/", false } };

	add_sum(&low.seal, "a/b/c", "x");
	oci_strs_add(&low.seal.empty, "e");
	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		oci_strs_add(&high.deletes, cases[i].target);
		cr_expect_eq(oci_conflict_reaches(&parts, 1), cases[i].reaches, "%s", cases[i].target);
		oci_strs_clear(&high.deletes);
		oci_strs_add(&low.deletes, cases[i].target);
		cr_expect_not(oci_conflict_reaches(&parts, 0));
		oci_strs_clear(&low.deletes);
	}
	oci_seal_clear(&low.seal);
}

Test(seal, takes_arguments_apart)
{
	static const char *const cases[][4] = {
		{ "linux/amd64@quay.io/a/b:v1", "linux/amd64", NULL, "quay.io/a/b:v1" },
		{ "docker.io/library/nginx@sha256:0000", NULL, NULL, "docker.io/library/nginx@sha256:0000" },
		{ "linux/amd64,linux/arm64@x/y=oci:dir:tag", "linux/amd64", "x/y", "oci:dir:tag" },
		{ "/deep/er/=none-such", NULL, "deep/er", "none-such" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		struct oci_module m;

		cr_assert_eq(oci_module_parse(cases[i][0], &m, NULL), 0, "%s", cases[i][0]);
		cr_expect_eq(m.platforms.n > 0, cases[i][1] != NULL);
		if (m.platforms.n)
			cr_expect_str_eq(OCI_PLATFORM(&m.platforms.v[0]), cases[i][1]);
		cr_expect(oci_streq(m.prefix, cases[i][2]), "%s", m.prefix);
		cr_expect_str_eq(m.spec, cases[i][3]);
		oci_module_close(&m);
	}
}
