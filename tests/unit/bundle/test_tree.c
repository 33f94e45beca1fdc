#include "bundle/tree.h"

#include "base/err.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(tree);

Test(tree, normalises_names)
{
	static const char *const cases[][2] = { { "a/b", "a/b" }, { "./a//b/", "a/b" }, { "/etc/x", "etc/x" },
						{ ".", "" },	  { "a/./b/.", "a/b" }, { "...", "..." },
						{ "", "" } };
	auto_err struct oci_err *err = NULL;
	char *none;

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *path = NULL;

		cr_assert_eq(oci_tree_path(cases[i][0], &path, NULL), 0);
		cr_expect_str_eq(path, cases[i][1]);
	}
	cr_expect_eq(oci_tree_path("a/../../b", &none, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "a/../../b: leads out of the folder");
}

static int claim(struct oci_tree *t, const char *path, unsigned layer, bool folder)
{
	struct oci_claim *c;
	bool replaced;

	return oci_tree_claim(t, path, layer, folder, &c, &replaced, NULL);
}

Test(tree, upper_layers_hide)
{
	auto_tree struct oci_tree t = OCI_TREE;

	oci_tree_at(&t, "gone")->whited = 3;
	oci_tree_at(&t, "op")->opaque = 3;
	cr_assert_eq(claim(&t, "file", 3, false), 0);
	cr_expect(oci_tree_hides(&t, "gone", 2));
	cr_expect(oci_tree_hides(&t, "gone/below/it", 2));
	cr_expect_not(oci_tree_hides(&t, "gone", 3)); /* its own layer may put it anew */
	cr_expect_not(oci_tree_hides(&t, "op", 2));
	cr_expect(oci_tree_hides(&t, "op/x", 2));
	cr_expect_not(oci_tree_hides(&t, "op/x", 3));
	cr_expect(oci_tree_hides(&t, "file/x", 2));
	cr_expect_not(oci_tree_hides(&t, "file2", 2));
}

Test(tree, refuses_folder_and_file_in_one_layer)
{
	auto_tree struct oci_tree t = OCI_TREE;

	cr_expect_eq(claim(&t, "a/b/c", 1, false), 0);
	cr_expect_eq(oci_tree_find(&t, "a/b")->kind, OCI_CLAIM_IMPLIED);
	cr_expect_eq(claim(&t, "a/b", 1, true), 0);
	cr_expect_eq(oci_tree_find(&t, "a/b")->kind, OCI_CLAIM_FOLDER);
	cr_expect_eq(claim(&t, "a/b", 1, false), -1);
	cr_expect_eq(claim(&t, "a/b/c/d", 1, false), -1);
	cr_expect_eq(claim(&t, "a/b/c", 1, true), -1);
	cr_expect_eq(claim(&t, "a/b/c", 1, false), 0);
}
