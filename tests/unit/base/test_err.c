#include "base/err.h"

#include <criterion/criterion.h>
#include <errno.h>

Test(err, chains_from_the_lowest_to_the_highest)
{
	auto_err struct oci_err *err = NULL;

	cr_expect_eq(oci_fail(&err, OCI_DENIED, "GET %s: 401", "https://x"), -1);
	cr_expect_eq(oci_fail_in(&err, "list:%d", 12), -1);
	cr_expect_str_eq(oci_err_text(err), "list:12: GET https://x: 401");
	cr_expect_eq(oci_err_code(err), OCI_DENIED);
}

Test(err, makes_a_code_from_errno)
{
	auto_err struct oci_err *err = NULL;

	errno = ENOSPC;
	oci_fail_errno(&err, "cannot write %s", "x");
	cr_expect_eq(oci_err_code(err), OCI_NOSPACE);
	cr_expect_str_eq(oci_err_text(err), "cannot write x: No space left on device");
}

Test(err, is_optional)
{
	cr_expect_eq(oci_fail(NULL, OCI_FAILED, "nobody reads this"), -1);
	cr_expect_eq(oci_fail_in(NULL, "nor this"), -1);
	cr_expect_str_eq(oci_err_text(NULL), "");
}

Test(err, hands_over)
{
	struct oci_err *from = NULL;
	auto_err struct oci_err *to = NULL;

	oci_fail(&from, OCI_BUSY, "later");
	cr_expect_eq(oci_fail_with(&to, &from), -1);
	cr_expect_null(from);
	cr_expect_eq(oci_err_code(to), OCI_BUSY);
}
