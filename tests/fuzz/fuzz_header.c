/* Headers and URLs that decide how a transfer goes on: Retry-After, Content-Range, Location. */
#include "net/header.h"
#include "net/url.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = oci_strndup((const char *)data, size);
	auto_free char *shown = oci_url_shown(text), *to = NULL;
	struct oci_content_range range;
	uint64_t seconds;

	oci_header_retry_after(text, 1000, &seconds);
	if (oci_header_content_range(text, &range) && range.sent && range.first > range.last)
		abort();
	if (!shown)
		abort();
	if (oci_url_resolve("https://quay.io/v2/", text, &to, NULL) == 0) {
		auto_free char *origin = NULL;

		if (oci_url_origin(to, &origin, NULL) < 0)
			abort();
	}
	return 0;
}
