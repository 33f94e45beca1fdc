/* Manifests, indexes and configs. */
#include "image/config.h"
#include "image/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_manifest struct oci_manifest m = { 0 };
	auto_config struct oci_config c = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_manifest_parse("fuzz", data, size, NULL, &m, &err);
	if (oci_config_parse("fuzz", data, size, &c, &err) == 0) {
		auto_buf struct oci_buf text = { 0 };

		oci_config_print(&c, "1970-01-01T00:00:00Z", &text);
	}
	return 0;
}
