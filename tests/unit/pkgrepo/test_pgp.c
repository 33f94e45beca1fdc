#include "pkgrepo/pgp.h"

#include <criterion/criterion.h>
#include <string.h>

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
