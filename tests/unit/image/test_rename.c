#include "image/rename.h"

#include <criterion/criterion.h>
#include <string.h>

static const char pairs[] = "- src: k8s.gcr.io/kube-proxy\n  dest: library/kube-proxy\n"
			    "- {src: quay.io/a/b:v1, dest: 'mirror/b:1'}\n"
			    "- {src: quay.io/a/b, dest: any/b}\n"
			    "- {src: quay.io/x/one, dest: library/both}\n"
			    "- {src: quay.io/x/two, dest: library/both}\n"
			    "- {src: quay.io/same, dest: quay.io/same}\n"
			    "- {src: quay.io/loop, dest: library/kube-loop}\n"
			    "- {src: quay.io/other, dest: quay.io/loop}\n"
			    "- {src: k8s.gcr.io/kube-proxy, dest: library/kube-proxy}\n";

static struct oci_rename *load(void)
{
	struct oci_rename *map = NULL;

	cr_assert_eq(oci_rename_parse("map.yml", pairs, sizeof(pairs) - 1, &map, NULL), 0);
	return map;
}

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

Test(rename, gives_where_a_line_comes_from_and_stands)
{
	static const char *const rows[][3] = {
		{ "k8s.gcr.io/kube-proxy:v1.21", "k8s.gcr.io/kube-proxy:v1.21", "docker.io/library/kube-proxy:v1.21" },
		{ "kube-proxy:v1.21", "k8s.gcr.io/kube-proxy:v1.21", "docker.io/library/kube-proxy:v1.21" },
		{ "kube-proxy@sha256:" HEX64, "k8s.gcr.io/kube-proxy@sha256:" HEX64,
		  "docker.io/library/kube-proxy@sha256:" HEX64 },
		{ "quay.io/a/b:v1", "quay.io/a/b:v1", "docker.io/mirror/b:1" },
		{ "quay.io/a/b:v2", "quay.io/a/b:v2", "docker.io/any/b:v2" },
		{ "mirror/b:1", "quay.io/a/b:v1", "docker.io/mirror/b:1" },
		{ "mirror/b:2", "docker.io/mirror/b:2", "docker.io/mirror/b:2" },
		{ "quay.io/x/one:7", "quay.io/x/one:7", "docker.io/library/both:7" },
		{ "quay.io/same:1", "quay.io/same:1", "quay.io/same:1" },
	};
	auto_rename struct oci_rename *map = load();

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_ref struct oci_ref line = { 0 }, from = { 0 }, to = { 0 };

		cr_assert_eq(oci_ref_parse(rows[i][0], &line, NULL), 0);
		cr_assert_eq(oci_rename_line(map, &line, &from, &to, NULL), 0);
		auto_free char *f = oci_ref_name(&from), *t = oci_ref_name(&to);

		cr_expect_str_eq(f, rows[i][1]);
		cr_expect_str_eq(t, rows[i][2]);
	}
}

Test(rename, refuses_lines_with_two_answers)
{
	static const char *const rows[][2] = {
		{ "library/both:1", "two src for it, quay.io/x/one and quay.io/x/two" },
		{ "quay.io/loop:1", "src of one pair and the dest of another" },
	};
	auto_rename struct oci_rename *map = load();

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_ref struct oci_ref line = { 0 }, from = { 0 }, to = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_ref_parse(rows[i][0], &line, NULL), 0);
		cr_expect_eq(oci_rename_line(map, &line, &from, &to, &err), -1);
		cr_expect_eq(oci_err_code(err), OCI_CONFLICT);
		cr_expect_not_null(strstr(oci_err_text(err), rows[i][1]), "%s", oci_err_text(err));
	}
}

Test(rename, leaves_a_dest_where_it_is)
{
	auto_rename struct oci_rename *map = load();
	auto_ref struct oci_ref name = { 0 }, to = { 0 };

	cr_assert_eq(oci_ref_parse("library/both:1", &name, NULL), 0);
	cr_assert_eq(oci_rename_target(map, &name, &to, NULL), 0);
	cr_expect(oci_ref_same(&name, &to));
}

Test(rename, refuses_files_that_are_no_pairs)
{
	static const char *const bad[][2] = {
		{ "src: a\n", "map.yml:1:1: not a list of pairs" },
		{ "- a\n", "map.yml:1:3: not a pair" },
		{ "- src: a\n", "map.yml:1:3: no dest" },
		{ "- src: a/B\n  dest: c\n", "src: \"a/B\"" },
		{ "- src: a:1\n  dest: c\n", "both have a tag, or neither" },
		{ "- src: a@sha256:" HEX64 "\n  dest: c\n", "never a digest" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_rename struct oci_rename *map = NULL;
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_rename_parse("map.yml", bad[i][0], strlen(bad[i][0]), &map, &err), -1, "%s",
			     bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}
