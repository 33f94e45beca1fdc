#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

ssize_t oci_reader_read(struct oci_reader *r, void *buf, size_t n, struct oci_err **err)
{
	return r->read(r->ctx, buf, n, err);
}

ssize_t oci_reader_fill(struct oci_reader *r, void *buf, size_t n, struct oci_err **err)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = r->read(r->ctx, (char *)buf + have, n - have, err);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

int oci_reader_all(struct oci_reader *r, const char *what, size_t max, struct oci_buf *out, struct oci_err **err)
{
	char chunk[16384];
	ssize_t n;

	while ((n = r->read(r->ctx, chunk, sizeof(chunk), err)) > 0) {
		if ((size_t)n > max - out->len)
			return oci_fail(err, OCI_BADINPUT, "%s: larger than %zu bytes", what, max);
		oci_buf_add(out, chunk, (size_t)n);
	}
	return n < 0 ? -1 : 0;
}

int oci_reader_drain(struct oci_reader *r, struct oci_err **err)
{
	auto_free char *chunk = oci_realloc(NULL, CHUNK, 1);
	ssize_t n;

	do
		n = r->read(r->ctx, chunk, CHUNK, err);
	while (n > 0);
	return (int)n;
}

void oci_reader_close(struct oci_reader *r)
{
	if (r->close)
		r->close(r->ctx);
	*r = (struct oci_reader){ 0 };
}

int oci_writer_write(struct oci_writer *w, const void *data, size_t n, struct oci_err **err)
{
	return n ? w->write(w->ctx, data, n, err) : 0;
}

int oci_writer_finish(struct oci_writer *w, struct oci_err **err)
{
	return w->finish ? w->finish(w->ctx, err) : 0;
}

void oci_writer_close(struct oci_writer *w)
{
	if (w->close)
		w->close(w->ctx);
	*w = (struct oci_writer){ 0 };
}

int oci_stream_copy(struct oci_reader *from, struct oci_writer *to, uint64_t *total, struct oci_err **err)
{
	auto_free char *chunk = oci_realloc(NULL, CHUNK, 1);
	uint64_t sum = 0;
	ssize_t n;

	while ((n = oci_reader_read(from, chunk, CHUNK, err)) > 0) {
		if (oci_writer_write(to, chunk, (size_t)n, err) < 0)
			return -1;
		sum += (uint64_t)n;
	}
	if (total)
		*total = sum;
	return n < 0 ? -1 : 0;
}

struct fd_ctx {
	int fd;
	char *what;
	uint64_t at, left; /* of a range */
};

static ssize_t fd_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct fd_ctx *f = ctx;

	for (;;) {
		ssize_t got = read(f->fd, buf, n);

		if (got >= 0)
			return got;
		if (errno != EINTR)
			return oci_fail_errno(err, "cannot read %s", f->what);
	}
}

static ssize_t range_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct fd_ctx *f = ctx;

	ssize_t got;

	if (f->left == 0)
		return 0;
	do
		got = pread(f->fd, buf, n < f->left ? n : f->left, (off_t)f->at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return oci_fail_errno(err, "cannot read %s", f->what);
	if (got == 0)
		return oci_fail(err, OCI_BADINPUT, "%s: ends %llu bytes too early", f->what,
				(unsigned long long)f->left);
	f->at += (uint64_t)got;
	f->left -= (uint64_t)got;
	return got;
}

static void fd_close(void *ctx)
{
	struct fd_ctx *f = ctx;

	if (f->fd > STDERR_FILENO)
		close(f->fd);
	free(f->what);
	free(f);
}

static struct fd_ctx *fd_ctx(int fd, const char *what)
{
	struct fd_ctx *f = oci_calloc(1, sizeof(*f));

	*f = (struct fd_ctx){ .fd = fd, .what = oci_strdup(what) };
	return f;
}

struct oci_reader oci_reader_of_fd(int fd_take, const char *what)
{
	return (struct oci_reader){ fd_read, fd_close, fd_ctx(fd_take, what) };
}

struct oci_reader oci_reader_of_fd_range(int fd_take, const char *what, uint64_t offset, uint64_t size)
{
	struct fd_ctx *f = fd_ctx(fd_take, what);

	f->at = offset;
	f->left = size;
	return (struct oci_reader){ range_read, fd_close, f };
}

struct memory_ctx {
	const char *p;
	size_t left;
};

static ssize_t memory_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct memory_ctx *m = ctx;
	size_t take = n < m->left ? n : m->left;

	(void)err;
	if (!take)
		return 0; /* no bytes may have no address */
	memcpy(buf, m->p, take);
	m->p += take;
	m->left -= take;
	return (ssize_t)take;
}

struct oci_reader oci_reader_of_memory(const void *data, size_t n)
{
	struct memory_ctx *m = oci_calloc(1, sizeof(*m));

	*m = (struct memory_ctx){ data, n };
	return (struct oci_reader){ memory_read, free, m };
}

int oci_reader_of_path(struct oci_reader *out, const char *path, struct oci_err **err)
{
	bool is_stdin = oci_streq(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return oci_fail_errno(err, "%s", path);
	*out = oci_reader_of_fd(fd, is_stdin ? "stdin" : path);
	return 0;
}
