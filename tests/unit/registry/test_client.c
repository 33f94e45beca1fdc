/* The client against Debian's docker-registry. */
#include "registry/client.h"

#include "../net/server.h"
#include "base/file.h"
#include "base/path.h"
#include "digest/hasher.h"
#include "image/media.h"
#include "registry.h"
#include "registry/pull.h"
#include "registry/push.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char manifest[] = "{\"schemaVersion\":2,\"mediaType\":\"" OCI_MEDIA_INDEX "\",\"manifests\":[]}";
static const char me_login[] = "bWU6c2VjcmV0"; /* me:secret */

/* A client that finds no logins but those given. */
static struct oci_client *client(const char *dir, const char *authfile_text, const char *host, const char *mirror)
{
	auto_free char *path = oci_path_join(dir, "auth.json");
	auto_strs struct oci_strs plain = { 0 }, mirrors = { 0 };
	auto_err struct oci_err *err = NULL;
	const char *text = authfile_text ? authfile_text : "{}";
	struct oci_client *c = NULL;

	cr_assert_eq(oci_file_replace(path, text, strlen(text), NULL), 0);
	oci_strs_add(&plain, host);
	if (mirror)
		oci_strs_add(&mirrors, mirror);
	cr_assert_eq(oci_client_new(&c,
				    &(struct oci_client_settings){ .xfer = { .retry_ms = 10 },
								   .plain_http = &plain,
								   .mirrors = &mirrors,
								   .authfile = path },
				    &err),
		     0, "%s", oci_err_text(err));
	return c;
}

static struct oci_client *logged_in(const char *dir, const char *host, const char *entry)
{
	auto_free char *text = oci_printf("{\"auths\":{\"%s\":{%s}}}", host, entry);

	return client(dir, text, host, NULL);
}

static void ref(struct oci_ref *r, const char *host, const char *rest)
{
	auto_free char *text = oci_printf("%s/%s", host, rest);

	oci_ref_clear(r);
	cr_assert_eq(oci_ref_parse(text, r, NULL), 0);
}

static struct oci_put blob_put(const struct oci_ref *r, const char *bytes)
{
	struct oci_put p = { .kind = OCI_PUT_BLOB, .ref = r, .bytes = bytes, .size = strlen(bytes) };

	oci_digest_of(bytes, strlen(bytes), &p.digest);
	return p;
}

static struct oci_put manifest_put(const struct oci_ref *r)
{
	struct oci_put p = blob_put(r, manifest);

	p.kind = OCI_PUT_MANIFEST;
	p.media_type = OCI_MEDIA_INDEX;
	return p;
}

static void push(struct oci_client *c, struct oci_put *p)
{
	cr_assert_eq(oci_client_push(c, p, 1), 0, "%s", oci_err_text(p->err));
}

static void round_trip(struct oci_client *c, const char *host, const char *dir)
{
	auto_ref struct oci_ref r = { 0 };
	ref(&r, host, "a/b:v1");
	struct oci_put puts[] = { blob_put(&r, "hello"), manifest_put(&r), manifest_put(&r) };
	auto_free char *path = oci_path_join(dir, "blob");

	for (size_t i = 0; i < OCI_COUNT(puts); i++)
		push(c, &puts[i]);
	cr_expect_eq(puts[0].how, OCI_PUT_SENT);
	cr_expect_eq(puts[0].sent, 5);
	cr_expect_eq(puts[1].how, OCI_PUT_SENT);
	cr_expect_eq(puts[2].how, OCI_PUT_KEPT);
	cr_expect_eq(puts[2].sent, 0);

	struct oci_want wants[] = {
		{ .kind = OCI_WANT_RESOLVE, .ref = &r },
		{ .kind = OCI_WANT_MANIFEST, .ref = &r },
		{ .kind = OCI_WANT_BLOB, .ref = &r, .digest = puts[0].digest, .sized = true, .size = 5, .path = path },
		{ .kind = OCI_WANT_BLOB, .ref = &r, .digest = puts[0].digest },
		{ .kind = OCI_WANT_TAGS, .ref = &r },
		{ .kind = OCI_WANT_REFERRERS, .ref = &r, .digest = puts[1].digest },
	};

	cr_assert_eq(oci_client_pull(c, wants, OCI_COUNT(wants)), 0);
	cr_expect(oci_digest_same(&wants[0].digest, &puts[1].digest));
	cr_expect_eq(wants[0].size, sizeof(manifest) - 1);
	cr_expect_str_eq(wants[0].media_type, OCI_MEDIA_INDEX);
	cr_expect_eq(wants[0].bytes.len, 0);
	cr_expect_str_eq(oci_buf_text(&wants[1].bytes), manifest);
	cr_expect(oci_path_exists(path));
	cr_expect_str_eq(oci_buf_text(&wants[3].bytes), "hello");
	cr_assert_eq(wants[4].tags.n, 1);
	cr_expect_str_eq(wants[4].tags.v[0], "v1");
	cr_expect_str_eq(oci_buf_text(&wants[5].bytes), manifest);
	for (size_t i = 0; i < OCI_COUNT(wants); i++)
		oci_want_clear(&wants[i]);
}

Test(client, pushes_and_pulls_plain)
{
	auto_registry struct registry reg = { 0 };

	registry_start(&reg, NULL, NULL);
	auto_client struct oci_client *c = client(reg.dir, NULL, reg.host, NULL);
	round_trip(c, reg.host, reg.dir);
}

Test(client, logs_in_with_basic)
{
	static const char htpasswd[] = "htpasswd -Bbn me secret >%s/htpasswd";
	auto_registry struct registry reg = { 0 };
	auto_ref struct oci_ref r = { 0 };
	char tmpl[] = "/tmp/kubecrate-test.XXXXXX";

	cr_assert_not_null(mkdtemp(tmpl));
	auto_free char *command = oci_printf(htpasswd, tmpl);
	cr_assert_eq(system(command), 0);
	auto_free char *auth = oci_printf("auth: { htpasswd: { realm: r, path: %s/htpasswd } }", tmpl);
	registry_start(&reg, auth, NULL);
	auto_free char *entry = oci_printf("\"auth\":\"%s\"", me_login);
	auto_client struct oci_client *c = logged_in(reg.dir, reg.host, entry);
	auto_client struct oci_client *nobody = client(tmpl, NULL, reg.host, NULL);
	auto_client struct oci_client *wrong = logged_in(tmpl, reg.host, "\"username\":\"me\",\"password\":\"x\"");

	round_trip(c, reg.host, reg.dir);
	ref(&r, reg.host, "a/b:v1");
	struct oci_want a = { .kind = OCI_WANT_MANIFEST, .ref = &r }, b = a;
	cr_assert_eq(oci_client_pull(nobody, &a, 1), 1);
	cr_expect_not_null(strstr(oci_err_text(a.err), "it wants a user and a password; log in with"), "%s",
			   oci_err_text(a.err));
	cr_assert_eq(oci_client_pull(wrong, &b, 1), 1);
	cr_expect_not_null(strstr(oci_err_text(b.err), "401 Unauthorized"), "%s", oci_err_text(b.err));
	cr_expect_not_null(strstr(oci_err_text(b.err), "is not good for it"), "%s", oci_err_text(b.err));
	oci_want_clear(&a);
	oci_want_clear(&b);
	oci_path_remove_tree(tmpl, NULL);
}

static void token_registry(struct registry *reg, struct server *tokens, const char *query)
{
	server_start(tokens, "tokens.py");
	auto_free char *auth =
		oci_printf("auth: { token: { realm: \"http://127.0.0.1:%u/token%s\", service: reg, issuer: tokens, "
			   "rootcertbundle: %s/served/tokens.crt } }",
			   tokens->port, query, tokens->dir);

	registry_start(reg, auth, NULL);
}

Test(client, logs_in_with_tokens)
{
	auto_server struct server tokens = { 0 };
	auto_registry struct registry reg = { 0 };
	auto_ref struct oci_ref r = { 0 };

	token_registry(&reg, &tokens, "");
	auto_free char *entry = oci_printf("\"auth\":\"%s\"", me_login);
	auto_client struct oci_client *c = logged_in(reg.dir, reg.host, entry);
	auto_client struct oci_client *refresh = logged_in(reg.dir, reg.host, "\"identitytoken\":\"refresh\"");
	auto_client struct oci_client *wrong = logged_in(reg.dir, reg.host, "\"auth\":\"bWU6eA==\"");
	auto_client struct oci_client *nobody = client(reg.dir, NULL, reg.host, NULL);

	round_trip(c, reg.host, reg.dir);
	cr_expect_eq(server_logged(&tokens, "GET"), 2, "one for pushes, one for pulls");
	ref(&r, reg.host, "public/x:v1");
	struct oci_put p = manifest_put(&r);
	push(refresh, &p);
	cr_expect_eq(server_logged(&tokens, "POST"), 1);

	struct oci_want w = { .kind = OCI_WANT_MANIFEST, .ref = &r };
	cr_expect_eq(oci_client_pull(nobody, &w, 1), 0, "anonymous: %s", oci_err_text(w.err));
	oci_want_clear(&w);
	w = (struct oci_want){ .kind = OCI_WANT_MANIFEST, .ref = &r };
	cr_expect_eq(oci_client_pull(wrong, &w, 1), 1);
	cr_expect_not_null(strstr(oci_err_text(w.err), "login to 127.0.0.1:"), "%s", oci_err_text(w.err));
	cr_expect_not_null(strstr(oci_err_text(w.err), "/token: 401 Unauthorized"), "%s", oci_err_text(w.err));
	oci_want_clear(&w);
	ref(&r, reg.host, "a/b:v1");
	w = (struct oci_want){ .kind = OCI_WANT_MANIFEST, .ref = &r };
	cr_expect_eq(oci_client_pull(nobody, &w, 1), 1);
	cr_expect_not_null(strstr(oci_err_text(w.err), "if it is private, log in to"), "%s", oci_err_text(w.err));
	oci_want_clear(&w);
}

/* The registry refuses the token though it should still be good. */
Test(client, renews_a_token_in_mid_run)
{
	auto_server struct server tokens = { 0 };
	auto_registry struct registry reg = { 0 };
	auto_ref struct oci_ref r = { 0 };

	token_registry(&reg, &tokens, "?ttl=3");
	auto_free char *entry = oci_printf("\"auth\":\"%s\"", me_login);
	auto_client struct oci_client *c = logged_in(reg.dir, reg.host, entry);

	ref(&r, reg.host, "a/b:v1");
	struct oci_put first = manifest_put(&r), more[10];
	push(c, &first);
	size_t before = server_logged(&tokens, "GET");
	sleep(4);
	for (size_t i = 0; i < OCI_COUNT(more); i++) {
		char *text = oci_printf("%zu", i);
		more[i] = blob_put(&r, text);
	}
	cr_assert_eq(oci_client_push(c, more, OCI_COUNT(more)), 0);
	/* one, but a slow machine may see the new one run out, too */
	cr_expect_lt(server_logged(&tokens, "GET") - before, OCI_COUNT(more) / 2, "%zu tokens",
		     server_logged(&tokens, "GET") - before);
	for (size_t i = 0; i < OCI_COUNT(more); i++)
		free((void *)(uintptr_t)more[i].bytes);
}

/* A client of `host` whose chunks are small. */
static struct oci_client *chunking(const char *host)
{
	auto_strs struct oci_strs plain = { 0 };
	struct oci_client *c = NULL;

	oci_strs_add(&plain, host);
	cr_assert_eq(oci_client_new(&c,
				    &(struct oci_client_settings){
					    .xfer = { .retry_ms = 10 }, .plain_http = &plain, .chunk = 2000000 },
				    NULL),
		     0);
	return c;
}

/* A large blob, and the server that breaks it off on its way. */
struct large {
	struct server server;
	struct oci_ref ref;
	struct oci_buf bytes;
	char *host, *path;
	struct oci_put put; /* of the file at path */
};

static void large_begin(struct large *l, size_t size, const char *script, const char *const *args)
{
	server_start_with(&l->server, script, args);
	server_put(&l->server, "blob", size, 5, &l->bytes);
	l->host = oci_printf("127.0.0.1:%u", l->server.port);
	l->path = oci_printf("%s/served/blob", l->server.dir);
	ref(&l->ref, l->host, "a/b:v1");
	l->put = (struct oci_put){ .kind = OCI_PUT_BLOB, .ref = &l->ref, .path = l->path, .size = size };
	oci_digest_of(l->bytes.data, size, &l->put.digest);
}

static void large_end(struct large *l)
{
	server_stop(&l->server);
	oci_ref_clear(&l->ref);
	oci_buf_clear(&l->bytes);
	free(l->host);
	free(l->path);
}

#define auto_large OCI_AUTO(large_end)

/* What an upload of 5 MB in chunks of 2 MB costs on a line that breaks. */
static const struct upload {
	const char *fault, *times;
	uint64_t sent_at_most;
	const char *logged;
	size_t how_often;
} uploads[] = {
	{ "cut=9999999", "times=0", 5000000, "POST", 1 },
	/* the part of the chunk that arrived is not sent again, but what was under way is */
	{ "cut=2500000", "times=1", 5000000 + 1500000, "2500000-4499999 202", 1 },
	{ "cut=2500000", "lost", 5000000 + 4000000, "POST", 2 },
	{ "busy=2", "times=0", 5000000 + 4000000, " 503", 2 },
};

Test(client, goes_on_after_a_broken_chunk)
{
	for (size_t i = 0; i < OCI_COUNT(uploads); i++) {
		const struct upload *u = &uploads[i];
		auto_large struct large l = { 0 };

		large_begin(&l, 5000000, "uploads.py",
			    (const char *const[]){ u->fault, u->times, oci_streq(u->times, "lost") ? "times=1" : NULL,
						   NULL });
		auto_client struct oci_client *c = chunking(l.host);

		push(c, &l.put);
		cr_expect_eq(l.put.how, OCI_PUT_SENT);
		cr_expect_eq(server_logged(&l.server, u->logged), u->how_often, "%s: %s", u->fault, u->logged);
		cr_expect_leq(l.put.sent, u->sent_at_most, "%s: %llu", u->fault, (unsigned long long)l.put.sent);
		push(c, &l.put);
		cr_expect_eq(l.put.how, OCI_PUT_KEPT);
		cr_expect_eq(l.put.sent, 0);
	}
}

/* docker-registry signs the offset into the URL of a session, so that a chunk of which a part arrived ends it there. */
Test(client, begins_anew_where_a_chunk_cannot_be_continued)
{
	auto_registry struct registry reg = { 0 };
	auto_large struct large l = { 0 };

	registry_start(&reg, NULL, NULL);
	large_begin(&l, 5000000, "proxy.py", (const char *const[]){ reg.host, "cut-up=2500000", "times=1", NULL });
	auto_client struct oci_client *c = chunking(l.host);

	push(c, &l.put);
	cr_expect_eq(l.put.how, OCI_PUT_SENT);
	cr_expect_eq(server_logged(&l.server, "cut up"), 1);
	push(c, &l.put);
	cr_expect_eq(l.put.how, OCI_PUT_KEPT);
}

/* A PUT that breaks off is begun anew. */
Test(client, repeats_a_broken_put)
{
	auto_registry struct registry reg = { 0 };
	auto_large struct large l = { 0 };

	registry_start(&reg, NULL, NULL);
	large_begin(&l, 3000000, "proxy.py", (const char *const[]){ reg.host, "cut-up=1000000", "times=2", NULL });
	auto_client struct oci_client *c = client(reg.dir, NULL, l.host, NULL);

	l.put.path = NULL;
	l.put.bytes = l.bytes.data;
	push(c, &l.put);
	cr_expect_eq(l.put.how, OCI_PUT_SENT);
	cr_expect_eq(server_logged(&l.server, "cut up"), 2);
}

Test(client, mounts_between_repositories)
{
	static const char *const from[] = { "no/such", "a/b", NULL };
	auto_server struct server tokens = { 0 };
	auto_registry struct registry reg = { 0 };
	auto_ref struct oci_ref a = { 0 }, b = { 0 };

	token_registry(&reg, &tokens, "");
	auto_free char *entry = oci_printf("\"auth\":\"%s\"", me_login);
	auto_client struct oci_client *c = logged_in(reg.dir, reg.host, entry);

	ref(&a, reg.host, "a/b:v1");
	ref(&b, reg.host, "c/d:v1");
	struct oci_put first = blob_put(&a, "hello"), second = blob_put(&b, "hello"), third = blob_put(&b, "other");
	push(c, &first);
	second.mount_from = from + 1;
	push(c, &second);
	cr_expect_eq(second.how, OCI_PUT_MOUNTED);
	cr_expect_eq(second.sent, 0);
	cr_expect_eq(server_logged(&tokens, "repository:c/d:pull,push\", \"repository:a/b:pull"), 1, "merged scopes");
	third.mount_from = from;
	push(c, &third);
	cr_expect_eq(third.how, OCI_PUT_SENT);
}

/* Names stay, the mirror's path goes before the repository, and the mirror's own login counts. */
Test(client, asks_a_mirror)
{
	auto_server struct server tokens = { 0 };
	auto_registry struct registry reg = { 0 };
	auto_ref struct oci_ref at = { 0 }, name = { 0 };

	token_registry(&reg, &tokens, "");
	auto_free char *mirror = oci_printf("quay.io=http://%s/proxy/q", reg.host);
	auto_free char *text = oci_printf(
		"{\"auths\":{\"%s\":{\"auth\":\"%s\"},\"quay.io\":{\"auth\":\"cXVheTpxdWF5\"}}}", reg.host, me_login);
	auto_client struct oci_client *c = client(reg.dir, text, reg.host, mirror);

	ref(&at, reg.host, "proxy/q/a/b:v1");
	ref(&name, "quay.io", "a/b:v1");
	struct oci_put p = manifest_put(&at);
	push(c, &p);
	struct oci_want w = { .kind = OCI_WANT_MANIFEST, .ref = &name };
	cr_expect_eq(oci_client_pull(c, &w, 1), 0, "%s", oci_err_text(w.err));
	cr_expect_eq(server_logged(&tokens, "\"user\": \"me\""), 2);
	oci_want_clear(&w);
}

Test(client, says_what_is_wrong)
{
	auto_registry struct registry reg = { 0 };
	auto_ref struct oci_ref r = { 0 }, dead = { 0 };

	registry_start(&reg, NULL, NULL);
	auto_client struct oci_client *c = client(reg.dir, NULL, reg.host, NULL);
	ref(&r, reg.host, "a/b:v1");
	ref(&dead, "127.0.0.1:1", "a/b:v1");
	struct oci_put p = blob_put(&r, "hello");
	push(c, &p);
	struct oci_want w[] = {
		{ .kind = OCI_WANT_RESOLVE, .ref = &r },
		{ .kind = OCI_WANT_MANIFEST, .ref = &r },
		{ .kind = OCI_WANT_BLOB, .ref = &r, .digest = p.digest, .sized = true, .size = 6 },
		{ .kind = OCI_WANT_RESOLVE, .ref = &dead },
		{ .kind = OCI_WANT_RESOLVE, .ref = &dead },
	};
	static const char *const words[] = { "HEAD http://127.0.0.1:",
					     "404 Not Found: MANIFEST_UNKNOWN: manifest unknown",
					     "has 5 bytes, expected 6", "Failed to connect", "Failed to connect" };

	cr_expect_eq(oci_client_pull(c, w, OCI_COUNT(w)), OCI_COUNT(w));
	for (size_t i = 0; i < OCI_COUNT(w); i++) {
		cr_expect_not_null(strstr(oci_err_text(w[i].err), words[i]), "%s", oci_err_text(w[i].err));
		oci_want_clear(&w[i]);
	}
}

Test(client, refuses_bad_mirrors)
{
	static const char *const bad[][2] = {
		{ "quay.io", "--mirror quay.io: HOST=URL is wanted" },
		{ "=http://x", "HOST=URL is wanted" },
		{ "quay.io=ftp://x/", "only http and https" },
		{ "quay.io=https://me:x@h/", "a host and a path only" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		struct oci_strs mirrors = { 0 };
		auto_err struct oci_err *err = NULL;
		auto_client struct oci_client *c = NULL;

		oci_strs_add(&mirrors, bad[i][0]);
		cr_expect_eq(oci_client_new(&c, &(struct oci_client_settings){ .mirrors = &mirrors }, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
		oci_strs_clear(&mirrors);
	}
}
