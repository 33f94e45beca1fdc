/* Digests, platforms, base64, and two versions: what is read prints to the same, and an order holds both ways. */
#include "base/base64.h"
#include "base/buf.h"
#include "digest/digest.h"
#include "image/platform.h"
#include "template/version.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_digest(struct oci_slice text)
{
	struct oci_digest d;

	if (oci_digest_parse(text, &d, NULL) == 0 && !oci_slice_eq(text, OCI_DIGEST(&d)))
		abort();
}

static void read_platform(const char *text)
{
	auto_platform struct oci_platform p = { 0 }, again = { 0 };

	if (oci_platform_parse(text, &p, NULL) < 0)
		return;
	if (oci_platform_parse(OCI_PLATFORM(&p), &again, NULL) < 0 || !oci_platform_same(&p, &again) ||
	    !oci_platform_serves(&p, &again))
		abort();
}

static void read_base64(struct oci_slice text)
{
	auto_buf struct oci_buf plain = { 0 }, packed = { 0 }, again = { 0 };

	if (!oci_base64_decode(text, &plain))
		return;
	oci_base64_encode(oci_buf_text(&plain), plain.len, &packed);
	if (!oci_base64_decode((struct oci_slice){ oci_buf_text(&packed), packed.len }, &again) ||
	    again.len != plain.len || memcmp(oci_buf_text(&again), oci_buf_text(&plain), plain.len) != 0)
		abort();
}

static void compare(struct oci_slice a, struct oci_slice b)
{
	static const enum oci_version_order orders[] = { OCI_VERSION_LOOSE, OCI_VERSION_STRICT, OCI_VERSION_SEMVER,
							 OCI_VERSION_PEP440 };

	for (size_t i = 0; i < OCI_COUNT(orders); i++) {
		int there, back;

		if (oci_version_compare(orders[i], a, b, &there, NULL) == 0 &&
		    (oci_version_compare(orders[i], b, a, &back, NULL) < 0 || (there < 0) != (back > 0) ||
		     (there == 0) != (back == 0)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = oci_strndup((const char *)data, size);
	struct oci_slice whole = oci_slice(text), a, b;

	read_digest(whole);
	read_platform(text);
	read_base64(whole);
	oci_slice_cut(whole, ' ', &a, &b);
	compare(a, b);
	return 0;
}
