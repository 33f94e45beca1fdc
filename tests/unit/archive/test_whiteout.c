#include "archive/whiteout.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(whiteout);

Test(whiteout, knows_what_a_name_deletes)
{
	static const struct {
		const char *path;
		enum oci_whiteout kind;
		const char *target;
	} cases[] = {
		{ "a/b", OCI_WHITEOUT_NONE, NULL },
		{ "a/.who", OCI_WHITEOUT_NONE, NULL },
		{ ".wh.a", OCI_WHITEOUT_PATH, "a" },
		{ "d/e/.wh.f", OCI_WHITEOUT_PATH, "d/e/f" },
		{ "d/.wh..hidden", OCI_WHITEOUT_PATH, "d/.hidden" },
		{ ".wh..wh..opq", OCI_WHITEOUT_OPAQUE, "" },
		{ "d/e/.wh..wh..opq", OCI_WHITEOUT_OPAQUE, "d/e" },
		{ "d/.wh..wh.plnk", OCI_WHITEOUT_OTHER, NULL },
		{ ".wh..wh.plnk/1.2", OCI_WHITEOUT_OTHER, NULL },
		{ "d/.wh..wh.orph/e/.wh.f", OCI_WHITEOUT_OTHER, NULL },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *target = NULL;
		enum oci_whiteout kind;

		cr_assert_eq(oci_whiteout_of(cases[i].path, &kind, &target, NULL), 0);
		cr_expect_eq(kind, cases[i].kind, "%s", cases[i].path);
		cr_expect(oci_streq(target, cases[i].target), "%s: %s", cases[i].path, target);
	}
}

Test(whiteout, refuses_to_delete_nothing_and_folders_above)
{
	static const char *const bad[] = { ".wh.", "a/.wh..", "a/.wh..." };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_free char *target = NULL;
		auto_err struct oci_err *err = NULL;
		enum oci_whiteout kind;

		cr_expect_eq(oci_whiteout_of(bad[i], &kind, &target, &err), -1, "%s", bad[i]);
		cr_expect_not_null(strstr(oci_err_text(err), "a whiteout without a name"));
	}
}
