/* filelists.xml and other.xml: any bytes give an error or elements as they are written. */
#include "pkgrepo/rpmmd_lists.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool on_package(void *ctx, const char *pkgid)
{
	(void)ctx;
	return *pkgid != 'x';
}

static void on_file(void *ctx, struct oci_slice path)
{
	(void)ctx;
	if (path.len && !path.p[0])
		abort(); /* XML has no NUL */
}

static void on_element(void *ctx, struct oci_slice element)
{
	(void)ctx;
	if (!element.len || element.p[0] != '<' || element.p[element.len - 1] != '>')
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct oci_rpm_list_events events = { on_package, on_file, on_element };
	static const char *const roots[] = { "filelists", "otherdata" };

	for (size_t i = 0; i < OCI_COUNT(roots); i++) {
		auto_err struct oci_err *err = NULL;
		struct oci_reader r = oci_reader_of_memory(data, n);

		oci_rpm_list_read(&r, "fuzz", roots[i], n, &events, NULL, &err);
		oci_reader_close(&r);
	}
	return 0;
}
