/* A blob into a registry: skipped when it is there, mounted, sent in one PUT, or in chunks that survive a broken line.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs */
#include "base/out.h"
#include "net/url.h"
#include "registry/push_int.h"

#include <stdlib.h>

static void send_rest(struct push *u);

static void open_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;

	if (*err && push_may_repeat(u, err))
		push_blob(u);
	else
		upload_begin(u, r, err);
}

static void open_session(struct push *u)
{
	struct call *c = push_call_to(u, "blobs/uploads/");

	c->req.method = "POST";
	c->done = open_done;
	call_send(c);
}

static void try_mount(struct push *u);

static void mount_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;

	if (!*err && r->status == 201) {
		u->p->how = OCI_PUT_MOUNTED;
		push_end(u, err);
	} else if (!*err && r->status == 202) {
		upload_begin(u, r, err); /* it has no such blob there, and offers an upload instead */
	} else {
		oci_err_clear(err);
		try_mount(u);
	}
}

static void try_mount(struct push *u)
{
	const char *from = u->p->mount_from ? u->p->mount_from[u->mount] : NULL;

	if (!from) {
		open_session(u);
		return;
	}
	u->mount++;
	auto_free char *url = repository_url(u->server, u->p->ref->repository, "blobs/uploads/");
	auto_free char *source = oci_printf("%s%s", u->server->prefix, from);
	auto_free char *mount = oci_url_with(url, "mount", OCI_DIGEST(&u->p->digest));
	auto_free char *whole = oci_url_with(mount, "from", source);
	struct call *c = push_call(u, whole);

	c->req.method = "POST";
	call_add_scope(c, from, "pull");
	c->done = mount_done;
	call_send(c);
}

static void blob_head_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;

	(void)r;
	if (!*err) {
		u->p->how = u->p->sent >= u->p->size && u->p->sent ? OCI_PUT_SENT : OCI_PUT_KEPT;
		push_end(u, err);
	} else if (oci_err_code(*err) == OCI_NOTFOUND) {
		oci_err_clear(err);
		try_mount(u);
	} else {
		push_end(u, err);
	}
}

/* Begin, or begin again after a failure that leaves open whether the registry has it by now. */
void push_blob(struct push *u)
{
	auto_free char *rest = oci_printf("blobs/%s", OCI_DIGEST(&u->p->digest));
	struct call *c = push_call_to(u, rest);

	u->at = 0;
	c->req.method = "HEAD";
	c->done = blob_head_done;
	call_send(c);
}

/* Every answer may name another place for what follows. */
static int move(struct push *u, const struct oci_response *r, struct oci_err **err)
{
	const char *location = oci_response_header(r, "Location");
	char *to = NULL;

	if (!location)
		return u->session ? 0
				  : oci_fail(err, OCI_BADINPUT, "POST %s: %d without a Location", r->url, r->status);
	if (oci_url_resolve(r->url, location, &to, err) < 0)
		return oci_fail_in(err, "POST %s: Location", r->url);
	free(u->session);
	u->session = to;
	return 0;
}

void upload_begin(struct push *u, const struct oci_response *r, struct oci_err **err)
{
	const char *least = oci_response_header(r, "OCI-Chunk-Min-Length");
	uint64_t n;

	u->chunk = u->c->chunk;
	if (least && oci_slice_u64(oci_slice_trim(oci_slice(least)), &n) && n > u->chunk)
		u->chunk = n;
	free(oci_steal(&u->session));
	if (*err || move(u, r, err) < 0) {
		push_end(u, err);
		return;
	}
	if (!u->begun && u->p->progress && u->c->out) {
		oci_progress(u->c->out, OCI_EVENT_BEGIN, u->p->progress, u->p->size, NULL);
		u->begun = true;
	}
	send_rest(u);
}

static struct call *body_call(struct push *u, const char *url, const char *method, uint64_t n)
{
	struct call *c = push_call(u, url);

	c->req.method = method;
	c->req.no_retry = true;
	c->req.progress = u->p->progress;
	c->req.progress_part = true;
	if (u->p->path) {
		c->req.body_path = u->p->path;
		c->req.body_offset = u->at;
		c->req.body_size = n;
	} else {
		c->req.body = (const char *)u->p->bytes + u->at;
		c->req.body_len = (size_t)n;
	}
	call_add_header(c, "Content-Type", "application/octet-stream");
	return c;
}

static void close_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;

	u->p->sent += r->sent;
	if (*err && push_may_repeat(u, err))
		push_blob(u);
	else
		push_end(u, err);
}

/* The PUT that ends an upload, with what has not been sent so far. */
static void close_session(struct push *u)
{
	auto_free char *url = oci_url_with(u->session, "digest", OCI_DIGEST(&u->p->digest));
	struct call *c = body_call(u, url, "PUT", u->p->size - u->at);

	c->done = close_done;
	call_send(c);
}

/* "Range: 0-LAST", the blob's bytes that the registry has; false when it does not say. "0-0" is how some say none. */
static bool has_bytes(const struct push *u, const struct oci_response *r, uint64_t *at)
{
	const char *value = oci_response_header(r, "Range");
	struct oci_slice s, first, last;
	uint64_t n;

	if (!value)
		return false;
	s = oci_slice_trim(oci_slice(value));
	if (oci_slice_starts(s, "bytes="))
		s = (struct oci_slice){ s.p + 6, s.len - 6 };
	if (!oci_slice_cut(s, '-', &first, &last) || !oci_slice_eq(first, "0") || !oci_slice_u64(last, &n) ||
	    n >= u->p->size)
		return false;
	*at = n ? n + 1 : 0;
	return true;
}

static void status_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;

	if (!*err && has_bytes(u, r, &u->at) && move(u, r, err) == 0) {
		send_rest(u);
		return;
	}
	/* The session is gone, or nobody knows what it holds. CNCF's registry (2.8) signs the offset into the URL
	 * and so gives up a session of which a part of a chunk arrived. */
	oci_err_clear(err);
	push_blob(u);
}

/* A chunk broke off: how much of it arrived? */
static void ask_status(struct push *u)
{
	struct call *c = push_call(u, u->session);

	c->done = status_done;
	call_send(c);
}

static void chunk_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;
	uint64_t sent = u->at + u->chunk;

	u->p->sent += r->sent;
	/* 416: what the registry has is not what we think */
	if (*err && r->status == 416)
		oci_fail(err, OCI_BUSY, "PATCH %s: 416 Range Not Satisfiable", r->url);
	if (*err && push_may_repeat(u, err)) {
		ask_status(u);
		return;
	}
	if (*err || move(u, r, err) < 0) {
		push_end(u, err);
		return;
	}
	if (!has_bytes(u, r, &u->at) || u->at > sent)
		u->at = sent;
	send_rest(u);
}

static void send_chunk(struct push *u)
{
	auto_free char *range =
		oci_printf("%llu-%llu", (unsigned long long)u->at, (unsigned long long)(u->at + u->chunk - 1));
	struct call *c = body_call(u, u->session, "PATCH", u->chunk);

	call_add_header(c, "Content-Range", range);
	c->done = chunk_done;
	call_send(c);
}

static void send_rest(struct push *u)
{
	if (u->p->size - u->at > u->chunk || (u->at && u->at < u->p->size)) {
		if (u->chunk > u->p->size - u->at)
			u->chunk = u->p->size - u->at;
		send_chunk(u);
	} else {
		close_session(u);
	}
}
