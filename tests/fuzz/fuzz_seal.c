/* A seal: the JSON, a line "----", the sums. What is accepted prints and parses again. */
#include "bundle/seal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char cut[] = "\n----\n";
	const char *at = size ? memmem(data, size, cut, sizeof(cut) - 1) : NULL;
	size_t n = at ? (size_t)(at - (const char *)data) : size;
	auto_buf struct oci_buf json = { 0 }, text = { 0 }, again = { 0 };
	auto_sums struct oci_sums sums = { 0 };
	auto_seal struct oci_seal seal = { 0 };
	struct oci_digest digest;

	oci_buf_add(&json, data, n);
	if (at)
		oci_buf_add(&text, at + sizeof(cut) - 1, size - n - (sizeof(cut) - 1));
	/* the sum of a JSON that is not known beforehand */
	oci_digest_of(oci_buf_text(&json), json.len, &digest);
	oci_sum_print("modules.d/m.json", &digest, &text);
	auto_reader struct oci_reader from = oci_reader_of_memory(text.data, text.len);

	if (oci_sums_read(&from, "sums", text.len, &sums, NULL) < 0 ||
	    oci_seal_parse("m", &json, &sums, &seal, NULL) < 0)
		return 0;
	oci_seal_print(&seal, &again);
	if (again.len == 0)
		abort();
	return 0;
}
