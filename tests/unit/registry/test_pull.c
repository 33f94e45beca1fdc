/* Pulling from registries that are odd, each in a way that real ones are. */
#include "registry/pull.h"

#include "../net/server.h"
#include "base/file.h"
#include "digest/hasher.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char document[] =
	"{\"schemaVersion\": 2, \"mediaType\": \"application/vnd.oci.image.index.v1+json\", \"manifests\": []}";

struct odd {
	struct server s;
	struct oci_client *c;
	struct oci_ref ref;
	struct oci_want w;
};

static void odd_start(struct odd *o)
{
	auto_strs struct oci_strs plain = { 0 };
	auto_free char *logins = NULL;

	server_start(&o->s, "odd_registry.py");
	logins = server_file(&o->s, "auth.json");
	cr_assert_eq(oci_file_replace(logins, "{}", 2, NULL), 0);
	oci_strs_add(&plain, "127.0.0.1");
	cr_assert_eq(oci_client_new(&o->c,
				    &(struct oci_client_settings){ .plain_http = &plain,
								   .authfile = logins,
								   .xfer = { .retry_ms = 5, .retries = 2 } },
				    NULL),
		     0);
}

static void odd_stop(struct odd *o)
{
	oci_client_free(o->c);
	oci_ref_clear(&o->ref);
	oci_want_clear(&o->w);
	server_stop(&o->s);
}

#define auto_odd OCI_AUTO(odd_stop)

static size_t pull(struct odd *o, enum oci_want_kind kind, const char *repository)
{
	auto_free char *text = oci_printf("127.0.0.1:%u/%s:v1", o->s.port, repository);

	oci_want_clear(&o->w);
	oci_ref_clear(&o->ref);
	cr_assert_eq(oci_ref_parse(text, &o->ref, NULL), 0);
	o->w = (struct oci_want){ .kind = kind, .ref = &o->ref };
	if (kind == OCI_WANT_REFERRERS)
		oci_digest_of("x", 1, &o->w.digest);
	return oci_client_pull(o->c, &o->w, 1);
}

/* Some registries answer HEAD without a digest, or not at all. */
Test(pull, asks_with_get_where_head_says_too_little)
{
	static const char *const repositories[] = { "usual", "nohead", "headless" };
	auto_odd struct odd o = { 0 };

	odd_start(&o);
	for (size_t i = 0; i < OCI_COUNT(repositories); i++) {
		struct oci_digest d;

		cr_assert_eq(pull(&o, OCI_WANT_RESOLVE, repositories[i]), 0, "%s", oci_err_text(o.w.err));
		oci_digest_of(document, sizeof(document) - 1, &d);
		cr_expect(oci_digest_same(&d, &o.w.digest));
		cr_expect_eq(o.w.size, sizeof(document) - 1);
		cr_expect_eq(o.w.bytes.len, i ? sizeof(document) - 1 : 0);
	}
}

Test(pull, reads_all_pages)
{
	auto_odd struct odd o = { 0 };

	odd_start(&o);
	cr_assert_eq(pull(&o, OCI_WANT_TAGS, "paged"), 0, "%s", oci_err_text(o.w.err));
	cr_assert_eq(o.w.tags.n, 3);
	cr_expect_str_eq(o.w.tags.v[2], "c");
	cr_assert_eq(pull(&o, OCI_WANT_REFERRERS, "paged"), 0, "%s", oci_err_text(o.w.err));
	cr_expect_not_null(strstr(oci_buf_text(&o.w.bytes), "0000001\",\"size\":1"), "%s", oci_buf_text(&o.w.bytes));
	cr_expect_not_null(strstr(oci_buf_text(&o.w.bytes), "0000002\",\"size\":2"));
}

/* Without the API the tag sha256-HEX is asked for, and the API not once more. */
Test(pull, finds_referrers_without_the_api)
{
	auto_odd struct odd o = { 0 };

	odd_start(&o);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(pull(&o, OCI_WANT_REFERRERS, "spa"), 0, "%s", oci_err_text(o.w.err));
		cr_expect_not_null(strstr(oci_buf_text(&o.w.bytes), "manifests"));
	}
	cr_expect_eq(server_logged(&o.s, "/referrers/"), 1);
	cr_expect_eq(server_logged(&o.s, "/manifests/sha256-2d7116"), 2);
}

Test(pull, takes_the_scope_that_the_registry_names)
{
	auto_odd struct odd o = { 0 };

	odd_start(&o);
	cr_assert_eq(pull(&o, OCI_WANT_MANIFEST, "renamed/x"), 0, "%s", oci_err_text(o.w.err));
	cr_expect_str_eq(oci_buf_text(&o.w.bytes), document);
}

/* One line each, whatever comes instead of a token. */
Test(pull, names_what_is_wrong_with_a_login)
{
	static const char *const bad[][2] = {
		{ "login/html", "/token: the answer is an HTML page" },
		{ "login/deep", "answer of the token server: " },
		{ "login/empty", "answer of the token server: no token" },
		{ "login/number", "answer of the token server: no token" },
		{ "login/split", "answer of the token server: malformed token" },
		{ "login/realm", "it wants a token and does not say where tokens are" },
		{ "login/malformed", "401 Unauthorized: malformed WWW-Authenticate header: Bearer realm=" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_odd struct odd o = { 0 };

		odd_start(&o);
		cr_assert_eq(pull(&o, OCI_WANT_MANIFEST, bad[i][0]), 1, "%s", bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(o.w.err), bad[i][1]), "%s: %s", bad[i][0],
				   oci_err_text(o.w.err));
		cr_expect_null(strchr(oci_err_text(o.w.err), '\n'));
	}
}

Test(pull, fails_in_words)
{
	static const struct {
		const char *repository, *words;
		enum oci_want_kind kind;
		enum oci_code code;
	} bad[] = {
		{ "html", "the answer is an HTML page: a login page", OCI_WANT_MANIFEST, OCI_BADINPUT },
		{ "wrong", "expected sha256:", OCI_WANT_MANIFEST, OCI_BADDIGEST },
		{ "huge", "has more than 4194304 bytes", OCI_WANT_MANIFEST, OCI_BADINPUT },
		{ "tired", "503 Service Unavailable (tried 3 times)", OCI_WANT_MANIFEST, OCI_BUSY },
		{ "endless", "its pages never end", OCI_WANT_TAGS, OCI_BADINPUT },
		{ "endless", "its pages never end", OCI_WANT_REFERRERS, OCI_BADINPUT },
		{ "flood", "its pages are more than 64 MiB together", OCI_WANT_TAGS, OCI_BADINPUT },
		{ "html", "the answer is an HTML page", OCI_WANT_TAGS, OCI_BADINPUT },
	};
	auto_odd struct odd o = { 0 };

	odd_start(&o);
	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		cr_assert_eq(pull(&o, bad[i].kind, bad[i].repository), 1, "%s", bad[i].repository);
		cr_expect_not_null(strstr(oci_err_text(o.w.err), bad[i].words), "%s: %s", bad[i].repository,
				   oci_err_text(o.w.err));
		cr_expect_eq(oci_err_code(o.w.err), bad[i].code, "%s", bad[i].repository);
	}
}
