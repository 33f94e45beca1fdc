#include "base/list.h"

#include <criterion/criterion.h>
#include <string.h>

Test(list, takes_comments_blank_lines_and_crlf)
{
	static const char text[] = "\xef\xbb\xbf# head\r\n\r\n  a b  # tail\r\nquay.io/x@sha256:00#f\n\n";
	auto_list struct oci_list list = { 0 };

	cr_assert_eq(oci_list_parse(&list, "x.list", text, sizeof(text) - 1, NULL), 0);
	cr_assert_eq(list.n, 2);
	cr_expect_str_eq(list.v[0].text, "a b");
	cr_expect_eq(list.v[0].line, 3);
	cr_expect_str_eq(list.v[1].text, "quay.io/x@sha256:00#f");
}

Test(list, refuses_binary_files)
{
	auto_list struct oci_list list = { 0 };
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_list_parse(&list, "x.list", "a\n\0b\n", 5, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "x.list:2: not a text file (NUL byte)");
}
