#include "net/receive_int.h"

#include "base/out.h"
#include "net/header.h"
#include "net/xfer_int.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HEADERS_MAX 1000
#define REFUSAL_MAX (64 * 1024)
#define TELL_EVERY (256 * 1024)

static void tell(struct transfer *t, size_t n, uint64_t total)
{
	if (!t->req.progress || !t->x->s.out)
		return;
	if (!t->begun && !t->req.progress_part)
		oci_progress(t->x->s.out, OCI_EVENT_BEGIN, t->req.progress, total, NULL);
	t->begun = true;
	t->told += n;
	if (t->told >= TELL_EVERY || (!n && t->told)) {
		oci_progress(t->x->s.out, OCI_EVENT_BYTES, t->req.progress, t->told, NULL);
		t->told = 0;
	}
}

/* A file can go on where it ends, or begin anew; who gets the bytes as they come can pass over what he has already. */
static bool is_usable(const struct transfer *t, const struct oci_content_range *range)
{
	if (!range->sent || range->first > t->sink.at)
		return false;
	return t->req.write || range->first == 0 || range->first == t->sink.at;
}

/* Where in the whole this body begins, and whether the server and we mean the same thing. */
static int check_range(struct transfer *t, uint64_t *from)
{
	const char *value = oci_response_header(&t->resp, "Content-Range");
	struct oci_content_range range;

	*from = 0;
	if (t->resp.status != 206)
		return 0;
	t->bad_range = !value || !oci_header_content_range(value, &range) || !is_usable(t, &range);
	if (t->bad_range)
		return oci_fail(&t->err, OCI_BADINPUT, "206 with a Content-Range that was not asked for");
	if (t->req.sized && range.total_known && range.total != t->req.size)
		return oci_fail(&t->err, OCI_BADDIGEST, "has %llu bytes, expected %llu",
				(unsigned long long)range.total, (unsigned long long)t->req.size);
	*from = range.first;
	return 0;
}

/* A partial answer may be shorter than what was asked for, a whole one may not. */
static bool is_other_length(const struct transfer *t, uint64_t length, uint64_t left)
{
	return t->resp.status == 206 ? length > left : length != left;
}

static bool is_html(const struct transfer *t)
{
	return oci_header_is_type(oci_response_header(&t->resp, "Content-Type"), "text/html");
}

static int check_length(struct transfer *t, uint64_t from, uint64_t *total)
{
	const char *value = oci_response_header(&t->resp, "Content-Length");
	uint64_t length;

	*total = t->req.sized ? t->req.size : 0;
	if (!value || !oci_slice_u64(oci_slice_trim(oci_slice(value)), &length))
		return 0;
	*total = from + length;
	if (t->req.sized && from <= t->req.size && is_other_length(t, length, t->req.size - from))
		return oci_fail(&t->err, OCI_BADDIGEST, "has %llu bytes, expected %llu", (unsigned long long)*total,
				(unsigned long long)t->req.size);
	if (!t->req.path && !t->req.write && length > (t->req.max_body ? t->req.max_body : OCI_BODY_MAX))
		return oci_fail(&t->err, OCI_BADINPUT, "has %llu bytes, more than the %zu we take",
				(unsigned long long)length, t->req.max_body ? t->req.max_body : OCI_BODY_MAX);
	return 0;
}

/* What an interrupted body can be continued by: only a strong ETag, else the date. */
static const char *validator(const struct oci_response *r)
{
	const char *etag = oci_response_header(r, "ETag");

	if (etag && etag[0] == '"')
		return etag;
	return oci_response_header(r, "Last-Modified");
}

static int begin_body(struct transfer *t)
{
	uint64_t from = 0, total = 0;

	if (t->req.no_html && is_html(t))
		return oci_fail(&t->err, OCI_BADINPUT,
				"the answer is an HTML page: a login page or a portal in between?");
	if (check_range(t, &from) < 0)
		return -1;
	if (check_length(t, from, &total) < 0)
		return is_html(t) ? oci_fail_in(&t->err, "the server sent an HTML page instead") : -1;
	if (sink_begin(&t->sink, from, validator(&t->resp), &t->err) < 0)
		return -1;
	t->into_sink = true;
	if (!t->req.body && !t->req.body_path) {
		bool first = !t->begun;

		tell(t, 0, total);
		if (first)
			tell(t, from, total); /* what an earlier run fetched */
	}
	return 0;
}

static int end_of_headers(struct transfer *t)
{
	t->headers_over = true;
	t->host->reached = true;
	if (t->resp.status / 100 == 2 && !oci_streq(transfer_method(t), "HEAD"))
		return begin_body(t);
	oci_buf_reset(&t->resp.body);
	return 0;
}

static int begin_answer(struct transfer *t, struct oci_slice line)
{
	struct oci_slice version, status;
	uint64_t number;

	oci_strs_clear(&t->resp.headers);
	t->headers_over = false;
	if (!oci_slice_word(&line, &version) || !oci_slice_word(&line, &status) || !oci_slice_u64(status, &number) ||
	    number > 999)
		return oci_fail(&t->err, OCI_BADINPUT, "the answer is not HTTP");
	t->resp.status = (int)number;
	return 0;
}

size_t receive_header(char *text, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct oci_slice line = oci_slice_trim((struct oci_slice){ text, size * n });
	int rc = 0;

	if (oci_slice_starts(line, "HTTP/"))
		rc = begin_answer(t, line);
	else if (t->headers_over)
		return size * n; /* trailers */
	else if (!line.len)
		rc = t->resp.status >= 200 ? end_of_headers(t) : 0;
	else if (t->resp.headers.n >= HEADERS_MAX)
		rc = oci_fail(&t->err, OCI_BADINPUT, "the answer has more than %d headers", HEADERS_MAX);
	else
		oci_strs_add_take(&t->resp.headers, oci_slice_dup(line));
	return rc < 0 ? 0 : size * n;
}

/* Of an error page or a redirect's, only the beginning may be of use. */
static size_t keep_refusal(struct transfer *t, const char *data, size_t n)
{
	size_t room = REFUSAL_MAX - t->resp.body.len;

	oci_buf_add(&t->resp.body, data, n < room ? n : room);
	t->cut = n > room;
	return t->cut ? 0 : n;
}

size_t receive_body(char *data, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	n *= size;
	if (!t->into_sink)
		return keep_refusal(t, data, n);
	t->resp.received += n;
	if (t->err || sink_write(&t->sink, data, n, &t->err) < 0)
		return 0;
	if (!t->req.body && !t->req.body_path)
		tell(t, n, 0);
	return n;
}

size_t receive_upload(char *into, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	uint64_t total = t->req.body_path ? t->req.body_size : t->req.body_len, left = total - t->body_at;

	n = n * size < left ? n * size : (size_t)left;
	if (t->req.body_path) {
		ssize_t got = pread(t->body_fd, into, n, (off_t)(t->req.body_offset + t->body_at));

		if (got < 0 || (got == 0 && n > 0)) {
			errno = got < 0 ? errno : EIO;
			oci_fail_errno(&t->err, "cannot read %s", t->req.body_path);
			return CURL_READFUNC_ABORT;
		}
		n = (size_t)got;
	} else if (n) {
		memcpy(into, (const char *)t->req.body + t->body_at, n);
	}
	t->body_at += n;
	t->resp.sent += n;
	tell(t, n, total);
	return n;
}

int receive_seek(void *ctx, curl_off_t offset, int origin)
{
	struct transfer *t = ctx;

	if (origin != SEEK_SET || offset < 0)
		return CURL_SEEKFUNC_FAIL;
	t->body_at = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}
