#include "pkgrepo/deb_dep.h"

#include <criterion/criterion.h>

Test(deb_dep, reads_relations_in_order)
{
	struct oci_slice rest = oci_slice("a (>= 1:2.0-1), b | c:any (<< 3),\n d:amd64 (= 1~rc1), e (> 1)");
	static const struct {
		const char *name, *arch, *version;
		unsigned op;
		bool more;
	} want[] = { { "a", "", "1:2.0-1", OCI_DEB_GT | OCI_DEB_EQ, false },
		     { "b", "", "", 0, true },
		     { "c", "any", "3", OCI_DEB_LT, false },
		     { "d", "amd64", "1~rc1", OCI_DEB_EQ, false },
		     { "e", "", "1", OCI_DEB_GT | OCI_DEB_EQ, false } };
	struct oci_deb_dep d;

	for (size_t i = 0; i < OCI_COUNT(want); i++) {
		cr_assert_eq(oci_deb_dep_next(&rest, &d, NULL), 1);
		cr_expect(oci_slice_eq(d.name, want[i].name));
		cr_expect(oci_slice_eq(d.arch, want[i].arch));
		cr_expect(oci_slice_eq(d.version, want[i].version));
		cr_expect_eq(d.op, want[i].op);
		cr_expect_eq(d.more, want[i].more);
	}
	cr_expect_eq(oci_deb_dep_next(&rest, &d, NULL), 0);
}

Test(deb_dep, refuses_malformed_relations)
{
	static const char *const bad[] = { "a (", "a (>= )", "a (1)", "a b", "(>= 1)", "a:", "| b" };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		struct oci_slice rest = oci_slice(bad[i]);
		auto_err struct oci_err *err = NULL;
		struct oci_deb_dep d;
		int rc;

		while ((rc = oci_deb_dep_next(&rest, &d, &err)) > 0)
			;
		cr_expect_eq(rc, -1, "%s", bad[i]);
		cr_expect_not_null(strstr(oci_err_text(err), "malformed relation at"), "%s", oci_err_text(err));
	}
}
