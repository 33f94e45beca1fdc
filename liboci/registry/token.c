/* Tokens: https://distribution.github.io/distribution/spec/auth/token/ and, for identity tokens, …/spec/auth/oauth/ */
#include "base/base64.h"
#include "base/clock.h"
#include "base/out.h"
#include "net/url.h"
#include "registry/client_int.h"
#include "registry/token_answer.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN_MAX (1u << 20)

void token_free(void *token)
{
	struct token *t = token;

	for (struct call *c; (c = calls_take(&t->waiting));)
		call_free(c);
	free(t->scope);
	free(t->repository);
	free(t->header);
	free(t);
}

static void set_header(struct token *t, char *header_take, int64_t expires)
{
	free(t->header);
	t->header = header_take;
	t->serial++;
	t->expires = expires;
	t->ready = true;
}

static char *basic_header(const struct oci_login *login)
{
	auto_free char *pair = oci_printf("%s:%s", login->user, login->password ? login->password : "");
	auto_buf struct oci_buf b = { 0 };

	oci_buf_adds(&b, "Basic ");
	oci_base64_encode(pair, strlen(pair), &b);
	return oci_buf_take(&b);
}

static void release(struct token *t)
{
	struct calls waiting = t->waiting;

	t->waiting = (struct calls){ 0 };
	for (struct call *c; (c = calls_take(&waiting));)
		call_send(c);
}

static void refuse(struct token *t, struct oci_err **err)
{
	struct calls waiting = t->waiting;

	t->waiting = (struct calls){ 0 };
	for (struct call *c; (c = calls_take(&waiting));)
		call_fail(c, oci_err_dup(*err));
}

static int read_token(struct token *t, const struct oci_response *r, struct oci_err **err)
{
	auto_token_answer struct oci_token_answer answer = { 0 };

	if (oci_token_answer_parse(oci_buf_text(&r->body), r->body.len, &answer, err) < 0)
		return -1;
	/* a quarter early, so that it does not expire on the way */
	set_header(t, oci_printf("Bearer %s", answer.token), oci_clock_ms() + answer.seconds * 750);
	return 0;
}

static void token_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct token *t = ctx;

	t->asked = false;
	if (!*err && read_token(t, r, err) == 0) {
		release(t);
		return;
	}
	oci_fail_in(err, "login to %s", t->server->host);
	refuse(t, err);
}

/* "a b" is two scopes, each a parameter of its own. */
static char *with_scopes(const char *url, const struct token *t)
{
	char *out = t->server->service ? oci_url_with(url, "service", t->server->service) : oci_strdup(url);
	struct oci_slice rest = oci_slice(t->scope), word;

	while (oci_slice_word(&rest, &word)) {
		auto_free char *scope = oci_slice_dup(word), *shorter = out;

		out = oci_url_with(shorter, "scope", scope);
	}
	return out;
}

static void ask_by_get(struct token *t, const struct oci_login *login)
{
	auto_free char *url = with_scopes(t->server->realm, t), *basic = login->user ? basic_header(login) : NULL;

	oci_xfer_add(t->server->c->xfer, &(struct oci_request){ .url = url,
								.authorization = basic,
								.max_body = TOKEN_MAX,
								.no_html = true,
								.urgent = true,
								.done = token_done,
								.ctx = t });
}

struct form {
	char *text;
	struct token *token;
};

static void form_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct form *f = ctx;

	token_done(f->token, r, err);
	free(f->text);
	free(f);
}

/* An identity token is exchanged with POST: it must not stand in a URL. */
static void ask_by_post(struct token *t, const char *refresh)
{
	static const char *const headers[] = { "Content-Type: application/x-www-form-urlencoded" };
	auto_free char *service = oci_url_escape(t->server->service ? t->server->service : "");
	auto_free char *scope = oci_url_escape(t->scope), *secret = oci_url_escape(refresh);
	struct form *f = oci_calloc(1, sizeof(*f));

	f->token = t;
	f->text = oci_printf("grant_type=refresh_token&client_id=kubecrate&service=%s&scope=%s&refresh_token=%s",
			     service, scope, secret);
	oci_xfer_add(t->server->c->xfer, &(struct oci_request){ .method = "POST",
								.url = t->server->realm,
								.headers = headers,
								.n_headers = 1,
								.body = f->text,
								.body_len = strlen(f->text),
								.max_body = TOKEN_MAX,
								.no_html = true,
								.urgent = true,
								.done = form_done,
								.ctx = f });
}

/* A login goes only where the registry itself could be trusted with it. */
static int check_realm(const struct server *s, const struct oci_login *login, struct oci_err **err)
{
	bool secret = login->user || login->identity_token;

	if (!s->realm)
		return oci_fail(err, OCI_BADINPUT, "it wants a token and does not say where tokens are");
	if (secret && oci_starts(s->base, "https:") && !oci_starts(s->realm, "https:")) {
		auto_free char *shown = oci_url_shown(s->realm);
		return oci_fail(err, OCI_DENIED, "its token server %s would get the password without encryption",
				shown);
	}
	return 0;
}

static int ask(struct token *t, struct oci_err **err)
{
	auto_login struct oci_login login = { 0 };
	struct server *s = t->server;

	if (oci_logins_find(s->c->logins, s->host, t->repository, &login, err) < 0)
		return -1;
	if (login.registry_token && !oci_token_fits_header(login.registry_token))
		return oci_fail(err, OCI_BADINPUT, "its registrytoken is malformed");
	if (login.registry_token) {
		set_header(t, oci_printf("Bearer %s", login.registry_token), 0);
	} else if (s->state == SERVER_BASIC) {
		if (login.identity_token || !login.user)
			return oci_fail(err, OCI_DENIED,
					"it wants a user and a password; log in with docker or skopeo first");
		set_header(t, basic_header(&login), 0);
	} else if (check_realm(s, &login, err) < 0) {
		return -1;
	} else {
		t->asked = true;
		if (login.identity_token)
			ask_by_post(t, login.identity_token);
		else
			ask_by_get(t, &login);
	}
	return 0;
}

static struct token *find(struct call *c)
{
	void **at = oci_map_at(&c->server->tokens, c->scope);

	if (!*at) {
		struct token *t = oci_calloc(1, sizeof(*t));

		t->server = c->server;
		t->scope = oci_strdup(c->scope);
		t->repository = oci_strdup(c->repository);
		*at = t;
	}
	return *at;
}

bool token_need(struct call *c)
{
	auto_err struct oci_err *err = NULL;

	c->token = find(c);
	if (c->token->ready && (!c->token->expires || oci_clock_ms() < c->token->expires))
		return true;
	if (!c->token->asked && ask(c->token, &err) < 0) {
		oci_fail_in(&err, "login to %s", c->server->host);
		call_fail(c, oci_steal(&err));
		return false;
	}
	if (!c->token->asked)
		return true;
	calls_add(&c->token->waiting, c);
	return false;
}

void token_renew(struct token *t)
{
	t->ready = false;
}
