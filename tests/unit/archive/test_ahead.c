#include "archive/ahead.h"
#include "base/buf.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(ahead);

static ssize_t broken_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	size_t *left = ctx;

	if (*left == 0)
		return oci_fail(err, OCI_FAILED, "the disk is gone");
	if (n > *left)
		n = *left;
	memset(buf, 'x', n);
	*left -= n;
	return (ssize_t)n;
}

Test(ahead, gives_all_bytes)
{
	auto_buf struct oci_buf data = { 0 };
	char chunk[9999];
	size_t at = 0;
	ssize_t n;

	for (unsigned i = 0; data.len < 3000000; i++)
		oci_buf_addf(&data, "%u ", i);
	auto_reader struct oci_reader r = oci_ahead_reader(oci_reader_of_memory(data.data, data.len));

	while ((n = oci_reader_read(&r, chunk, sizeof(chunk), NULL)) > 0) {
		cr_assert_eq(memcmp(chunk, data.data + at, (size_t)n), 0);
		at += (size_t)n;
	}
	cr_expect_eq(n, 0);
	cr_expect_eq(at, data.len);
}

Test(ahead, passes_an_error_on_each_time)
{
	size_t left = 300000;
	auto_reader struct oci_reader r = oci_ahead_reader((struct oci_reader){ .read = broken_read, .ctx = &left });
	char chunk[4096];
	ssize_t n;

	while ((n = oci_reader_read(&r, chunk, sizeof(chunk), NULL)) > 0)
		;
	for (int i = 0; i < 2; i++) {
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_reader_read(&r, chunk, sizeof(chunk), &err), -1);
		cr_expect_str_eq(oci_err_text(err), "the disk is gone");
	}
}

Test(ahead, can_be_closed_before_the_end)
{
	size_t left = SIZE_MAX;
	auto_reader struct oci_reader r = oci_ahead_reader((struct oci_reader){ .read = broken_read, .ctx = &left });
	char chunk[100];

	cr_expect_eq(oci_reader_read(&r, chunk, sizeof(chunk), NULL), 100);
}
