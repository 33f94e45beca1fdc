#include "registry/push.h"

#include "base/out.h"
#include "image/media.h"
#include "registry/push_int.h"

#include <stdlib.h>

void push_end(struct push *u, struct oci_err **err)
{
	struct oci_put *p = u->p;

	if (u->begun && u->c->out)
		oci_progress(u->c->out, OCI_EVENT_END, p->progress, 0, *err ? "failed" : NULL);
	p->err = oci_steal(err);
	free(u->session);
	free(u);
	if (p->done)
		p->done(p->ctx, p);
}

struct call *push_call(struct push *u, const char *url)
{
	struct call *c = call_new(u->server, url, u->p->ref->repository, "pull,push");

	c->req.delay_ms = u->delay;
	c->ctx = u;
	u->delay = 0;
	return c;
}

struct call *push_call_to(struct push *u, const char *rest)
{
	auto_free char *url = repository_url(u->server, u->p->ref->repository, rest);

	return push_call(u, url);
}

bool push_may_repeat(struct push *u, struct oci_err **err)
{
	if (oci_err_code(*err) != OCI_BUSY)
		return false;
	if (u->at > u->best)
		u->failed = 0;
	u->best = u->at > u->best ? u->at : u->best;
	u->delay = oci_xfer_pause(u->c->xfer, ++u->failed);
	if (!u->delay)
		return false;
	if (u->c->out)
		oci_debug(u->c->out, "%s; trying again in %u ms", oci_err_text(*err), u->delay);
	oci_err_clear(err);
	return true;
}

static char *manifest_rest(const struct oci_put *p)
{
	return oci_printf("manifests/%s", p->ref->tag ? p->ref->tag : OCI_DIGEST(&p->digest));
}

static void put_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;
	const char *named = oci_response_header(r, "Docker-Content-Digest");
	struct oci_digest d;

	u->p->sent += r->sent;
	u->p->subject_noted = oci_response_header(r, "OCI-Subject") != NULL;
	if (!*err && named && oci_digest_parse(oci_slice_trim(oci_slice(named)), &d, NULL) == 0 &&
	    d.algorithm == u->p->digest.algorithm && !oci_digest_same(&d, &u->p->digest))
		oci_fail(err, OCI_BADDIGEST, "PUT %s: the registry took it as %s instead of %s", r->url, OCI_DIGEST(&d),
			 OCI_DIGEST(&u->p->digest));
	push_end(u, err);
}

static void put_manifest(struct push *u)
{
	auto_free char *rest = manifest_rest(u->p);
	struct call *c = push_call_to(u, rest);

	c->req.method = "PUT";
	c->req.body = u->p->bytes;
	c->req.body_len = (size_t)u->p->size;
	c->req.body_path = u->p->path;
	c->req.body_size = u->p->size;
	call_add_header(c, "Content-Type", u->p->media_type);
	c->done = put_done;
	call_send(c);
}

static void manifest_head_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct push *u = ctx;
	const char *named = oci_response_header(r, "Docker-Content-Digest");
	struct oci_digest d;

	if (*err && oci_err_code(*err) != OCI_NOTFOUND) {
		push_end(u, err);
		return;
	}
	if (!*err && named && oci_digest_parse(oci_slice_trim(oci_slice(named)), &d, NULL) == 0 &&
	    oci_digest_same(&d, &u->p->digest)) {
		u->p->how = OCI_PUT_KEPT;
		push_end(u, err);
		return;
	}
	oci_err_clear(err);
	put_manifest(u);
}

static void push_manifest(struct push *u)
{
	auto_free char *rest = manifest_rest(u->p);
	struct call *c = push_call_to(u, rest);

	call_add_header(c, "Accept", oci_media_accept);
	c->req.method = "HEAD";
	c->done = manifest_head_done;
	call_send(c);
}

void oci_client_put(struct oci_client *c, struct oci_put *p)
{
	struct push *u = oci_calloc(1, sizeof(*u));
	auto_err struct oci_err *err = NULL;

	p->sent = 0;
	p->how = OCI_PUT_SENT;
	*u = (struct push){ .c = c, .p = p, .server = server_for(c, p->ref->host, &err) };
	if (!u->server)
		push_end(u, &err);
	else if (p->kind == OCI_PUT_MANIFEST)
		push_manifest(u);
	else
		push_blob(u);
}

size_t oci_client_push(struct oci_client *c, struct oci_put *puts, size_t n)
{
	size_t failed = 0;

	for (size_t i = 0; i < n; i++)
		oci_client_put(c, &puts[i]);
	oci_client_run(c);
	for (size_t i = 0; i < n; i++)
		failed += puts[i].err != NULL;
	return failed;
}
