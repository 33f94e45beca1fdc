/* A request to a registry: probe the server once, carry a login, renew it when it is refused. */
#include "base/json.h"
#include "base/out.h"
#include "net/url.h"
#include "registry/client_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REFUSED_MAX 2

void calls_add(struct calls *q, struct call *c)
{
	c->next = NULL;
	if (q->last)
		q->last->next = c;
	else
		q->first = c;
	q->last = c;
}

struct call *calls_take(struct calls *q)
{
	struct call *c = q->first;

	if (c) {
		q->first = c->next;
		if (!q->first)
			q->last = NULL;
	}
	return c;
}

struct call *call_new(struct server *s, const char *url, const char *repository, const char *actions)
{
	struct call *c = oci_calloc(1, sizeof(*c));

	c->server = s;
	c->url = oci_strdup(url);
	c->repository = oci_strdup(repository);
	c->scope = oci_printf("repository:%s%s:%s", s->prefix, repository, actions);
	return c;
}

void call_add_header(struct call *c, const char *name, const char *value)
{
	oci_strs_add_take(&c->headers, oci_printf("%s: %s", name, value));
}

static void add_scope(struct call *c, const char *scope)
{
	auto_free char *shorter = c->scope;

	c->scope = oci_printf("%s %s", shorter, scope);
}

void call_add_scope(struct call *c, const char *repository, const char *actions)
{
	auto_free char *scope = oci_printf("repository:%s%s:%s", c->server->prefix, repository, actions);

	add_scope(c, scope);
}

void call_free(struct call *c)
{
	oci_strs_clear(&c->headers);
	free(c->url);
	free(c->scope);
	free(c->repository);
	free(c);
}

void call_fail(struct call *c, struct oci_err *err_take)
{
	auto_err struct oci_err *err = err_take;
	auto_response struct oci_response none = { 0 };

	c->done(c->ctx, &none, &err);
	call_free(c);
}

/* Add what the registry says about it (the specification's error document) to the text. */
static void explain(const struct oci_response *r, struct oci_err **err)
{
	auto_json json_t *root = NULL;
	auto_buf struct oci_buf text = { 0 };

	if (!*err || r->status < 400 || oci_json_parse("error", oci_buf_text(&r->body), r->body.len, &root, NULL) < 0)
		return;
	const json_t *first = json_array_get(oci_json_arr(root, "errors"), 0);
	const char *code = oci_json_str(first, "code"), *message = oci_json_str(first, "message");

	oci_buf_addf(&text, "%s: %.60s%s%.300s", oci_err_text(*err), code ? code : "", code && message ? ": " : "",
		     message ? message : "");
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < ' ')
			text.data[i] = ' ';
	if (code || message)
		oci_fail(err, oci_err_code(*err), "%s", oci_buf_text(&text));
}

static int read_challenges(const struct oci_response *r, struct oci_challenge *out, struct oci_err **err)
{
	static const char name[] = "WWW-Authenticate:";
	auto_challenge struct oci_challenge ch = { 0 };

	for (size_t i = 0; i < r->headers.n; i++)
		if (strncasecmp(r->headers.v[i], name, sizeof(name) - 1) == 0 &&
		    oci_challenge_parse(r->headers.v[i] + sizeof(name) - 1, &ch, err) < 0)
			return -1;
	*out = ch;
	ch = (struct oci_challenge){ 0 };
	return 0;
}

/* Learn from a 401 how the server wants to be logged in to. Gives the scope that it names, or NULL. */
static char *learn(struct server *s, const struct oci_response *r)
{
	auto_challenge struct oci_challenge ch = { 0 };

	if (read_challenges(r, &ch, NULL) < 0 || (!ch.basic && !ch.bearer))
		return NULL;
	s->state = ch.bearer ? SERVER_BEARER : SERVER_BASIC;
	free(s->realm);
	free(s->service);
	s->realm = oci_steal(&ch.realm);
	s->service = oci_steal(&ch.service);
	return oci_steal(&ch.scope);
}

static void probe_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct server *s = ctx;
	struct calls waiting = s->waiting;

	/* any answer but 401 is taken for an open door: what is really asked for will tell */
	s->state = SERVER_OPEN;
	if (r->status == 401) {
		free(learn(s, r));
	} else if (*err && (r->status == 0 || oci_err_code(*err) == OCI_BUSY)) {
		s->state = SERVER_FAILED;
		s->err = oci_steal(err);
	}
	s->waiting = (struct calls){ 0 };
	for (struct call *c; (c = calls_take(&waiting));)
		call_send(c);
}

static void probe(struct server *s)
{
	auto_free char *url = oci_printf("%s/v2/", s->base);

	s->state = SERVER_PROBED;
	oci_xfer_add(s->c->xfer, &(struct oci_request){ .url = url, .done = probe_done, .ctx = s });
}

static const char *authorize(void *ctx)
{
	struct call *c = ctx;

	if (!c->token)
		return NULL;
	c->serial = c->token->serial;
	return c->token->header;
}

/* A 401: true when it is worth another try, with a new token or with what this answer taught. */
static bool is_worth_another(struct call *c, const struct oci_response *r)
{
	enum server_state before = c->server->state;
	bool newer = c->token && c->token->serial != c->serial;

	if (newer)
		return true; /* another call has renewed it meanwhile */
	auto_free char *scope = learn(c->server, r);

	if (c->server->state == SERVER_OPEN || ++c->refused > REFUSED_MAX)
		return false;
	if (before == SERVER_BASIC && c->token)
		return false; /* the same password will not help */
	if (c->token)
		token_renew(c->token);
	if (c->token && scope && !strstr(c->scope, scope))
		add_scope(c, scope); /* it calls the repository by another name than its URL */
	return true;
}

static void say_how_to_log_in(struct call *c, const struct oci_response *r, struct oci_err **err)
{
	auto_login struct oci_login login = { 0 };
	auto_free char *text = oci_strdup(oci_err_text(*err));
	auto_challenge struct oci_challenge ch = { 0 };
	auto_err struct oci_err *why = NULL;

	if (read_challenges(r, &ch, &why) < 0) {
		oci_fail(err, OCI_DENIED, "%s: %s", text, oci_err_text(why));
		return;
	}
	if (oci_logins_find(c->server->c->logins, c->server->host, c->repository, &login, NULL) < 0)
		return;
	if (oci_login_is_empty(&login))
		oci_fail(err, OCI_DENIED, "%s; if it is private, log in to %s with docker or skopeo first", text,
			 c->server->host);
	else
		oci_fail(err, OCI_DENIED, "%s; the login for %s is not good for it", text, c->server->host);
}

static void call_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct call *c = ctx;

	if (*err && r->status == 401 && is_worth_another(c, r)) {
		call_send(c);
		return;
	}
	explain(r, err);
	if (*err && (r->status == 401 || r->status == 403))
		say_how_to_log_in(c, r, err);
	c->done(c->ctx, r, err);
	call_free(c);
}

static bool is_at_home(const struct call *c)
{
	auto_free char *home = NULL, *there = NULL;

	return oci_url_origin(c->server->base, &home, NULL) == 0 && oci_url_origin(c->url, &there, NULL) == 0 &&
	       oci_streq(home, there);
}

void call_send(struct call *c)
{
	struct server *s = c->server;

	if (s->state == SERVER_UNKNOWN)
		probe(s);
	if (s->state == SERVER_PROBED) {
		calls_add(&s->waiting, c);
		return;
	}
	if (s->state == SERVER_FAILED) {
		call_fail(c, oci_err_dup(s->err));
		return;
	}
	if (s->state != SERVER_OPEN && is_at_home(c) && !token_need(c))
		return;
	c->req.url = c->url;
	c->req.headers = (const char *const *)c->headers.v;
	c->req.n_headers = c->headers.n;
	c->req.authorize = authorize;
	c->req.done = call_done;
	c->req.ctx = c;
	oci_xfer_add(s->c->xfer, &c->req);
}
