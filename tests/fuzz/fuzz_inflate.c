/* Any bytes as packed data: an error or an end, never more than a few megabytes asked for. */
#include "archive/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_reader struct oci_reader r = { 0 };
	char chunk[65536];
	size_t total = 0;
	ssize_t n;

	if (oci_inflate_reader(oci_reader_of_memory(data, size), "fuzz", &r, NULL, NULL) < 0)
		return 0;
	while ((n = oci_reader_read(&r, chunk, sizeof(chunk), NULL)) > 0 && (total += (size_t)n) < 8u << 20)
		;
	return 0;
}
