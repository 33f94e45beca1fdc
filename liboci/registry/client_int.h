/* The client's insides: servers, their tokens, and calls, which are requests that carry the right login. */
#ifndef OCI_REGISTRY_CLIENT_INT_H
#define OCI_REGISTRY_CLIENT_INT_H

#include "base/map.h"
#include "registry/challenge.h"
#include "registry/client.h"
#include "registry/logins.h"

struct oci_ref;
struct call;

struct calls { /* in a row */
	struct call *first, *last;
};

enum server_state { SERVER_UNKNOWN, SERVER_PROBED, SERVER_OPEN, SERVER_BASIC, SERVER_BEARER, SERVER_FAILED };

/* Where one HOST of references is asked. */
struct server {
	struct oci_client *c;
	char *host;   /* whose logins count: HOST's, or its mirror's */
	char *base;   /* "https://registry-1.docker.io" */
	char *prefix; /* "" or "path/", before the repository */
	enum server_state state;
	char *realm, *service; /* of its token server */
	struct oci_err *err;   /* why it FAILED */
	struct calls waiting;  /* for the probe */
	struct oci_map tokens; /* by scope: struct token */
	bool no_referrers;     /* has no referrers API */
};

/* What lets a call pass: a token for one scope, or with Basic one user and password. */
struct token {
	struct server *server;
	char *scope, *repository;
	char *header;	 /* "Bearer …", "Basic …"; NULL: none */
	unsigned serial; /* counts renewals */
	int64_t expires; /* oci_clock_ms; 0: never */
	bool ready, asked;
	struct calls waiting;
};

struct oci_client {
	struct oci_xfer *xfer;
	const struct oci_out *out;
	struct oci_logins *logins;
	uint64_t chunk;
	struct oci_strs mirrors, plain_http;
	struct oci_map servers; /* by HOST: struct server */
};

/* One request to a registry. What its members point to is the call's own, but body, path and progress. */
struct call {
	struct call *next;
	struct server *server;
	struct oci_request req;
	struct oci_strs headers;
	char *url, *scope, *repository;
	struct token *token;
	unsigned serial;  /* of the token that was sent */
	unsigned refused; /* times in a row */
	/* *err is NULL, or why it failed, with what the registry said about it. The call is freed afterwards. */
	void (*done)(void *ctx, struct oci_response *r, struct oci_err **err);
	void *ctx;
};

struct server *server_for(struct oci_client *c, const char *host, struct oci_err **err); /* NULL with *err */
void server_free(void *server);

/* URL of a repository's thing: "BASE/v2/PREFIXREPOSITORY/REST"; the caller's to free. */
char *repository_url(const struct server *s, const char *repository, const char *rest);

/* A call to url; actions ("pull", "pull,push") are what its token must allow. Fill in c->req, then call_send. */
struct call *call_new(struct server *s, const char *url, const char *repository, const char *actions);
void call_add_header(struct call *c, const char *name, const char *value);
void call_add_scope(struct call *c, const char *repository, const char *actions); /* one more repository: mounts */
void call_send(struct call *c);							  /* takes it */
void call_free(struct call *c);
void call_fail(struct call *c, struct oci_err *err_take);

void calls_add(struct calls *q, struct call *c);
struct call *calls_take(struct calls *q);

/* Let c->token be the one for its scope, asking for it when there is none or it has expired. True: c can be sent. */
bool token_need(struct call *c);
void token_renew(struct token *t); /* it was refused */
void token_free(void *token);

#endif
