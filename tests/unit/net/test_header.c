#include "net/header.h"

#include <criterion/criterion.h>

Test(header, reads_retry_after)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t seconds;
	} cases[] = {
		{ "120", true, 120 },
		{ " 0 ", true, 0 },
		{ "Thu, 01 Jan 1970 00:20:00 GMT", true, 200 },
		{ "Thu, 01 Jan 1970 00:00:01 GMT", true, 0 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", true, 784111777 - 1000 },
		{ "", false, 0 },
		{ "soon", false, 0 },
		{ "-5", false, 0 },
		{ "99999999999999999999999", false, 0 },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		uint64_t seconds = 0;

		cr_expect_eq(oci_header_retry_after(cases[i].text, 1000, &seconds), cases[i].ok, "%s", cases[i].text);
		if (cases[i].ok)
			cr_expect_eq(seconds, cases[i].seconds, "%s", cases[i].text);
	}
}

Test(header, reads_content_range)
{
	struct oci_content_range r;

	cr_assert(oci_header_content_range("bytes 5-9/10", &r));
	cr_expect(r.sent && r.first == 5 && r.last == 9 && r.total_known && r.total == 10);
	cr_assert(oci_header_content_range("BYTES 0-0/*", &r));
	cr_expect(r.sent && r.first == 0 && r.last == 0 && !r.total_known);
	cr_assert(oci_header_content_range("bytes */77", &r));
	cr_expect(!r.sent && r.total_known && r.total == 77);
}

Test(header, refuses_bad_content_ranges)
{
	static const char *const bad[] = { "",
					   "bytes",
					   "bytes 5-9",
					   "bytes 9-5/10",
					   "bytes 5-10/10",
					   "bytes -5/10",
					   "items 0-1/2",
					   "bytes 0-1/x",
					   "bytes 1/2",
					   "bytes +1-2/3",
					   "bytes 0-18446744073709551616/*" };
	struct oci_content_range r;

	for (size_t i = 0; i < OCI_COUNT(bad); i++)
		cr_expect_not(oci_header_content_range(bad[i], &r), "%s", bad[i]);
}

Test(header, compares_media_types)
{
	cr_expect(oci_header_is_type("Text/HTML; charset=utf-8", "text/html"));
	cr_expect_not(oci_header_is_type("text/html5", "text/html"));
	cr_expect_not(oci_header_is_type(NULL, "text/html"));
}
