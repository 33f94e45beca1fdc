#include "image/platform.h"

#include <criterion/criterion.h>

static bool serves(const char *have, const char *want)
{
	auto_platform struct oci_platform h = { 0 }, w = { 0 };

	cr_assert_eq(oci_platform_parse(have, &h, NULL), 0);
	cr_assert_eq(oci_platform_parse(want, &w, NULL), 0);
	return oci_platform_serves(&h, &w);
}

Test(platform, knows_variants)
{
	cr_expect(serves("linux/arm64/v8", "linux/arm64"));
	cr_expect(serves("linux/arm64", "linux/arm64/v8"));
	cr_expect(serves("linux/aarch64", "linux/arm64"));
	cr_expect(serves("linux/arm/v6", "linux/arm/v7"));
	cr_expect_not(serves("linux/arm/v7", "linux/arm/v6"));
	cr_expect_not(serves("linux/amd64/v3", "linux/amd64"));
	cr_expect(serves("linux/amd64", "linux/amd64/v3"));
	cr_expect(serves("linux/amd64/v2", "linux/amd64/v3"));
	cr_expect_not(serves("linux/amd64/v4", "linux/amd64/v3"));
	cr_expect(serves("linux/arm64", "linux/arm64/v9"));
	cr_expect_not(serves("linux/arm64/v9", "linux/arm64"));
	cr_expect(serves("linux/mips64le/softfloat", "linux/mips64le"));
	cr_expect_not(serves("linux/mips64le/softfloat", "linux/mips64le/hardfloat"));
	cr_expect_not(serves("windows/amd64", "linux/amd64"));
}

Test(platform, refuses_what_is_none)
{
	static const char *const bad[] = { "", "linux", "linux/", "/amd64", "linux/amd 64", "linux/arm/" };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_platform struct oci_platform p = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_platform_parse(bad[i], &p, &err), -1, "%s", bad[i]);
		cr_expect_eq(oci_err_code(err), OCI_USAGE);
	}
}
