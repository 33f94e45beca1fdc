#include "pkgrepo/pgp.h"

#include "base/path.h"
#include "base/vec.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEGIN "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
#define END "-----END PGP PUBLIC KEY BLOCK-----\n"

Test(pgp, takes_armour_off)
{
	auto_buf struct oci_buf out = { 0 };

	cr_assert_eq(
		oci_pgp_dearmor("k",
				oci_slice("note\n" BEGIN "Version: x\n\naGVs\nbG8=\n=abcd\n" END BEGIN "\nIQ==\n" END),
				&out, NULL),
		0);
	cr_expect_eq(out.len, 6);
	cr_expect_str_eq(out.data, "hello!");
}

Test(pgp, refuses_what_is_no_key)
{
	static const char *const bad[][2] = { { "nothing", "k: holds no OpenPGP data" },
					      { BEGIN "\na*b\n" END, "k: damaged armour" },
					      { BEGIN "\naGVs\n", "k: damaged armour" } };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_buf struct oci_buf out = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_pgp_dearmor("k", oci_slice(bad[i][0]), &out, &err), -1);
		cr_expect_str_eq(oci_err_text(err), bad[i][1]);
	}
}

/* A program that breaks has not looked: what it was to check is not called unsigned. */
Test(pgp, tells_a_broken_gpgv_from_a_text_that_is_not_signed)
{
	static const char broken[] = "#!/bin/sh\necho 'no random numbers' >&2\nkill -ABRT $$\n";
	char dir[] = "/tmp/pgp.XXXXXX";
	auto_err struct oci_err *err = NULL;

	cr_assert_not_null(mkdtemp(dir));
	auto_free char *gpgv = oci_path_join(dir, "gpgv");
	auto_fd int fd = open(gpgv, O_WRONLY | O_CREAT, 0755);
	cr_assert_eq(write(fd, broken, strlen(broken)), (ssize_t)strlen(broken));
	oci_auto_close(&fd); /* a program that someone writes cannot be run */
	setenv("PATH", dir, 1);
	cr_expect_eq(
		oci_pgp_verify_detached("Release", oci_slice("text"), oci_slice("none"), &(struct oci_strs){ 0 }, &err),
		-1);
	cr_expect_str_eq(oci_err_text(err),
			 "Release: gpgv ended with status 134 and checked nothing: no random numbers");
	cr_expect_eq(remove(gpgv), 0);
	cr_expect_eq(remove(dir), 0);
}
