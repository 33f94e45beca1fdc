/* gzip through ISA-L, four times as fast as zlib; zlib where ISA-L is missing. */
#include "archive/inflate_int.h"

#include <stdlib.h>

struct gunzip;
static ssize_t step(struct gunzip *g, void *buf, size_t n, struct oci_err **err);
static void reset(struct gunzip *g);

#if __has_include(<isa-l/igzip_lib.h>) && !defined(KUBECRATE_NO_ISAL)
#include <isa-l/igzip_lib.h>

struct gunzip {
	struct oci_input *in;
	bool ended; /* the current member is whole */
	struct inflate_state state;
};

static void begin(struct gunzip *g)
{
	isal_inflate_init(&g->state);
	g->state.crc_flag = ISAL_GZIP;
}

static void reset(struct gunzip *g)
{
	isal_inflate_reset(&g->state);
	g->state.crc_flag = ISAL_GZIP;
}

static void end(struct gunzip *g)
{
	(void)g;
}

static ssize_t step(struct gunzip *g, void *buf, size_t n, struct oci_err **err)
{
	struct oci_input *in = g->in;

	g->state.next_in = in->buf + in->at;
	g->state.avail_in = (uint32_t)(in->len - in->at);
	g->state.next_out = buf;
	g->state.avail_out = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
	int rc = isal_inflate(&g->state);

	in->at = in->len - g->state.avail_in;
	g->ended = g->state.block_state == ISAL_BLOCK_FINISH;
	if (rc < 0)
		return oci_input_damaged(in, "gzip", err);
	return (ssize_t)(g->state.next_out - (uint8_t *)buf);
}

#else
#include <zlib.h>

struct gunzip {
	struct oci_input *in;
	bool ended;
	z_stream state;
};

static void begin(struct gunzip *g)
{
	if (inflateInit2(&g->state, 16 + MAX_WBITS) != Z_OK)
		abort();
}

static void reset(struct gunzip *g)
{
	inflateReset(&g->state);
}

static void end(struct gunzip *g)
{
	inflateEnd(&g->state);
}

static ssize_t step(struct gunzip *g, void *buf, size_t n, struct oci_err **err)
{
	struct oci_input *in = g->in;

	g->state.next_in = in->buf + in->at;
	g->state.avail_in = (uInt)(in->len - in->at);
	g->state.next_out = buf;
	g->state.avail_out = n < UINT32_MAX ? (uInt)n : UINT32_MAX;
	int rc = inflate(&g->state, Z_NO_FLUSH);

	in->at = in->len - g->state.avail_in;
	g->ended = rc == Z_STREAM_END;
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return oci_input_damaged(in, "gzip", err);
	return (ssize_t)(g->state.next_out - (uint8_t *)buf);
}

#endif

/* Behind a member: another one (1), or the end (0). */
static int next_member(struct gunzip *g, struct oci_err **err)
{
	struct oci_input *in = g->in;

	if (oci_input_fill(in, 3, err) < 0)
		return -1;
	if (oci_packing_of(in->buf + in->at, in->len - in->at) != OCI_PACKING_GZIP)
		return oci_input_expect_zeros(in, "gzip", err);
	reset(g);
	g->ended = false;
	return 1;
}

static ssize_t gunzip_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct gunzip *g = ctx;

	for (;;) {
		if (g->ended) {
			int rc = next_member(g, err);

			if (rc <= 0)
				return rc;
		}
		if (oci_input_fill(g->in, 1, err) < 0)
			return -1;
		bool dry = g->in->at == g->in->len;
		ssize_t got = step(g, buf, n, err);

		if (got != 0)
			return got;
		if (dry && !g->ended)
			return oci_input_cut_short(g->in, "gzip", err);
	}
}

static void gunzip_close(void *ctx)
{
	struct gunzip *g = ctx;

	end(g);
	oci_input_free(g->in);
	free(g);
}

struct oci_reader oci_gunzip_reader(struct oci_input *in_take)
{
	struct gunzip *g = oci_calloc(1, sizeof(*g));

	g->in = in_take;
	begin(g);
	return (struct oci_reader){ gunzip_read, gunzip_close, g };
}
