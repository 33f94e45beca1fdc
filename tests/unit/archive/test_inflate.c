#include "archive/inflate.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(inflate);

/* 3 MB that pack well, but not to nothing. */
static void sample(struct oci_buf *out)
{
	for (unsigned i = 0; out->len < 3000000; i++)
		oci_buf_addf(out, "line %u of %u\n", i, i * 2654435761u);
}

static void pack(const char *program, const struct oci_buf *plain, struct oci_buf *out)
{
	const char *argv[] = { program, "-c", NULL };
	struct oci_proc p = { .argv = argv, .input = plain->data, .input_len = plain->len, .output = out };
	int status;

	cr_assert_eq(oci_proc_run(&p, &status, NULL), 0);
	cr_assert_eq(status, 0);
}

static int unpack(const void *data, size_t n, struct oci_buf *out, enum oci_packing *found, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };
	char chunk[10007];
	ssize_t got;

	if (oci_inflate_reader(oci_reader_of_memory(data, n), "blob", &r, found, err) < 0)
		return -1;
	while ((got = oci_reader_read(&r, chunk, sizeof(chunk), err)) > 0)
		oci_buf_add(out, chunk, (size_t)got);
	return (int)got;
}

static const struct {
	const char *program;
	enum oci_packing packing;
} programs[] = { { "cat", OCI_PACKING_PLAIN },
		 { "gzip", OCI_PACKING_GZIP },
		 { "zstd", OCI_PACKING_ZSTD },
		 { "xz", OCI_PACKING_XZ },
		 { "bzip2", OCI_PACKING_BZIP2 } };

Test(inflate, reads_what_the_packers_write)
{
	auto_buf struct oci_buf plain = { 0 };

	sample(&plain);
	for (size_t i = 1; i < OCI_COUNT(programs); i++) {
		auto_buf struct oci_buf packed = { 0 }, got = { 0 };
		enum oci_packing found;

		pack(programs[i].program, &plain, &packed);
		/* two streams behind one another are one */
		auto_free char *again = oci_memdup(packed.data, packed.len);

		oci_buf_add(&packed, again, packed.len);
		cr_assert_eq(unpack(packed.data, packed.len, &got, &found, NULL), 0, "%s", programs[i].program);
		cr_expect_eq(found, programs[i].packing);
		cr_assert_eq(got.len, 2 * plain.len);
		cr_expect_eq(memcmp(got.data, plain.data, plain.len), 0);
		cr_expect_eq(memcmp(got.data + plain.len, plain.data, plain.len), 0);
	}
}

Test(inflate, passes_plain_and_empty_bytes)
{
	static const char *const texts[] = { "", "B", "plain text, longer than a magic number" };

	for (size_t i = 0; i < OCI_COUNT(texts); i++) {
		auto_buf struct oci_buf got = { 0 };
		enum oci_packing found;

		cr_assert_eq(unpack(texts[i], strlen(texts[i]), &got, &found, NULL), 0);
		cr_expect_eq(found, OCI_PACKING_PLAIN);
		cr_expect_str_eq(oci_buf_text(&got), texts[i]);
	}
}

Test(inflate, refuses_what_is_cut_short_or_damaged)
{
	auto_buf struct oci_buf plain = { 0 };

	sample(&plain);
	for (size_t i = 1; i < OCI_COUNT(programs); i++) {
		auto_buf struct oci_buf packed = { 0 }, got = { 0 };
		auto_err struct oci_err *err = NULL, *err2 = NULL;

		pack(programs[i].program, &plain, &packed);
		cr_expect_eq(unpack(packed.data, packed.len - 9, &got, NULL, &err), -1, "%s", programs[i].program);
		cr_expect(oci_starts(oci_err_text(err), "blob: "), "%s", oci_err_text(err));
		if (programs[i].packing == OCI_PACKING_GZIP || programs[i].packing == OCI_PACKING_ZSTD)
			cr_expect_not_null(strstr(oci_err_text(err), "cut short"), "%s", oci_err_text(err));
		memset(packed.data + packed.len / 2, 0x55, 64);
		oci_buf_reset(&got);
		cr_expect_eq(unpack(packed.data, packed.len, &got, NULL, &err2), -1, "%s", programs[i].program);
	}
}

Test(inflate, refuses_what_follows)
{
	auto_buf struct oci_buf plain = { 0 };

	sample(&plain);
	for (size_t i = 1; i <= 2; i++) {
		auto_buf struct oci_buf packed = { 0 }, got = { 0 };
		auto_err struct oci_err *err = NULL;

		pack(programs[i].program, &plain, &packed);
		oci_buf_add(&packed, "\0\0\0\0\0\0\0\0", 8);
		cr_expect_eq(unpack(packed.data, packed.len, &got, NULL, NULL), 0);
		oci_buf_adds(&packed, "evil");
		oci_buf_reset(&got);
		cr_expect_eq(unpack(packed.data, packed.len, &got, NULL, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), "something else follows the"), "%s", oci_err_text(err));
	}
}
