/* Answers in pages: the tags of a repository, and what refers to a digest. */
#include "base/json.h"
#include "image/media.h"
#include "net/header.h"
#include "net/url.h"
#include "registry/link.h"
#include "registry/pull_int.h"

#include <stdlib.h>

#define PAGES_MAX 10000
#define PAGES_MAX_BYTES ((uint64_t)64 << 20) /* of all pages: a million tags */

char *pull_next_page(struct pull *p, const struct oci_response *r, struct oci_err **err)
{
	const char *value = oci_response_header(r, "Link");
	auto_free char *target = value ? oci_link_next(value) : NULL, *next = NULL;

	if (!target)
		return NULL;
	if (oci_url_resolve(p->url, target, &next, err) < 0)
		return NULL;
	if (++p->pages >= PAGES_MAX || oci_streq(next, p->url)) {
		oci_fail(err, OCI_BADINPUT, "GET %s: its pages never end", r->url);
		return NULL;
	}
	if (p->w->received > PAGES_MAX_BYTES) {
		oci_fail(err, OCI_BADINPUT, "GET %s: its pages are more than %u MiB together", r->url,
			 (unsigned)(PAGES_MAX_BYTES >> 20));
		return NULL;
	}
	return oci_steal(&next);
}

static void ask_page(struct pull *p, char *url_take, void (*done)(void *, struct oci_response *, struct oci_err **))
{
	free(p->url);
	p->url = url_take;
	struct call *c = pull_call(p, p->url);

	c->req.no_html = p->w->kind == OCI_WANT_TAGS;
	c->done = done;
	call_send(c);
}

static int add_tags(struct pull *p, const struct oci_response *r, struct oci_err **err)
{
	auto_json json_t *root = NULL;
	const json_t *tag;
	size_t i;

	if (oci_json_parse(r->url, oci_buf_text(&r->body), r->body.len, &root, err) < 0)
		return -1;
	/* a repository whose tags were all deleted has null here */
	json_array_foreach (oci_json_arr(root, "tags"), i, tag) {
		if (json_is_string(tag))
			oci_strs_add(&p->w->tags, json_string_value(tag));
	}
	return 0;
}

static void tags_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct pull *p = ctx;
	char *next = NULL;

	pull_note(p, r);
	if (!*err && add_tags(p, r, err) == 0)
		next = pull_next_page(p, r, err);
	if (next)
		ask_page(p, next, tags_done);
	else
		pull_end(p, err);
}

void tags_start(struct pull *p)
{
	ask_page(p, repository_url(p->server, p->w->ref->repository, "tags/list?n=1000"), tags_done);
}

static int add_referrers(struct pull *p, const struct oci_response *r, struct oci_err **err)
{
	auto_json json_t *root = NULL;

	if (oci_json_parse(r->url, oci_buf_text(&r->body), r->body.len, &root, err) < 0)
		return -1;
	if (!json_is_array(oci_json_arr(root, "manifests")))
		return oci_fail(err, OCI_BADINPUT, "%s: not an index: no manifests", r->url);
	if (!p->found) {
		p->found = oci_steal(&root);
		return 0;
	}
	json_array_extend(oci_json_arr(p->found, "manifests"), oci_json_arr(root, "manifests"));
	return 0;
}

static void end_referrers(struct pull *p, struct oci_err **err)
{
	static const char empty[] = "{\"schemaVersion\":2,\"mediaType\":\"" OCI_MEDIA_INDEX "\",\"manifests\":[]}";

	if (!*err && p->found)
		oci_json_print(p->found, &p->w->bytes);
	else if (!*err)
		oci_buf_adds(&p->w->bytes, empty);
	pull_end(p, err);
}

static void fallback_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct pull *p = ctx;

	pull_note(p, r);
	if (*err && oci_err_code(*err) == OCI_NOTFOUND)
		oci_err_clear(err);
	else if (!*err)
		add_referrers(p, r, err);
	end_referrers(p, err);
}

/* Where a registry has no such API, clients keep the index themselves under the tag ALGORITHM-HEX. */
static void ask_fallback_tag(struct pull *p)
{
	auto_free char *rest =
		oci_printf("manifests/%s-%.64s", oci_digest_algorithm(&p->w->digest), OCI_HEX(&p->w->digest));
	auto_free char *url = repository_url(p->server, p->w->ref->repository, rest);
	struct call *c = pull_call(p, url);

	call_add_header(c, "Accept", OCI_MEDIA_INDEX);
	c->req.no_html = true;
	c->done = fallback_done;
	call_send(c);
}

static bool has_no_api(const struct oci_response *r, const struct oci_err *err)
{
	if (err)
		return r->status == 404 || r->status == 400 || r->status == 405 || r->status == 501;
	return !oci_header_is_type(oci_response_header(r, "Content-Type"), OCI_MEDIA_INDEX);
}

static void referrers_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct pull *p = ctx;
	char *next = NULL;

	pull_note(p, r);
	if (has_no_api(r, *err)) {
		p->server->no_referrers = true;
		oci_err_clear(err);
		ask_fallback_tag(p);
		return;
	}
	if (!*err && add_referrers(p, r, err) == 0)
		next = pull_next_page(p, r, err);
	if (next)
		ask_page(p, next, referrers_done);
	else
		end_referrers(p, err);
}

void referrers_start(struct pull *p)
{
	auto_free char *rest = oci_printf("referrers/%s", OCI_DIGEST(&p->w->digest));

	if (p->server->no_referrers)
		ask_fallback_tag(p);
	else
		ask_page(p, repository_url(p->server, p->w->ref->repository, rest), referrers_done);
}
