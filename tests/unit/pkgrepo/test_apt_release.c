#include "pkgrepo/apt_release.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

Test(apt_release, reads_what_matters)
{
	static const char text[] =
		"Origin: Debian\nSuite: stable\nCodename: bookworm\nDate: Sat, 09 Nov 2024 10:11:12 UTC\n"
		"Valid-Until: Sat, 16 Nov 2024 10:11:12 UTC\nAcquire-By-Hash: yes\nArchitectures: all amd64\n"
		"No-Support-for-Architecture-all: Packages\nComponents: main contrib\nMD5Sum:\n x 1 y\nSHA256:\n " HEX
		"  0 main/binary-amd64/Packages\n " HEX " 17 ./Packages.gz\n";
	auto_release struct oci_release r = { 0 };

	cr_assert_eq(oci_release_parse("R", text, sizeof(text) - 1, &r, NULL), 0);
	cr_expect_str_eq(r.codename, "bookworm");
	cr_expect(r.by_hash && r.no_all_packages && !r.not_automatic);
	cr_expect_eq(r.date, 1731147072);
	cr_expect_eq(r.valid_until, 1731147072 + 7 * 86400);
	cr_expect_eq(r.files.n, 2);
	cr_assert_not_null(oci_release_find(&r, "Packages.gz"));
	cr_expect_eq(oci_release_find(&r, "Packages.gz")->size, 17);
	cr_expect_null(oci_release_find(&r, "main/binary-arm64/Packages"));
}

Test(apt_release, says_what_is_wrong)
{
	static const char *const bad[][2] = { { "", "an empty Release file" },
					      { "<html>\n", "not a Release file: \"<html>\"" },
					      { "Suite: x\n", "neither SHA256 nor SHA512" },
					      { "SHA256:\n " HEX " 1 ../x\n", "the path \"../x\" leaves the archive" },
					      { "SHA256:\n " HEX " 1 /etc/x\n", "leaves the archive" },
					      { "SHA256:\n " HEX " -1 x\n", "malformed line" },
					      { "SHA256:\n 12 1 x\n", "R: " },
					      { "Valid-Until: tomorrow\n", "Valid-Until is no date" } };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_release struct oci_release r = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_release_parse("R", bad[i][0], strlen(bad[i][0]), &r, &err), -1, "%s", bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(apt_release, an_old_one_has_expired)
{
	struct oci_release r = { .valid_until = 1731147072 };
	auto_err struct oci_err *err = NULL;

	cr_expect_eq(oci_release_check_age(&r, "R", 1731147072, &err), 0);
	cr_expect_eq(oci_release_check_age(&r, "R", 1731147073, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "R: expired: Valid-Until Sat, 09 Nov 2024 10:11:12 UTC"));
}
