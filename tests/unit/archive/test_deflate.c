#include "archive/deflate.h"
#include "base/buf.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(deflate);

static int to_buf(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	(void)err;
	oci_buf_add(ctx, data, n);
	return 0;
}

Test(deflate, packs_what_inflate_unpacks)
{
	static const enum oci_packing packings[] = { OCI_PACKING_PLAIN, OCI_PACKING_GZIP, OCI_PACKING_ZSTD };
	auto_buf struct oci_buf plain = { 0 };

	for (unsigned i = 0; plain.len < 1000000; i++)
		oci_buf_addf(&plain, "%u;", i * 2654435761u);
	for (size_t i = 0; i < OCI_COUNT(packings); i++) {
		auto_buf struct oci_buf packed = { 0 }, got = { 0 };
		struct oci_writer to = { .write = to_buf, .ctx = &packed }, back = { .write = to_buf, .ctx = &got };
		auto_writer struct oci_writer w = oci_deflate_writer(packings[i], &to);
		auto_reader struct oci_reader r = { 0 };
		enum oci_packing found;

		for (size_t at = 0; at < plain.len; at += 77777)
			cr_assert_eq(oci_writer_write(&w, plain.data + at,
						      plain.len - at < 77777 ? plain.len - at : 77777, NULL),
				     0);
		cr_assert_eq(oci_writer_finish(&w, NULL), 0);
		cr_assert_eq(oci_inflate_reader(oci_reader_of_memory(packed.data, packed.len), "b", &r, &found, NULL),
			     0);
		cr_expect_eq(found, packings[i]);
		cr_assert_eq(oci_stream_copy(&r, &back, NULL, NULL), 0);
		cr_assert_eq(got.len, plain.len);
		cr_expect_eq(memcmp(got.data, plain.data, plain.len), 0);
	}
}

Test(deflate, estimates)
{
	static char zeros[32768];

	cr_expect_lt(oci_deflate_estimate(zeros, sizeof(zeros)), 5);
	cr_expect_eq(oci_deflate_estimate("x", 0), 100);
}
