/* xz and bzip2 through libarchive's filters. */
#include "archive/libarchive_int.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

struct unfilter {
	struct oci_input *in;
	struct archive *a;
	struct oci_err *err; /* why the packed bytes could not be read */
};

static la_ssize_t input_read(struct archive *a, void *ctx, const void **data)
{
	struct unfilter *u = ctx;

	if (oci_input_fill(u->in, 1, &u->err) < 0) {
		archive_set_error(a, EIO, "%s", oci_err_text(u->err));
		return -1;
	}
	size_t n = u->in->len - u->in->at;

	*data = u->in->buf + u->in->at;
	u->in->at = u->in->len;
	return (la_ssize_t)n;
}

static int fail(struct unfilter *u, struct oci_err **err)
{
	if (u->err)
		return oci_fail_with(err, &u->err);
	return oci_archive_fail(u->a, u->in->what, err);
}

static ssize_t unfilter_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct unfilter *u = ctx;
	la_ssize_t got = archive_read_data(u->a, buf, n);

	return got < 0 ? fail(u, err) : got;
}

static void unfilter_close(void *ctx)
{
	struct unfilter *u = ctx;

	archive_read_free(u->a);
	oci_err_clear(&u->err);
	oci_input_free(u->in);
	free(u);
}

static int open_raw(struct unfilter *u, struct oci_err **err)
{
	struct archive_entry *entry;

	archive_read_support_filter_xz(u->a);
	archive_read_support_filter_bzip2(u->a);
	archive_read_support_format_raw(u->a);
	archive_read_support_format_empty(u->a);
	if (archive_read_open(u->a, u, NULL, input_read, NULL) != ARCHIVE_OK)
		return fail(u, err);
	int rc = archive_read_next_header(u->a, &entry);

	return rc == ARCHIVE_OK || rc == ARCHIVE_EOF ? 0 : fail(u, err);
}

int oci_unfilter_reader(struct oci_input *in_take, struct oci_reader *out, struct oci_err **err)
{
	struct unfilter *u = oci_calloc(1, sizeof(*u));

	*u = (struct unfilter){ .in = in_take, .a = oci_archive_new() };
	if (open_raw(u, err) < 0) {
		unfilter_close(u);
		return -1;
	}
	*out = (struct oci_reader){ unfilter_read, unfilter_close, u };
	return 0;
}
