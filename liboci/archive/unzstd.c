/* zstd frames: https://www.rfc-editor.org/rfc/rfc8878 */
#include "archive/inflate_int.h"

#include <stdlib.h>
#include <zstd.h>

struct unzstd {
	struct oci_input *in;
	ZSTD_DStream *state;
	bool between; /* a frame has just ended */
};

/* Between frames: another one (1), or the end (0). */
static int next_frame(struct unzstd *z, struct oci_err **err)
{
	struct oci_input *in = z->in;

	if (oci_input_fill(in, 4, err) < 0)
		return -1;
	if (oci_packing_of(in->buf + in->at, in->len - in->at) != OCI_PACKING_ZSTD)
		return oci_input_expect_zeros(in, "zstd", err);
	z->between = false;
	return 1;
}

static ssize_t step(struct unzstd *z, void *buf, size_t n, struct oci_err **err)
{
	struct oci_input *in = z->in;
	ZSTD_inBuffer from = { in->buf, in->len, in->at };
	ZSTD_outBuffer to = { buf, n, 0 };
	size_t rc = ZSTD_decompressStream(z->state, &to, &from);

	in->at = from.pos;
	if (ZSTD_isError(rc))
		return oci_fail(err, OCI_BADINPUT, "%s: the zstd data is damaged: %s", in->what, ZSTD_getErrorName(rc));
	z->between = rc == 0;
	return (ssize_t)to.pos;
}

static ssize_t unzstd_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct unzstd *z = ctx;

	for (;;) {
		if (z->between) {
			int rc = next_frame(z, err);

			if (rc <= 0)
				return rc;
		}
		if (oci_input_fill(z->in, 1, err) < 0)
			return -1;
		bool dry = z->in->at == z->in->len;
		ssize_t got = step(z, buf, n, err);

		if (got != 0)
			return got;
		if (dry && !z->between)
			return oci_input_cut_short(z->in, "zstd", err);
	}
}

static void unzstd_close(void *ctx)
{
	struct unzstd *z = ctx;

	ZSTD_freeDStream(z->state);
	oci_input_free(z->in);
	free(z);
}

struct oci_reader oci_unzstd_reader(struct oci_input *in_take)
{
	struct unzstd *z = oci_calloc(1, sizeof(*z));

	*z = (struct unzstd){ .in = in_take, .state = ZSTD_createDStream(), .between = true };
	if (!z->state)
		abort();
	return (struct oci_reader){ unzstd_read, unzstd_close, z };
}
