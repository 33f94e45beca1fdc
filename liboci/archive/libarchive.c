#include "archive/libarchive_int.h"

#include <stdlib.h>
#include <string.h>

struct archive *oci_archive_new(void)
{
	struct archive *a = archive_read_new();

	if (!a)
		abort();
	return a;
}

int oci_archive_fail(struct archive *a, const char *what, struct oci_err **err)
{
	const char *why = archive_error_string(a);

	/* so liblzma says that the input ended too early */
	if (why && strstr(why, "No progress is possible"))
		why = "truncated xz input";
	return oci_fail(err, OCI_BADINPUT, "%s: %s", what, why ? why : "damaged");
}
