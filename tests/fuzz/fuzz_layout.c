/* index.json of a layout: every entry has a reference or none, whatever its annotations say. */
#include "image/layout.h"
#include "image/ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char marker[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	auto_layout struct oci_layout l = { 0 };

	oci_layout_parse("marker", data, size, "{}", 2, &(struct oci_layout){ 0 }, NULL);
	if (oci_layout_parse("fuzz", marker, sizeof(marker) - 1, data, size, &l, NULL) < 0)
		return 0;
	for (size_t i = 0; i < l.entries.n; i++) {
		auto_ref struct oci_ref ref = { 0 };

		oci_layout_ref(&l.entries.v[i], &ref, NULL);
	}
	return 0;
}
