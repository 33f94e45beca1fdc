#include "template/version.h"

#include <criterion/criterion.h>

Test(version, orders_versions_of_each_kind)
{
	static const struct {
		enum oci_version_order kind;
		const char *a, *b;
		int order;
	} rows[] = {
		{ OCI_VERSION_LOOSE, "v1.21.0", "v1.9.12", 1 },
		{ OCI_VERSION_LOOSE, "1.2", "1.2.0", -1 },
		{ OCI_VERSION_LOOSE, "1.2.3-rc1", "1.2.3-rc2", -1 },
		{ OCI_VERSION_LOOSE, "01.2", "1.02", 0 },
		{ OCI_VERSION_STRICT, "1.2", "1.2.0", 0 },
		{ OCI_VERSION_STRICT, "1.2a1", "1.2", -1 },
		{ OCI_VERSION_SEMVER, "1.0.0-alpha.1", "1.0.0", -1 },
		{ OCI_VERSION_SEMVER, "1.0.0-alpha.10", "1.0.0-alpha.9", 1 },
		{ OCI_VERSION_SEMVER, "1.0.0-1", "1.0.0-a", -1 },
		{ OCI_VERSION_SEMVER, "1.0.0+x", "1.0.0+y", 0 },
		{ OCI_VERSION_PEP440, "1.0.dev1", "1.0a1", -1 },
		{ OCI_VERSION_PEP440, "1.0rc1", "1.0", -1 },
		{ OCI_VERSION_PEP440, "1.0.post1", "1.0", 1 },
		{ OCI_VERSION_PEP440, "1.0", "1.0.0", 0 },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		int order = 99;

		cr_assert_eq(
			oci_version_compare(rows[i].kind, oci_slice(rows[i].a), oci_slice(rows[i].b), &order, NULL), 0);
		cr_expect_eq((order > 0) - (order < 0), rows[i].order, "%s and %s: %d", rows[i].a, rows[i].b, order);
	}
}

Test(version, refuses_what_has_no_order)
{
	static const struct {
		enum oci_version_order kind;
		const char *a, *b, *text;
	} rows[] = {
		{ OCI_VERSION_LOOSE, "1.x", "1.2", "the versions 1.x and 1.2 have no order" },
		{ OCI_VERSION_STRICT, "1", "1.2", "'1' is not a strict version" },
		{ OCI_VERSION_SEMVER, "1.2.3", "1.2", "'1.2' is not a semantic version" },
		{ OCI_VERSION_PEP440, "one", "1.2", "'one' is not a PEP 440 version" },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_err struct oci_err *err = NULL;
		int order;

		cr_assert_eq(
			oci_version_compare(rows[i].kind, oci_slice(rows[i].a), oci_slice(rows[i].b), &order, &err),
			-1);
		cr_expect_str_eq(oci_err_text(err), rows[i].text);
	}
}
