/* Checksum files as they pass by: the text of many files would be most of what is kept in memory. */
#include "base/vec.h"
#include "digest/sumfile.h"

#define LINE_MAX_LEN 65536
#define RUN 65536

static int take_line(struct oci_sum_lines *l, struct oci_slice line, struct oci_err **err)
{
	l->number++;
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	if (line.len == 0)
		return 0;
	if (oci_sums_parse_line(line, &l->one, err) < 0 || (l->one.n && l->each(l->ctx, &l->one.v[0], err) < 0))
		return oci_fail_in(err, "%s:%u", l->what, l->number);
	if (l->one.n)
		oci_auto_free(&l->one.v[0].path);
	l->one.n = 0;
	return 0;
}

static int add_piece(struct oci_sum_lines *l, struct oci_slice piece, struct oci_err **err)
{
	if (piece.len > LINE_MAX_LEN - l->line.len)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: a line of more than %d bytes", l->what, l->number + 1,
				LINE_MAX_LEN);
	oci_buf_add(&l->line, piece.p, piece.len);
	return 0;
}

int oci_sum_lines_add(struct oci_sum_lines *l, const void *data, size_t n, struct oci_err **err)
{
	struct oci_slice rest = { data, n }, piece;

	while (rest.len) {
		bool whole = oci_slice_cut(rest, '\n', &piece, &rest);

		if (!whole || l->line.len) {
			if (add_piece(l, piece, err) < 0)
				return -1;
			piece = (struct oci_slice){ l->line.data, l->line.len };
		}
		if (whole && take_line(l, piece, err) < 0)
			return -1;
		if (whole)
			oci_buf_reset(&l->line);
	}
	return 0;
}

int oci_sum_lines_end(struct oci_sum_lines *l, struct oci_err **err)
{
	struct oci_slice line = { l->line.data, l->line.len };
	int rc = line.len ? take_line(l, line, err) : 0;

	oci_buf_reset(&l->line);
	return rc;
}

void oci_sum_lines_clear(struct oci_sum_lines *l)
{
	oci_buf_clear(&l->line);
	oci_sums_clear(&l->one);
}

static int keep(void *ctx, struct oci_sum *sum, struct oci_err **err)
{
	struct oci_sums *out = ctx;
	char *path = oci_steal(&sum->path);

	(void)err;
	*oci_vec_push(out) = (struct oci_sum){ path, sum->digest };
	return 0;
}

static int read_lines(struct oci_sum_lines *l, struct oci_reader *from, uint64_t max, struct oci_err **err)
{
	auto_free char *run = oci_realloc(NULL, RUN, 1);
	uint64_t left = max;
	ssize_t n;

	while ((n = oci_reader_read(from, run, RUN, err)) > 0) {
		if ((uint64_t)n > left)
			return oci_fail(err, OCI_BADINPUT, "%s: larger than %llu bytes", l->what,
					(unsigned long long)max);
		left -= (uint64_t)n;
		if (oci_sum_lines_add(l, run, (size_t)n, err) < 0)
			return -1;
	}
	return n < 0 ? -1 : oci_sum_lines_end(l, err);
}

int oci_sums_read(struct oci_reader *from, const char *what, uint64_t max, struct oci_sums *out, struct oci_err **err)
{
	OCI_AUTO(oci_sum_lines_clear) struct oci_sum_lines l = { .what = what, .each = keep, .ctx = out };

	return read_lines(&l, from, max, err);
}

int oci_sums_load(const char *path, uint64_t max, struct oci_sums *out, struct oci_err **err)
{
	auto_reader struct oci_reader from = { 0 };

	return oci_reader_of_path(&from, path, err) < 0 ? -1 : oci_sums_read(&from, path, max, out, err);
}
