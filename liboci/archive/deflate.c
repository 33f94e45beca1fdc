#include "archive/deflate.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define OUT_SIZE (128 * 1024)
#define ZSTD_LEVEL 3

struct deflate {
	struct oci_writer *to;
	z_stream gzip;
	ZSTD_CStream *zstd;
	uint8_t out[OUT_SIZE];
};

static int plain_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	return oci_writer_write(ctx, data, n, err);
}

static int gzip_step(struct deflate *d, int flush, struct oci_err **err)
{
	int rc;

	do {
		d->gzip.next_out = d->out;
		d->gzip.avail_out = OUT_SIZE;
		rc = deflate(&d->gzip, flush);
		if (oci_writer_write(d->to, d->out, OUT_SIZE - d->gzip.avail_out, err) < 0)
			return -1;
	} while (d->gzip.avail_out == 0 || (flush == Z_FINISH && rc == Z_OK));
	return 0;
}

static int gzip_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	struct deflate *d = ctx;

	for (const uint8_t *p = data; n > 0;) {
		uInt take = n < (1u << 30) ? (uInt)n : 1u << 30;

		d->gzip.next_in = (Bytef *)(uintptr_t)p;
		d->gzip.avail_in = take;
		if (gzip_step(d, Z_NO_FLUSH, err) < 0)
			return -1;
		p += take;
		n -= take;
	}
	return 0;
}

static int gzip_finish(void *ctx, struct oci_err **err)
{
	return gzip_step(ctx, Z_FINISH, err);
}

static void gzip_close(void *ctx)
{
	struct deflate *d = ctx;

	deflateEnd(&d->gzip);
	free(d);
}

static int zstd_step(struct deflate *d, ZSTD_inBuffer *in, ZSTD_EndDirective how, struct oci_err **err)
{
	size_t left;

	do {
		ZSTD_outBuffer out = { d->out, OUT_SIZE, 0 };

		left = ZSTD_compressStream2(d->zstd, &out, in, how);
		if (ZSTD_isError(left))
			return oci_fail(err, OCI_FAILED, "zstd: %s", ZSTD_getErrorName(left));
		if (oci_writer_write(d->to, d->out, out.pos, err) < 0)
			return -1;
	} while (how == ZSTD_e_end ? left > 0 : in->pos < in->size);
	return 0;
}

static int zstd_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	ZSTD_inBuffer in = { data, n, 0 };

	return zstd_step(ctx, &in, ZSTD_e_continue, err);
}

static int zstd_finish(void *ctx, struct oci_err **err)
{
	ZSTD_inBuffer in = { NULL, 0, 0 };

	return zstd_step(ctx, &in, ZSTD_e_end, err);
}

static void zstd_close(void *ctx)
{
	struct deflate *d = ctx;

	ZSTD_freeCStream(d->zstd);
	free(d);
}

struct oci_writer oci_deflate_writer(enum oci_packing packing, struct oci_writer *to)
{
	if (packing == OCI_PACKING_PLAIN)
		return (struct oci_writer){ plain_write, NULL, NULL, to };
	struct deflate *d = oci_calloc(1, sizeof(*d));

	d->to = to;
	if (packing == OCI_PACKING_ZSTD) {
		d->zstd = ZSTD_createCStream();
		if (!d->zstd || ZSTD_isError(ZSTD_CCtx_setParameter(d->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)))
			abort();
		return (struct oci_writer){ zstd_write, zstd_finish, zstd_close, d };
	}
	if (deflateInit2(&d->gzip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	return (struct oci_writer){ gzip_write, gzip_finish, gzip_close, d };
}

unsigned oci_deflate_estimate(const void *data, size_t n)
{
	size_t room = ZSTD_compressBound(n);
	auto_free void *out = oci_realloc(NULL, room, 1);
	size_t left = ZSTD_compress(out, room, data, n, 1);

	return n == 0 || ZSTD_isError(left) || left > n ? 100 : (unsigned)(left * 100 / n);
}
