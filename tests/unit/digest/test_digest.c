#include "base/stream.h"
#include "digest/hasher.h"
#include "digest/sumfile.h"
#include "digest/verify.h"

#include <criterion/criterion.h>
#include <string.h>

/* FIPS 180-4 example "abc" */
#define ABC256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC512                                                                                                         \
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643c" \
	"e80e2a"                                                                                                       \
	"9ac94fa54ca49f"

Test(digest, computes_and_prints_both_algorithms)
{
	struct oci_digest d;

	oci_digest_of("abc", 3, &d);
	cr_expect_str_eq(OCI_DIGEST(&d), "sha256:" ABC256);
	auto_hasher struct oci_hasher *h = oci_hasher_new(OCI_SHA512);

	oci_hasher_add(h, "abc", 3);
	oci_hasher_end(h, &d);
	cr_expect_str_eq(OCI_DIGEST(&d), "sha512:" ABC512);
}

Test(digest, refuses_what_is_none)
{
	static const char *const bad[][2] = {
		{ "sha256", "not a digest" },
		{ "md5:00", "neither sha256 nor sha512" },
		{ "sha256:00", "64 hex digits" },
		{ "sha512:" ABC256, "128 hex digits" },
		{ "sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "lower-case" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		struct oci_digest d;
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_digest_parse(oci_slice(bad[i][0]), &d, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

static int drain(struct oci_reader *r, struct oci_err **err)
{
	char chunk[2];
	ssize_t n;

	while ((n = oci_reader_read(r, chunk, sizeof(chunk), err)) > 0)
		;
	return (int)n;
}

Test(verify, passes_only_the_right_bytes)
{
	static const struct {
		const char *bytes, *text; /* NULL: right */
	} cases[] = {
		{ "abc", NULL }, { "abd", "digest is" }, { "ab", "has 2 bytes, expected 3" }, { "abcd", "more than" }
	};
	struct oci_digest abc;

	oci_digest_of("abc", 3, &abc);
	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_err struct oci_err *err = NULL;
		auto_reader struct oci_reader r =
			oci_verify_reader(oci_reader_of_memory(cases[i].bytes, strlen(cases[i].bytes)),
					  &(struct oci_expect){ "blob", abc, 3 });

		cr_expect_eq(drain(&r, &err), cases[i].text ? -1 : 0);
		cr_expect(!cases[i].text || strstr(oci_err_text(err), cases[i].text), "%s", oci_err_text(err));
	}
}

Test(sumfile, takes_and_gives_the_names_that_coreutils_escapes)
{
	static const char text[] = ABC256 "  a b\n\\" ABC256 "  c\\\\d\\ne\n" ABC256 " *bin\n";
	auto_sums struct oci_sums s = { 0 };
	auto_buf struct oci_buf printed = { 0 };

	cr_assert_eq(oci_sums_parse("s", text, sizeof(text) - 1, &s, NULL), 0);
	cr_expect_str_eq(s.v[1].path, "c\\d\ne");
	cr_expect_str_eq(s.v[2].path, "bin");
	oci_sums_sort(&s);
	cr_expect_not_null(oci_sums_find(&s, "a b"));
	oci_sums_print(&s, &printed);
	cr_expect_str_eq(printed.data, ABC256 "  a b\n" ABC256 "  bin\n\\" ABC256 "  c\\\\d\\ne\n");
}

Test(sumfile, names_the_line_that_is_wrong)
{
	auto_sums struct oci_sums s = { 0 };
	auto_err struct oci_err *err = NULL;
	static const char text[] = ABC256 "  a\nrubbish\n";

	cr_expect_eq(oci_sums_parse("SUMS", text, sizeof(text) - 1, &s, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "SUMS:2: not a checksum line"));
}
