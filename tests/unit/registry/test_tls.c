/* Encryption and trust, against docker-registry with a certificate of our own authority. */
#include "../net/server.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/hasher.h"
#include "registry.h"
#include "registry/pull.h"
#include "registry/push.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct tls {
	struct registry reg;
	char *keys; /* folder; the registry reads it after it has begun to listen */
	char *ca;
	char *notes; /* what the client said, with -v */
	size_t notes_len;
};

static void sh(const char *fmt, const char *dir)
{
	auto_buf struct oci_buf b = { 0 };

	oci_buf_addf(&b, "cd '%s' && { %s; } >/dev/null 2>&1", dir, fmt);
	cr_assert_eq(system(oci_buf_text(&b)), 0, "%s", fmt);
}

static void tls_start(struct tls *t)
{
	char tmpl[] = "/tmp/kubecrate-test.XXXXXX";

	cr_assert_not_null(mkdtemp(tmpl));
	sh("openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca && "
	   "openssl req -newkey rsa:2048 -nodes -keyout srv.key -out srv.csr -subj /CN=srv && "
	   "echo subjectAltName=IP:127.0.0.1 >ext && "
	   "openssl x509 -req -in srv.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out srv.crt",
	   tmpl);
	auto_free char *tls = oci_printf("certificate: %s/srv.crt, key: %s/srv.key", tmpl, tmpl);

	registry_start(&t->reg, NULL, tls);
	t->keys = oci_strdup(tmpl);
	t->ca = oci_path_join(tmpl, "ca.crt");
}

static void tls_stop(struct tls *t)
{
	registry_stop(&t->reg);
	if (t->keys)
		oci_path_remove_tree(t->keys, NULL);
	free(t->keys);
	free(t->ca);
	free(t->notes);
}

struct trust {
	bool ca, insecure, plain;
};

/* Push a manifest-less blob; the error's text, or NULL. */
static char *attempt(struct tls *t, const char *host, struct trust trust, const char *no_pem)
{
	auto_ref struct oci_ref r = { 0 };
	auto_strs struct oci_strs insecure = { 0 }, plain = { 0 };
	auto_client struct oci_client *c = NULL;
	free(oci_steal(&t->notes));
	FILE *notes = open_memstream(&t->notes, &t->notes_len);
	struct oci_out out = { .notes = notes, .level = 1 };
	struct oci_put p = { .kind = OCI_PUT_BLOB, .ref = &r, .bytes = "hello", .size = 5 };

	oci_strs_add(trust.insecure ? &insecure : &plain, trust.insecure || trust.plain ? "127.0.0.1" : "other");
	cr_assert_eq(oci_client_new(&c,
				    &(struct oci_client_settings){ .xfer = { .retry_ms = 10,
									     .insecure = &insecure,
									     .out = &out,
									     .ca_file = trust.ca ? t->ca : no_pem },
								   .plain_http = &plain },
				    NULL),
		     0);
	auto_free char *text = oci_printf("%s/a/b:v1", host);
	cr_assert_eq(oci_ref_parse(text, &r, NULL), 0);
	oci_digest_of("hello", 5, &p.digest);
	char *why = oci_client_push(c, &p, 1) ? oci_strdup(oci_err_text(p.err)) : NULL;

	oci_err_clear(&p.err);
	fclose(notes);
	return why;
}

Test(tls, trusts_the_authority_that_is_named)
{
	OCI_AUTO(tls_stop) struct tls t = { 0 };

	tls_start(&t);
	auto_free char *why = attempt(&t, t.reg.host, (struct trust){ .ca = true }, NULL);
	cr_expect_null(why, "%s", why);
	cr_expect_not_null(strstr(t.notes, "HTTP/2"), "%s", t.notes);
}

/* HTTP/2: one connection carries everything. */
Test(tls, needs_one_connection_for_all)
{
	OCI_AUTO(tls_stop) struct tls t = { 0 };
	auto_server struct server proxy = { 0 };
	auto_ref struct oci_ref r = { 0 };
	auto_client struct oci_client *c = NULL;
	struct oci_put puts[21];

	tls_start(&t);
	server_start_with(&proxy, "proxy.py", (const char *const[]){ t.reg.host, "delay=4", NULL });
	auto_free char *text = oci_printf("127.0.0.1:%u/a/b:v1", proxy.port);
	cr_assert_eq(oci_ref_parse(text, &r, NULL), 0);
	cr_assert_eq(oci_client_new(&c, &(struct oci_client_settings){ .xfer = { .ca_file = t.ca } }, NULL), 0);
	for (size_t i = 0; i < OCI_COUNT(puts); i++) {
		puts[i] = (struct oci_put){ .kind = OCI_PUT_BLOB, .ref = &r, .bytes = text, .size = i };
		oci_digest_of(text, i, &puts[i].digest);
	}
	cr_expect_eq(oci_client_push(c, puts + 1, 20), 0);
	for (size_t i = 1; i < OCI_COUNT(puts); i++)
		cr_expect_null(puts[i].err, "%s", oci_err_text(puts[i].err));
	cr_expect_eq(server_logged(&proxy, "connection"), 1, "%zu", server_logged(&proxy, "connection"));
}

Test(tls, checks_nothing_when_told_so)
{
	OCI_AUTO(tls_stop) struct tls t = { 0 };

	tls_start(&t);
	auto_free char *why = attempt(&t, t.reg.host, (struct trust){ .insecure = true }, NULL);
	cr_expect_null(why, "%s", why);
}

Test(tls, says_what_to_do)
{
	OCI_AUTO(tls_stop) struct tls t = { 0 }, plain = { 0 };

	tls_start(&t);
	registry_start(&plain.reg, NULL, NULL);
	auto_free char *unknown = attempt(&t, t.reg.host, (struct trust){ 0 }, NULL);
	auto_free char *no_pem = attempt(&plain, t.reg.host, (struct trust){ 0 }, "/etc/passwd");
	auto_free char *no_tls = attempt(&plain, plain.reg.host, (struct trust){ 0 }, NULL);

	cr_expect_not_null(strstr(unknown, "; name its authority with --ca FILE"), "%s", unknown);
	cr_expect_not_null(strstr(no_pem, "the file of trusted authorities cannot be used"), "%s", no_pem);
	cr_expect_not_null(strstr(no_tls, "if the server speaks plain HTTP, say so with --plain-http HOST"), "%s",
			   no_tls);
}

Test(tls, misses_its_file_at_once)
{
	auto_err struct oci_err *err = NULL;
	struct oci_client *c = NULL;

	cr_expect_eq(oci_client_new(&c, &(struct oci_client_settings){ .xfer = { .ca_file = "/no/such/file" } }, &err),
		     -1);
	cr_expect_str_eq(oci_err_text(err), "--ca /no/such/file: No such file or directory");
}
