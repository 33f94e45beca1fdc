/* Lists and checksum files. */
#include "base/list.h"
#include "digest/sumfile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sums(const char *text, size_t size)
{
	auto_sums struct oci_sums s = { 0 }, again = { 0 };
	auto_buf struct oci_buf printed = { 0 };

	if (oci_sums_parse("fuzz", text, size, &s, NULL) < 0)
		return;
	oci_sums_print(&s, &printed);
	if (oci_sums_parse("again", oci_buf_text(&printed), printed.len, &again, NULL) < 0 || again.n != s.n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_list struct oci_list list = { 0 };

	oci_list_parse(&list, "fuzz", (const char *)data, size, NULL);
	sums((const char *)data, size);
	return 0;
}
