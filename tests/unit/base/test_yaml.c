#include "base/buf.h"
#include "base/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *fails(const char *text, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;

	cr_assert_eq(oci_yaml_parse("t.yml", text, strlen(text), &doc, err), -1, "no error for %s", text);
	return oci_err_text(*err);
}

Test(yaml, reads_anchors_and_merge_keys)
{
	static const char text[] = "base: &b {x: 1, y: two}\nown:\n  <<: *b\n  y: three\nlist: [*b, 'q']\n";
	auto_yaml struct oci_yaml_doc *doc = NULL;

	cr_assert_eq(oci_yaml_parse("t.yml", text, strlen(text), &doc, NULL), 0);
	const struct oci_yaml *own = oci_yaml_get(oci_yaml_root(doc), "own");

	cr_expect_str_eq(oci_yaml_str(own, "x"), "1");
	cr_expect_str_eq(oci_yaml_str(own, "y"), "three");
	cr_expect_eq(own->n, 2);
	cr_expect_not(oci_yaml_get(oci_yaml_root(doc), "list")->items[1]->plain);
}

/* Looking for each key of the one map among all keys of the other took half a minute. */
Test(yaml, merges_large_maps_in_no_time, .timeout = 20)
{
	auto_buf struct oci_buf text = { 0 };
	auto_yaml struct oci_yaml_doc *doc = NULL;

	oci_buf_adds(&text, "base: &b\n");
	for (int i = 0; i < 60000; i++)
		oci_buf_addf(&text, "  k%d: 1\n", i);
	oci_buf_adds(&text, "own:\n  <<: *b\n  k7: 2\n");
	for (int i = 0; i < 60000; i++)
		oci_buf_addf(&text, "  o%d: 1\n", i);
	cr_assert_eq(oci_yaml_parse("t.yml", text.data, text.len, &doc, NULL), 0);
	const struct oci_yaml *own = oci_yaml_get(oci_yaml_root(doc), "own");

	cr_expect_eq(own->n, 120000);
	cr_expect_str_eq(oci_yaml_str(own, "k7"), "2");
}

Test(yaml, names_line_and_column_of_what_it_refuses)
{
	static const char *const bad[][2] = {
		{ "a: 1\nb: 2\na: 3\n", "t.yml:3:1: duplicate key \"a\", first in line 1" },
		{ "a:\n\t- b\n", "t.yml:2:1:" },
		{ "a: &x [*x]\n", "an alias inside its own anchor" },
		{ "a: *nowhere\n", "alias without its anchor" },
		{ "a: 1\n---\nb: 2\n", "more than one document" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_err struct oci_err *err = NULL;

		cr_expect_not_null(strstr(fails(bad[i][0], &err), bad[i][1]), "%s: %s", bad[i][0], oci_err_text(err));
	}
}

Test(yaml, refuses_deep_nesting)
{
	auto_buf struct oci_buf deep = { 0 };
	auto_err struct oci_err *err = NULL;

	for (int i = 0; i < 100000; i++)
		oci_buf_addc(&deep, '[');
	cr_expect_not_null(strstr(fails(oci_buf_text(&deep), &err), "nest"), "%s", oci_err_text(err));
}

Test(yaml, refuses_a_billion_laughs)
{
	auto_buf struct oci_buf text = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_buf_adds(&text, "a0: &a0 [x, x]\n");
	for (int i = 1; i < 40; i++)
		oci_buf_addf(&text, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
	cr_expect_not_null(strstr(fails(oci_buf_text(&text), &err), "too large"));
}
