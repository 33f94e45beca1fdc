#include "ops/fetch_int.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Children of an index, as "os/arch[/variant]", "-" being one without a platform. */
static void add_children(struct oci_manifest *index, const char *list)
{
	struct oci_slice rest = oci_slice(list), word;

	while (oci_slice_word(&rest, &word)) {
		struct oci_desc *d = oci_vec_push(&index->children);
		auto_free char *text = oci_slice_dup(word);

		d->has_platform = !oci_streq(text, "-");
		if (d->has_platform)
			cr_assert_eq(oci_platform_parse(text, &d->platform, NULL), 0);
	}
}

static char *select_of(const char *children, const char *platforms, bool any)
{
	auto_manifest struct oci_manifest index = { .is_index = true };
	auto_platforms struct oci_platforms list = { 0 };
	struct oci_buf picked = { 0 };

	add_children(&index, children);
	cr_assert_eq(oci_platforms_parse(platforms, &list, NULL), 0);
	auto_free bool *want = oci_calloc(index.children.n + 1, sizeof(bool));

	fetch_select(&index, &list, any, want);
	for (size_t i = 0; i < index.children.n; i++)
		oci_buf_addc(&picked, want[i] ? '1' : '0');
	return oci_buf_take(&picked);
}

Test(fetch_select, picks_the_best_child_of_each_platform)
{
	static const struct {
		const char *children, *platforms, *picked;
		bool any;
	} cases[] = {
		{ "linux/amd64 linux/arm64/v8 linux/s390x", "linux/arm64", "010", false },
		{ "linux/amd64 linux/arm64", "linux/amd64,linux/arm64", "11", false },
		{ "linux/amd64 linux/arm64", "all", "11", false },
		{ "linux/arm/v5 linux/arm/v6 linux/arm/v7", "linux/arm/v7", "001", false },
		{ "linux/arm/v5 linux/arm/v6", "linux/arm/v7", "01", false },
		{ "linux/arm/v6 linux/arm/v7", "linux/arm/v6", "10", false },
		{ "linux/amd64 linux/amd64/v3", "linux/amd64", "10", false },
		{ "linux/amd64 unknown/unknown -", "linux/amd64", "111", false },
		{ "linux/amd64 unknown/unknown", "linux/arm64", "01", false },
		{ "linux/s390x linux/ppc64le", "linux/arm64", "11", true },
		{ "linux/s390x linux/arm64", "linux/arm64", "01", true },
		{ "windows/amd64 windows/amd64 linux/amd64", "windows/amd64", "110", false },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *picked = select_of(cases[i].children, cases[i].platforms, cases[i].any);

		cr_expect_str_eq(picked, cases[i].picked, "%s for %s", cases[i].children, cases[i].platforms);
	}
}

Test(fetch_select, names_what_an_image_lacks_and_has)
{
	auto_seen struct fetch_seen seen = { 0 };
	auto_platforms struct oci_platforms want = { 0 };
	auto_err struct oci_err *err = NULL;
	auto_platform struct oci_platform amd64 = { 0 }, arm = { 0 };

	oci_platform_set(&amd64, "linux", "amd64", NULL);
	oci_platform_set(&arm, "linux", "arm", "v7");
	fetch_seen_add(&seen, &amd64);
	fetch_seen_add(&seen, &arm);
	cr_assert_eq(oci_platforms_parse("linux/amd64,linux/arm64", &want, NULL), 0);
	cr_expect_eq(fetch_seen_check(&seen, &want, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "no image for linux/arm64; it has linux/amd64, linux/arm/v7"));

	auto_seen struct fetch_seen nothing = { 0 }, artifact = { .any = true };

	cr_expect_eq(fetch_seen_check(&nothing, &want, &err), -1, "an empty index");
	cr_expect_not_null(strstr(oci_err_text(err), "no image for linux/amd64, linux/arm64; it has none"));
	cr_expect_eq(fetch_seen_check(&artifact, &want, NULL), 0);
}
