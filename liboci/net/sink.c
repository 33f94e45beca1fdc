#include "net/sink_int.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is read from a file, and written to one, at once: curl hands on 16 KiB, and a write costs much the same for
 * more. */
#define CHUNK (256 * 1024)
#define GATHER_MS 20 /* so long a piece waits for more to be written with */
#define VALIDATOR_MAX 1024

void sink_init(struct sink *s, const struct oci_request *req, struct oci_response *resp)
{
	enum oci_algorithm algorithm = req->digest.algorithm;

	*s = (struct sink){ .req = req, .resp = resp, .fd = -1 };
	if (algorithm != OCI_NO_DIGEST || req->path)
		s->hasher = oci_hasher_new(algorithm != OCI_NO_DIGEST ? algorithm : OCI_SHA256);
	if (!req->path)
		return;
	if (algorithm == OCI_SHA512)
		s->sha256 = oci_hasher_new(OCI_SHA256);
	s->partial = req->partial ? oci_strdup(req->partial) : oci_printf("%s.partial", req->path);
	if (algorithm == OCI_NO_DIGEST)
		s->note = oci_printf("%s.etag", s->partial);
}

void sink_clear(struct sink *s)
{
	oci_auto_close(&s->fd);
	oci_hasher_freep(&s->hasher);
	oci_hasher_freep(&s->sha256);
	free(s->gathered);
	free(s->partial);
	free(s->note);
	free(s->validator);
}

static void count(struct sink *s, const void *data, size_t n)
{
	if (s->hasher)
		oci_hasher_add(s->hasher, data, n);
	if (s->sha256)
		oci_hasher_add(s->sha256, data, n);
	s->at += n;
}

void sink_restart(struct sink *s)
{
	if (s->hasher)
		oci_hasher_reset(s->hasher);
	if (s->sha256)
		oci_hasher_reset(s->sha256);
	s->at = s->skip = 0;
	s->n_gathered = 0;
	s->inherited = false;
	free(oci_steal(&s->validator));
	oci_buf_reset(&s->resp->body);
}

/* Opens the partial file; -1 in s->fd when there is none and flags do not make it. */
static int open_partial(struct sink *s, int flags, struct oci_err **err)
{
	s->fd = open(s->partial, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0644);
	if (s->fd < 0 && errno == ENOENT && (flags & O_CREAT)) {
		if (oci_path_mkdirs_for(s->partial, err) < 0)
			return -1;
		s->fd = open(s->partial, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0644);
	}
	if (s->fd < 0 && errno == ENOENT && !(flags & O_CREAT))
		return 0;
	if (s->fd < 0)
		return oci_fail_errno(err, "cannot write %s", s->partial);
	if (flock(s->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return oci_fail(err, OCI_CONFLICT, "%s: another run is writing it", s->partial);
	return 0;
}

/* Without a digest only the server can say whether an earlier run's bytes still belong to what it has now. */
static bool is_continuable(struct sink *s)
{
	auto_buf struct oci_buf b = { 0 };

	if (s->req->digest.algorithm != OCI_NO_DIGEST)
		return true;
	if (!oci_path_exists(s->note) || oci_file_read(s->note, VALIDATOR_MAX, &b, NULL) < 0 || !b.len)
		return false;
	for (size_t i = 0; i < b.len; i++)
		if ((unsigned char)b.data[i] < ' ')
			return false;
	s->validator = oci_buf_take(&b);
	return true;
}

static int hash_inherited(struct sink *s, struct oci_err **err)
{
	auto_free char *chunk = oci_realloc(NULL, CHUNK, 1);
	ssize_t n;

	posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	while ((n = pread(s->fd, chunk, CHUNK, (off_t)s->at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return oci_fail_errno(err, "cannot read %s", s->partial);
		count(s, chunk, (size_t)n);
	}
	s->inherited = s->at > 0;
	return 0;
}

static int take_up(struct sink *s, struct oci_err **err)
{
	struct stat st;

	if (open_partial(s, 0, err) < 0)
		return -1;
	if (s->fd < 0)
		return 0;
	if (fstat(s->fd, &st) < 0)
		return oci_fail_errno(err, "%s", s->partial);
	if (!S_ISREG(st.st_mode))
		return oci_fail(err, OCI_CONFLICT, "%s: not a regular file", s->partial);
	if ((s->req->sized && (uint64_t)st.st_size > s->req->size) || !is_continuable(s))
		return 0; /* sink_begin empties it */
	return hash_inherited(s, err);
}

int sink_resume(struct sink *s, struct oci_err **err)
{
	struct stat st;

	if (!s->req->path) {
		if (!s->req->write)
			sink_restart(s);
		return 0;
	}
	if (!s->looked) {
		s->looked = true;
		return take_up(s, err);
	}
	if (!s->at)
		return 0;
	if (s->fd < 0 && open_partial(s, 0, err) < 0)
		return -1;
	if (s->fd < 0 || fstat(s->fd, &st) < 0 || (uint64_t)st.st_size != s->at)
		sink_restart(s);
	return 0;
}

const char *sink_condition(const struct sink *s)
{
	if (!s->at || (!s->req->path && !s->req->write))
		return NULL;
	return s->req->digest.algorithm != OCI_NO_DIGEST ? "" : s->validator;
}

static int begin_file(struct sink *s, const char *validator, struct oci_err **err)
{
	if (s->fd < 0 && open_partial(s, O_CREAT, err) < 0)
		return -1;
	if (ftruncate(s->fd, (off_t)s->at) < 0)
		return oci_fail_errno(err, "cannot write %s", s->partial);
	if (!s->note || s->at)
		return 0;
	free(s->validator);
	s->validator = oci_strdup(validator);
	if (!validator) {
		unlink(s->note);
		return 0;
	}
	return oci_file_replace(s->note, validator, strlen(validator), err);
}

int sink_begin(struct sink *s, uint64_t from, const char *validator, struct oci_err **err)
{
	if (s->req->path) {
		if (from != s->at)
			sink_restart(s);
		return begin_file(s, validator, err);
	}
	if (s->req->write) {
		s->skip = s->at - from;
		if (!s->at)
			s->validator = oci_strdup(validator);
	}
	return 0;
}

/* On failure the file stays short, which the next attempt notices. */
int sink_flush(struct sink *s, struct oci_err **err)
{
	const char *p = s->gathered;
	size_t n = s->n_gathered;
	uint64_t at = s->at - n;

	s->n_gathered = 0;
	while (n > 0) {
		ssize_t put = pwrite(s->fd, p, n, (off_t)at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return oci_fail_errno(err, "cannot write %s", s->partial);
		p += put;
		at += (uint64_t)put;
		n -= (size_t)put;
	}
	return 0;
}

void sink_pause(struct sink *s)
{
	if (s->fd >= 0)
		sink_flush(s, NULL);
	oci_auto_close(&s->fd);
}

static int gather(struct sink *s, const char *p, size_t n, struct oci_err **err)
{
	if (!s->gathered)
		s->gathered = oci_realloc(NULL, CHUNK, 1);
	while (n > 0) {
		size_t part = n < CHUNK - s->n_gathered ? n : CHUNK - s->n_gathered;

		if (!s->n_gathered)
			s->write_by = oci_clock_ms() + GATHER_MS;
		memcpy(s->gathered + s->n_gathered, p, part);
		s->n_gathered += part;
		count(s, p, part);
		p += part;
		n -= part;
		if (s->n_gathered == CHUNK && sink_flush(s, err) < 0)
			return -1;
	}
	return 0;
}

static int put(struct sink *s, const void *data, size_t n, struct oci_err **err)
{
	size_t max = s->req->max_body ? s->req->max_body : OCI_BODY_MAX;

	if (s->req->write)
		return s->req->write(s->req->ctx, data, n, err);
	if (n > max - s->resp->body.len)
		return oci_fail(err, OCI_BADINPUT, "has more than %zu bytes, which is more than we take", max);
	oci_buf_add(&s->resp->body, data, n);
	return 0;
}

int sink_write(struct sink *s, const void *data, size_t n, struct oci_err **err)
{
	const char *p = data;
	size_t drop = s->skip < n ? (size_t)s->skip : n;

	s->skip -= drop;
	p += drop;
	n -= drop;
	if (s->req->sized && n > s->req->size - s->at)
		return oci_fail(err, OCI_BADDIGEST, "has more than the expected %llu bytes",
				(unsigned long long)s->req->size);
	if (s->req->path)
		return gather(s, p, n, err);
	if (n && put(s, p, n, err) < 0)
		return -1;
	count(s, p, n);
	return 0;
}

bool sink_is_short(const struct sink *s)
{
	return (s->req->sized && s->at < s->req->size) || s->skip > 0;
}

static int publish(struct sink *s, struct oci_err **err)
{
	mode_t mode = s->req->programs ? oci_file_mode_of(s->partial) : 0644;

	if (fchmod(s->fd, mode) < 0 || (s->req->synced && fdatasync(s->fd) < 0) || rename(s->partial, s->req->path) < 0)
		return oci_fail_errno(err, "cannot write %s", s->req->path);
	if (s->note)
		unlink(s->note);
	oci_auto_close(&s->fd);
	return 0;
}

int sink_end(struct sink *s, struct oci_err **err)
{
	struct oci_response *r = s->resp;

	if (sink_flush(s, err) < 0)
		return -1;
	struct oci_expect expect = { "body", s->req->digest, s->req->sized ? s->req->size : OCI_SIZE_UNKNOWN };

	if (s->hasher)
		oci_hasher_end(s->hasher, &r->digest);
	r->sha256 = r->digest;
	if (s->sha256)
		oci_hasher_end(s->sha256, &r->sha256);
	r->size = s->at;
	if (oci_verify(&expect, &r->digest, r->size, err) < 0 ||
	    oci_verify(&(struct oci_expect){ "body", s->req->sha256, OCI_SIZE_UNKNOWN }, &r->sha256, r->size, err) <
		    0) {
		if (s->req->path)
			unlink(s->partial);
		oci_auto_close(&s->fd);
		return -1;
	}
	return s->req->path ? publish(s, err) : 0;
}
