#include "archive/inflate_int.h"

#include <string.h>

static ssize_t plain_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct oci_input *in = ctx;
	size_t have = in->len - in->at;

	if (have == 0)
		return in->ended ? 0 : oci_reader_read(&in->from, buf, n, err);
	if (n > have)
		n = have;
	memcpy(buf, in->buf + in->at, n);
	in->at += n;
	return (ssize_t)n;
}

static void plain_close(void *ctx)
{
	oci_input_free(ctx);
}

int oci_inflate_reader(struct oci_reader from_take, const char *what, struct oci_reader *out, enum oci_packing *found,
		       struct oci_err **err)
{
	struct oci_input *in = oci_input_new(from_take, what);

	if (oci_input_fill(in, 6, err) < 0) {
		oci_input_free(in);
		return -1;
	}
	enum oci_packing packing = oci_packing_of(in->buf, in->len);

	if (found)
		*found = packing;
	switch (packing) {
	case OCI_PACKING_GZIP:
		*out = oci_gunzip_reader(in);
		return 0;
	case OCI_PACKING_ZSTD:
		*out = oci_unzstd_reader(in);
		return 0;
	case OCI_PACKING_XZ:
	case OCI_PACKING_BZIP2:
		return oci_unfilter_reader(in, out, err);
	default:
		*out = (struct oci_reader){ plain_read, plain_close, in };
		return 0;
	}
}
