/* primary.xml: any bytes give an error or packages whose places lie inside the document, and each of them is a document
 * that reads the same. */
#include "pkgrepo/rpmmd_primary.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct whole {
	const char *data;
	size_t n;
	const struct oci_rpm_pkg *pkg;
};

static int again(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	const struct whole *w = ctx;

	(void)err;
	if (strcmp(oci_rpm_text(pkg, pkg->name), oci_rpm_text(w->pkg, w->pkg->name)) != 0)
		abort();
	return 0;
}

static int one(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	struct whole *w = ctx;

	if (pkg->at + pkg->len > w->n || pkg->loc_at + pkg->loc_len > pkg->len)
		abort();
	w->pkg = pkg;
	return oci_primary_parse_one("again", (struct oci_slice){ w->data + pkg->at, (size_t)pkg->len }, again, w, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	auto_err struct oci_err *err = NULL;
	struct whole w = { (const char *)data, n, NULL };
	struct oci_reader r = oci_reader_of_memory(data, n);

	oci_primary_read(&r, "fuzz", n, one, &w, &err);
	oci_reader_close(&r);
	return 0;
}
