#include "archive/pack.h"

#include "archive/libarchive_int.h"

#include <archive_entry.h>

static la_ssize_t take(struct archive *a, void *out, const void *data, size_t n)
{
	(void)a;
	oci_buf_add(out, data, n);
	return (la_ssize_t)n;
}

static int add_filter(struct archive *a, enum oci_packing packing)
{
	switch (packing) {
	case OCI_PACKING_GZIP:
		if (archive_write_add_filter_gzip(a) != ARCHIVE_OK)
			return -1;
		archive_write_set_filter_option(a, "gzip", "compression-level", "9");
		return archive_write_set_filter_option(a, "gzip", "timestamp", NULL) == ARCHIVE_OK ? 0 : -1;
	case OCI_PACKING_XZ:
		return archive_write_add_filter_xz(a) == ARCHIVE_OK ? 0 : -1;
	case OCI_PACKING_ZSTD:
		return archive_write_add_filter_zstd(a) == ARCHIVE_OK ? 0 : -1;
	default:
		return -1;
	}
}

static int write_one(struct archive *a, const void *data, size_t n)
{
	struct archive_entry *e = archive_entry_new();
	int rc;

	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_pathname(e, "data");
	rc = archive_write_header(a, e) == ARCHIVE_OK && archive_write_data(a, data, n) == (la_ssize_t)n ? 0 : -1;
	archive_entry_free(e);
	return rc == 0 && archive_write_close(a) == ARCHIVE_OK ? 0 : -1;
}

int oci_pack(enum oci_packing packing, const void *data, size_t n, struct oci_buf *out, struct oci_err **err)
{
	struct archive *a = archive_write_new();
	int rc = 0;

	archive_write_set_bytes_per_block(a, 0);
	if (add_filter(a, packing) < 0)
		rc = oci_fail(err, OCI_UNSUPPORTED, "cannot pack as %s", oci_packing_name(packing));
	else if (archive_write_set_format_raw(a) != ARCHIVE_OK ||
		 archive_write_open(a, out, NULL, take, NULL) != ARCHIVE_OK || write_one(a, data, n) < 0)
		rc = oci_fail(err, OCI_FAILED, "packing as %s: %s", oci_packing_name(packing), archive_error_string(a));
	archive_write_free(a);
	return rc;
}
