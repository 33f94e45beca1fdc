/* Variable files as lines of text, before they are YAML. */
#include "listgen/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_scan struct oci_scan files = { .file = "f", .bytes = { (const char *)data, size } };
	auto_scan struct oci_scan images = { .file = "f", .bytes = { (const char *)data, size } };

	oci_scan_files(&files);
	oci_scan_images(&images);
	return 0;
}
