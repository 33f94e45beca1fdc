#include "pkgrepo/apt_index.h"
#include "pkgrepo/apt_mention.h"

#include <criterion/criterion.h>
#include <string.h>

static int add(struct oci_apt_index *ix, const char *text, struct oci_err **err)
{
	struct oci_apt_file f = {
		.what = oci_strdup("Packages"), .base = oci_strdup(""), .pin = 500, .text = oci_slice(text)
	};

	return oci_apt_index_add(ix, &f, "amd64", err);
}

Test(apt_index, finds_names_and_what_they_provide)
{
	auto_apt_index struct oci_apt_index ix = { 0 };

	cr_assert_eq(add(&ix,
			 "Package: a\nVersion: 1\nArchitecture: all\nProvides: virt (= 2),\n other\n\n"
			 "Package: a\nArchitecture: amd64\nVersion: 2\nEssential: yes\n\n"
			 "Package: b\nVersion: 1\nArchitecture: arm64\n",
			 NULL),
		     0);
	cr_expect_eq(ix.pkgs.n, 2);
	cr_expect(ix.pkgs.v[1].flags & OCI_APT_ESSENTIAL);
	const struct oci_apt_entry *e = oci_apt_index_find(&ix, oci_slice("a"));

	cr_assert_not_null(e);
	cr_expect_not_null(oci_apt_index_next(&ix, e));
	e = oci_apt_index_find(&ix, oci_slice("other"));
	cr_assert_not_null(e);
	cr_expect(e->provided);
	cr_expect_null(oci_apt_index_find(&ix, oci_slice("b")));
}

Test(apt_index, a_stanza_is_kept_to_the_byte)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	static const char stanza[] = "Package: a\nVersion: 1\nArchitecture: all\nX: y\n z\n";
	auto_free char *text = oci_printf("%s\n%s", stanza, stanza);

	cr_assert_eq(add(&ix, text, NULL), 0);
	for (size_t i = 0; i < 2; i++)
		cr_expect(oci_slice_eq(ix.pkgs.v[i].text, stanza));
}

Test(apt_index, names_the_line_of_what_is_wrong)
{
	static const char *const bad[][2] = {
		{ "Package: a\nVersion: 1\nArchitecture: all\n\nVersion: 1\nArchitecture: all\n",
		  "Packages:5: a stanza without Package" },
		{ "Package: a\nArchitecture: all\n", "Packages:1: a stanza without Version" },
		{ "Package: a\nbad line\n", "Packages:2: not a field: no colon" },
		{ " x\n", "Packages:1: a stanza cannot begin with a blank" },
		{ "Package: a\nVersion: 1\nArchitecture: all\nProvides: (\n",
		  "Packages:4: Provides: malformed relation" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_apt_index struct oci_apt_index ix = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(add(&ix, bad[i][0], &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(apt_index, suggests_near_names)
{
	auto_apt_index struct oci_apt_index ix = { 0 };

	cr_assert_eq(add(&ix,
			 "Package: curl\nVersion: 1\nArchitecture: all\n\nPackage: netcat-openbsd\nVersion: "
			 "1\nArchitecture: all\n",
			 NULL),
		     0);
	auto_free char *near = oci_apt_index_like(&ix, "crul"), *longer = oci_apt_index_like(&ix, "netcat"),
		       *far = oci_apt_index_like(&ix, "kubernetes");

	cr_expect_str_eq(near, "curl");
	cr_expect_str_eq(longer, "netcat-openbsd");
	cr_expect_str_eq(far, "");
}

Test(apt_index, ranks_names_by_their_first_mention)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	auto_map struct oci_map names = { 0 };
	struct oci_apt_mention v[3] = { { UINT64_MAX }, { UINT64_MAX }, { UINT64_MAX } };

	cr_assert_eq(add(&ix,
			 "Package: a\nVersion: 1\nArchitecture: all\nSuggests: z\nDepends: m:any, y (>= 1) | x\n\n"
			 "Package: m\nVersion: 1\nArchitecture: all\n",
			 NULL),
		     0);
	oci_map_add(&names, "z", (void *)1);
	oci_map_add(&names, "x", (void *)2);
	oci_map_add(&names, "m", (void *)3);
	oci_apt_mention_find(&ix, &names, v, 3);
	/* Depends is read before Suggests; "m:any" does not name m */
	cr_expect_lt(v[1].rank, v[0].rank);
	cr_expect_lt(v[0].rank, v[2].rank);
}
