#include "registry/pull.h"

#include "base/slice.h"
#include "digest/hasher.h"
#include "image/manifest.h"
#include "image/media.h"
#include "registry/pull_int.h"

#include <stdlib.h>

void pull_end(struct pull *p, struct oci_err **err)
{
	struct oci_want *w = p->w;

	w->err = oci_steal(err);
	oci_json_drop(&p->found);
	free(p->url);
	free(p);
	if (w->done)
		w->done(w->ctx, w);
}

struct call *pull_call(struct pull *p, const char *url)
{
	struct call *c = call_new(p->server, url, p->w->ref->repository, "pull");

	c->req.max_body = p->w->max_bytes;
	c->req.progress = p->w->progress;
	c->ctx = p;
	return c;
}

void pull_note(struct pull *p, const struct oci_response *r)
{
	const char *type = oci_response_header(r, "Content-Type");
	struct oci_slice head, rest;

	p->w->received += r->received;
	if (!type)
		return;
	oci_slice_cut(oci_slice(type), ';', &head, &rest);
	free(p->w->media_type);
	p->w->media_type = oci_slice_dup(oci_slice_trim(head));
}

/* What a manifest is asked by: its digest when one is known, else its tag. */
static char *manifest_url(const struct pull *p)
{
	const struct oci_want *w = p->w;
	const struct oci_digest *d = w->digest.algorithm ? &w->digest : &w->ref->digest;
	auto_free char *rest = oci_printf("manifests/%s", d->algorithm ? OCI_DIGEST(d) : w->ref->tag);

	return repository_url(p->server, w->ref->repository, rest);
}

/* The digest that the server names: false when it names none that we know. */
static bool named_digest(const struct oci_response *r, struct oci_digest *out)
{
	const char *text = oci_response_header(r, "Docker-Content-Digest");

	return text && oci_digest_parse(oci_slice_trim(oci_slice(text)), out, NULL) == 0;
}

static int check_manifest(struct pull *p, struct oci_response *r, struct oci_err **err)
{
	struct oci_want *w = p->w;
	const struct oci_digest *known = w->digest.algorithm ? &w->digest : &w->ref->digest;
	struct oci_digest want = { 0 }, have;
	struct oci_expect expect = { r->url, { 0 }, w->sized ? w->size : OCI_SIZE_UNKNOWN };

	if (known->algorithm)
		want = *known;
	else
		named_digest(r, &want);
	struct oci_hasher *h = oci_hasher_new(want.algorithm ? want.algorithm : OCI_SHA256);

	oci_hasher_add(h, oci_buf_text(&r->body), r->body.len);
	oci_hasher_end(h, &have);
	oci_hasher_free(h);
	expect.digest = want;
	if (oci_verify(&expect, &have, r->body.len, err) < 0)
		return -1;
	w->digest = have;
	w->size = r->body.len;
	w->bytes = r->body;
	r->body = (struct oci_buf){ 0 };
	return 0;
}

static void manifest_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct pull *p = ctx;

	pull_note(p, r);
	if (!*err && oci_manifest_check_type(p->w->media_type, r->url, err) == 0)
		check_manifest(p, r, err);
	pull_end(p, err);
}

static void get_manifest(struct pull *p)
{
	auto_free char *url = manifest_url(p);
	struct call *c = pull_call(p, url);

	call_add_header(c, "Accept", oci_media_accept);
	c->req.no_html = true;
	c->done = manifest_done;
	call_send(c);
}

static uint64_t length_of(const struct oci_response *r)
{
	const char *length = oci_response_header(r, "Content-Length");
	uint64_t size;

	if (!length || !oci_slice_u64(oci_slice_trim(oci_slice(length)), &size) || size == 0)
		return OCI_SIZE_UNKNOWN;
	return size;
}

static void head_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct pull *p = ctx;
	struct oci_want *w = p->w;
	const struct oci_digest *known = w->digest.algorithm ? &w->digest : &w->ref->digest;
	struct oci_digest named;
	bool said = !*err && named_digest(r, &named);

	/* Some registries answer HEAD without a digest, or not at all; ask again with GET. */
	if (!said && (!*err || r->status == 405 || r->status == 501)) {
		oci_err_clear(err);
		get_manifest(p);
		return;
	}
	pull_note(p, r);
	if (said && known->algorithm && known->algorithm == named.algorithm && !oci_digest_same(known, &named))
		oci_fail(err, OCI_BADDIGEST, "HEAD %s: the server says it is %s", r->url, OCI_DIGEST(&named));
	if (!*err && oci_manifest_check_type(w->media_type, r->url, err) == 0) {
		w->digest = named;
		w->size = length_of(r);
	}
	pull_end(p, err);
}

static void head_manifest(struct pull *p)
{
	auto_free char *url = manifest_url(p);
	struct call *c = pull_call(p, url);

	call_add_header(c, "Accept", oci_media_accept);
	c->req.method = "HEAD";
	c->done = head_done;
	call_send(c);
}

static void blob_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct pull *p = ctx;
	struct oci_want *w = p->w;

	pull_note(p, r);
	w->kept = r->kept;
	if (!*err) {
		w->size = r->size;
		w->bytes = r->body;
		r->body = (struct oci_buf){ 0 };
	}
	pull_end(p, err);
}

static void get_blob(struct pull *p)
{
	struct oci_want *w = p->w;
	auto_free char *rest = oci_printf("blobs/%s", OCI_DIGEST(&w->digest));
	auto_free char *url = repository_url(p->server, w->ref->repository, rest);
	struct call *c = pull_call(p, url);

	c->req.digest = w->digest;
	c->req.sized = w->sized;
	c->req.size = w->size;
	c->req.path = w->path;
	c->req.partial = w->partial;
	c->done = blob_done;
	call_send(c);
}

void oci_client_want(struct oci_client *c, struct oci_want *w)
{
	static void (*const start[])(struct pull *) = {
		[OCI_WANT_RESOLVE] = head_manifest, [OCI_WANT_MANIFEST] = get_manifest,	    [OCI_WANT_BLOB] = get_blob,
		[OCI_WANT_TAGS] = tags_start,	    [OCI_WANT_REFERRERS] = referrers_start,
	};
	struct pull *p = oci_calloc(1, sizeof(*p));
	auto_err struct oci_err *err = NULL;

	*p = (struct pull){ .c = c, .w = w, .server = server_for(c, w->ref->host, &err) };
	if (p->server)
		start[w->kind](p);
	else
		pull_end(p, &err);
}

size_t oci_client_pull(struct oci_client *c, struct oci_want *wants, size_t n)
{
	size_t failed = 0;

	for (size_t i = 0; i < n; i++)
		oci_client_want(c, &wants[i]);
	oci_client_run(c);
	for (size_t i = 0; i < n; i++)
		failed += wants[i].err != NULL;
	return failed;
}

void oci_want_clear(struct oci_want *w)
{
	oci_buf_clear(&w->bytes);
	oci_strs_clear(&w->tags);
	oci_err_clear(&w->err);
	free(oci_steal(&w->media_type));
}
