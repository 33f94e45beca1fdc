/* The engine against a server that misbehaves: every fault ends in the right bytes or in words. */
#include "net/xfer.h"

#include "base/file.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/hasher.h"
#include "server.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIZE 300000

static struct oci_xfer *engine(const struct oci_out *out)
{
	/* short pauses: these tests run often */
	return oci_xfer_new(&(struct oci_xfer_settings){
		.retry_ms = 10, .stall_seconds = 1, .connect_seconds = 5, .max_wait_seconds = 3, .out = out });
}

struct fetch {
	struct server *s;
	const char *fault;
	struct oci_digest digest;
	struct oci_buf bytes; /* what is served */
	char *path;
};

static void fetch_begin(struct fetch *f, struct server *s)
{
	*f = (struct fetch){ .s = s };
	server_start(s, "faulty.py");
	server_put(s, "blob", SIZE, 7, &f->bytes);
	oci_digest_of(f->bytes.data, f->bytes.len, &f->digest);
	f->path = server_file(s, "blob");
}

static void fetch_end(struct fetch *f)
{
	oci_buf_clear(&f->bytes);
	free(f->path);
}

#define auto_fetch OCI_AUTO(fetch_end)

static struct oci_request request(const struct fetch *f, const char *url)
{
	return (struct oci_request){ .url = url, .path = f->path, .digest = f->digest, .sized = true, .size = SIZE };
}

static int fetch(const struct fetch *f, const char *fault, struct oci_response *r, struct oci_err **err)
{
	auto_xfer struct oci_xfer *x = engine(NULL);
	auto_free char *path = oci_printf("%s/blob", fault);
	auto_free char *url = server_url(f->s, path);
	struct oci_request req = request(f, url);

	return oci_xfer_one(x, &req, r, err);
}

static void assert_fetched(const struct fetch *f)
{
	struct oci_digest d;

	cr_assert_eq(oci_hash_file(OCI_SHA256, f->path, &d, NULL, NULL), 0);
	cr_expect(oci_digest_same(&d, &f->digest));
	auto_free char *partial = oci_printf("%s.partial", f->path);
	cr_expect_not(oci_path_exists(partial));
}

Test(xfer, survives_faults)
{
	static const char *const faults[] = {
		"ok",
		"cut=100000",
		"cut=100000,norange,times=2",
		"stall=1000,once",
		"status=503,times=3",
		"status=500,once",
		"chunked,cut=5000,times=4",
		"cut=70000,wrongrange,times=2",
		"cut=70000,earlyrange,times=2",
		"status=429,after=0,once",
	};

	for (size_t i = 0; i < OCI_COUNT(faults); i++) {
		auto_server struct server s = { 0 };
		auto_fetch struct fetch f;
		auto_response struct oci_response r = { 0 };
		auto_err struct oci_err *err = NULL;

		fetch_begin(&f, &s);
		cr_assert_eq(fetch(&f, faults[i], &r, &err), 0, "%s: %s", faults[i], oci_err_text(err));
		cr_expect_eq(r.size, SIZE);
		cr_expect(oci_digest_same(&r.digest, &f.digest));
		assert_fetched(&f);
	}
}

Test(xfer, fails_in_words)
{
	static const struct {
		const char *fault, *words;
		enum oci_code code;
	} bad[] = {
		{ "status=404", "/blob: 404 Not Found", OCI_NOTFOUND },
		{ "status=401", "401 Unauthorized", OCI_DENIED },
		{ "status=418", "/blob: 418", OCI_FAILED },
		{ "status=502", "502 Bad Gateway (tried 6 times)", OCI_BUSY },
		{ "status=429,after=100", "429 Too Many Requests; the server asks to wait 100 s: run again after that",
		  OCI_BUSY },
		{ "flip", "body: digest is sha256:", OCI_BADDIGEST },
		{ "lie=300001", "has 300001 bytes, expected 300000", OCI_BADDIGEST },
		{ "lie=100", "has 100 bytes, expected 300000", OCI_BADDIGEST },
		{ "cut=0", "the connection ended in mid-body, after 0 bytes", OCI_BUSY },
		{ "html", "the server sent an HTML page instead: has 25 bytes", OCI_BADDIGEST },
		{ "loop", "more than 10 redirects", OCI_FAILED },
		{ "to=ftp%3A%2F%2Fh%2Fx", "redirect: ftp://h/x: only http and https", OCI_UNSUPPORTED },
		{ "garbage", "the answer is not HTTP", OCI_BADINPUT },
		{ "manyheaders", "more than 1000 headers", OCI_BADINPUT },
		{ "refuse=403", "403 Forbidden", OCI_DENIED },
		{ "big=2", "has more than the expected 300000 bytes", OCI_BADDIGEST },
	};
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;

	fetch_begin(&f, &s);
	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_response struct oci_response r = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(fetch(&f, bad[i].fault, &r, &err), -1, "%s", bad[i].fault);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i].words), "%s: %s", bad[i].fault, oci_err_text(err));
		cr_expect_eq(oci_err_code(err), bad[i].code, "%s", bad[i].fault);
		cr_expect_not(oci_path_exists(f.path));
		auto_free char *partial = oci_printf("%s.partial", f.path);
		unlink(partial);
	}
}

/* What an earlier run left is not fetched again. */
Test(xfer, continues_an_earlier_runs_partial_file)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;
	auto_response struct oci_response r = { 0 };
	auto_err struct oci_err *err = NULL;

	fetch_begin(&f, &s);
	auto_free char *partial = oci_printf("%s.partial", f.path);
	cr_assert_eq(oci_file_replace(partial, f.bytes.data, 200000, NULL), 0);
	cr_assert_eq(fetch(&f, "ok", &r, &err), 0, "%s", oci_err_text(err));
	cr_expect_eq(r.received, SIZE - 200000);
	cr_expect_eq(server_logged(&s, "bytes=200000-"), 1);
	assert_fetched(&f);
}

Test(xfer, asks_nothing_when_the_partial_file_is_whole)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;
	auto_response struct oci_response r = { 0 };

	fetch_begin(&f, &s);
	auto_free char *partial = oci_printf("%s.partial", f.path);
	cr_assert_eq(oci_file_replace(partial, f.bytes.data, SIZE, NULL), 0);
	cr_assert_eq(fetch(&f, "ok", &r, NULL), 0);
	cr_expect(r.kept);
	cr_expect_eq(server_logged(&s, "GET"), 0);
	assert_fetched(&f);
}

Test(xfer, starts_over_when_the_partial_file_is_wrong)
{
	static const size_t lengths[] = { 1000, SIZE, SIZE + 5 };

	for (size_t i = 0; i < OCI_COUNT(lengths); i++) {
		auto_server struct server s = { 0 };
		auto_fetch struct fetch f;
		auto_err struct oci_err *err = NULL;
		auto_free char *junk = oci_calloc(1, lengths[i]);

		fetch_begin(&f, &s);
		auto_free char *partial = oci_printf("%s.partial", f.path);
		cr_assert_eq(oci_file_replace(partial, junk, lengths[i], NULL), 0);
		cr_assert_eq(fetch(&f, "ok", NULL, &err), 0, "%s", oci_err_text(err));
		assert_fetched(&f);
	}
}

/* Without a digest, only the same ETag lets a later run go on. */
Test(xfer, continues_an_unknown_file_by_its_etag)
{
	static const struct {
		const char *fault;
		uint64_t received;
	} cases[] = { { "cut=100000,once", 200000 },
		      { "cut=100000,once,newtag", 300000 },
		      { "cut=100000,times=2,earlyrange", 300000 },
		      { "cut=100000,once,weak", 300000 } };

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_server struct server s = { 0 };
		auto_fetch struct fetch f;
		auto_response struct oci_response r = { 0 };
		auto_err struct oci_err *err = NULL;

		fetch_begin(&f, &s);
		auto_free char *rel = oci_printf("%s/blob", cases[i].fault), *url = server_url(&s, rel);
		struct oci_request req = { .url = url, .path = f.path };
		auto_xfer struct oci_xfer *once =
			oci_xfer_new(&(struct oci_xfer_settings){ .retries = OCI_NO_RETRIES });
		auto_xfer struct oci_xfer *again = engine(NULL);

		cr_assert_eq(oci_xfer_one(once, &req, NULL, NULL), -1);
		cr_assert_eq(oci_xfer_one(again, &req, &r, &err), 0, "%s", oci_err_text(err));
		cr_expect_eq(r.received, cases[i].received, "%s: %llu", cases[i].fault, (unsigned long long)r.received);
		assert_fetched(&f);
		auto_free char *note = oci_printf("%s.partial.etag", f.path);
		cr_expect_not(oci_path_exists(note));
	}
}

Test(xfer, obeys_retry_after)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;
	struct timespec a, b;

	fetch_begin(&f, &s);
	clock_gettime(CLOCK_MONOTONIC, &a);
	cr_assert_eq(fetch(&f, "status=429,after=1,once", NULL, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	cr_expect_geq((b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000, 990);
}

Test(xfer, keeps_the_login_at_home)
{
	auto_server struct server s = { 0 }, other = { 0 };
	auto_fetch struct fetch f;
	auto_err struct oci_err *err = NULL;

	fetch_begin(&f, &s);
	server_start(&other, "faulty.py");
	server_put(&other, "blob", SIZE, 7, NULL);
	auto_free char *rel = oci_printf("to=http%%3A%%2F%%2F127.0.0.1%%3A%u%%2Fok%%2Fblob/x", other.port);
	auto_free char *away = server_url(&s, rel), *near = server_url(&s, "to=%2Flogin%2Fblob/x");
	auto_xfer struct oci_xfer *x = engine(NULL);
	struct oci_request req = request(&f, away);

	req.authorization = "Bearer t";
	cr_assert_eq(oci_xfer_one(x, &req, NULL, &err), 0, "%s", oci_err_text(err));
	cr_expect_eq(server_logged(&s, "\"authorization\": \"Bearer t\""), 1);
	cr_expect_eq(server_logged(&other, "GET"), 1);
	cr_expect_eq(server_logged(&other, "authorization"), 0);
	unlink(f.path);
	req.url = near;
	cr_assert_eq(oci_xfer_one(x, &req, NULL, &err), 0, "%s", oci_err_text(err));
}

Test(xfer, hides_secrets_in_messages)
{
	auto_server struct server s = { 0 };
	auto_err struct oci_err *err = NULL;

	server_start(&s, "faulty.py");
	auto_free char *url = oci_printf("http://me:secret@127.0.0.1:%u/status=404/x?sig=secret#secret", s.port);
	auto_xfer struct oci_xfer *x = engine(NULL);

	cr_assert_eq(oci_xfer_one(x, &(struct oci_request){ .url = url }, NULL, &err), -1);
	cr_expect_null(strstr(oci_err_text(err), "secret"), "%s", oci_err_text(err));
	cr_expect_not_null(strstr(oci_err_text(err), "/status=404/x: 404"));
}

static int gather(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	(void)err;
	oci_buf_add(ctx, data, n);
	return 0;
}

/* Each byte comes once, whatever the server repeats. */
Test(xfer, gives_a_callback_every_byte_once)
{
	static const char *const faults[] = { "ok", "cut=100000", "cut=100000,norange,times=2" };
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;

	fetch_begin(&f, &s);
	for (size_t i = 0; i < OCI_COUNT(faults); i++) {
		auto_buf struct oci_buf got = { 0 };
		auto_free char *rel = oci_printf("%s/blob", faults[i]), *url = server_url(&s, rel);
		auto_xfer struct oci_xfer *x = engine(NULL);
		struct oci_request req = request(&f, url);

		req.path = NULL;
		req.write = gather;
		req.ctx = &got;
		oci_xfer_add(x, &req);
		oci_xfer_run(x);
		cr_assert_eq(got.len, SIZE, "%s: %zu", faults[i], got.len);
		cr_expect_eq(memcmp(got.data, f.bytes.data, SIZE), 0);
	}
}

Test(xfer, refuses_what_is_too_big_for_memory)
{
	static const char *const faults[] = { "big=2", "ok" };
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;

	fetch_begin(&f, &s);
	for (size_t i = 0; i < OCI_COUNT(faults); i++) {
		auto_err struct oci_err *err = NULL;
		auto_free char *rel = oci_printf("%s/blob", faults[i]), *url = server_url(&s, rel);
		auto_xfer struct oci_xfer *x = engine(NULL);
		struct oci_request req = { .url = url, .max_body = 1000 };

		cr_assert_eq(oci_xfer_one(x, &req, NULL, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), "more than"), "%s", oci_err_text(err));
	}
}

Test(xfer, refuses_html_when_told_to)
{
	auto_server struct server s = { 0 };
	auto_err struct oci_err *err = NULL;

	server_start(&s, "faulty.py");
	auto_free char *url = server_url(&s, "html/x");
	auto_xfer struct oci_xfer *x = engine(NULL);

	cr_assert_eq(oci_xfer_one(x, &(struct oci_request){ .url = url, .no_html = true }, NULL, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "HTML page: a login page"), "%s", oci_err_text(err));
}

/* http_proxy and HTTP_PROXY are obeyed, NO_PROXY too, and this machine is never asked for through a proxy. */
Test(xfer, goes_through_proxies)
{
	static const char far[] = "http://registry.example.invalid/ok/blob";
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;

	fetch_begin(&f, &s);
	auto_free char *proxy = server_url(&s, ""), *near = server_url(&s, "ok/blob");
	static const struct {
		const char *name, *no_proxy;
		bool works;
	} cases[] = {
		{ "http_proxy", "", true },
		{ "HTTP_PROXY", "", true },
		{ "ALL_PROXY", "", true },
		{ "http_proxy", "example.invalid", false },
		{ "HTTP_PROXY", "example.invalid,x", false },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_xfer struct oci_xfer *x = engine(NULL);
		auto_err struct oci_err *err = NULL;

		setenv(cases[i].name, proxy, 1);
		setenv("NO_PROXY", cases[i].no_proxy, 1);
		cr_expect_eq(oci_xfer_one(x, &(struct oci_request){ .url = far }, NULL, &err) == 0, cases[i].works,
			     "%zu: %s", i, oci_err_text(err));
		size_t before = server_logged(&s, "http://");
		cr_expect_eq(oci_xfer_one(x, &(struct oci_request){ .url = near }, NULL, NULL), 0);
		cr_expect_eq(server_logged(&s, "http://"), before, "loopback through the proxy");
		unsetenv(cases[i].name);
	}
	cr_expect_eq(server_logged(&s, far), 3);
}

Test(xfer, names_what_cannot_be_asked)
{
	static const char *const bad[][2] = {
		{ "file:///etc/passwd", "file:///etc/passwd: only http and https URLs" },
		{ "nonsense", "nonsense: not a URL" },
		{ "", "not a URL" },
		{ "http://127.0.0.1:1/x", "Failed to connect to 127.0.0.1 port 1" },
		{ "http://no-such-host.invalid/x", "Could not resolve host" },
	};
	auto_xfer struct oci_xfer *x = engine(NULL);

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_xfer_one(x, &(struct oci_request){ .url = bad[i][0] }, NULL, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(xfer, says_when_it_cannot_write)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;
	auto_err struct oci_err *err = NULL;

	fetch_begin(&f, &s);
	auto_xfer struct oci_xfer *x = engine(NULL);
	auto_free char *url = server_url(&s, "ok/blob");
	struct oci_request req = request(&f, url);

	req.partial = "/dev/full";
	cr_assert_eq(oci_xfer_one(x, &req, NULL, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "/dev/full"), "%s", oci_err_text(err));
}

struct many {
	struct oci_xfer *x;
	size_t left, done, failed;
	const char *url;
};

static void one_of_many(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct many *m = ctx;

	(void)r;
	m->done++;
	m->failed += *err != NULL;
	if (m->left) {
		m->left--;
		oci_xfer_add(m->x,
			     &(struct oci_request){ .url = m->url, .method = "HEAD", .done = one_of_many, .ctx = m });
	}
}

Test(xfer, runs_what_is_added_meanwhile)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;

	fetch_begin(&f, &s);
	auto_xfer struct oci_xfer *x = engine(NULL);
	auto_free char *url = server_url(&s, "ok/blob");
	struct many m = { .x = x, .left = 200, .url = url };

	for (int i = 0; i < 20; i++)
		oci_xfer_add(x, &(struct oci_request){ .url = i % 2 ? url : "bad", .done = one_of_many, .ctx = &m });
	oci_xfer_run(x);
	cr_expect_eq(m.done, 220);
	cr_expect_eq(m.failed, 10);
}

/* 220 requests over the connections that a host is granted, not one more. */
Test(xfer, keeps_to_few_connections)
{
	auto_server struct server s = { 0 }, proxy = { 0 };
	auto_fetch struct fetch f;

	fetch_begin(&f, &s);
	auto_free char *target = oci_printf("127.0.0.1:%u", s.port);
	server_start_with(&proxy, "proxy.py", (const char *const[]){ target, "delay=2", NULL });
	auto_xfer struct oci_xfer *x = oci_xfer_new(&(struct oci_xfer_settings){ .jobs = 20, .host_connections = 3 });
	auto_free char *url = server_url(&proxy, "ok/blob");
	struct many m = { .x = x, .left = 200, .url = url };

	for (int i = 0; i < 20; i++)
		oci_xfer_add(x, &(struct oci_request){ .url = url, .method = "HEAD", .done = one_of_many, .ctx = &m });
	oci_xfer_run(x);
	cr_expect_eq(m.done, 220);
	cr_expect_eq(m.failed, 0);
	cr_expect_eq(server_logged(&proxy, "connection"), 3);
}

static void note_turn(void *ctx, struct oci_response *r, struct oci_err **err)
{
	cr_expect_null(*err);
	oci_buf_addf(ctx, "%s ", strrchr(r->url, '/') + 1);
}

Test(xfer, what_others_wait_for_goes_before_them)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;
	auto_buf struct oci_buf turns = { 0 };

	fetch_begin(&f, &s);
	server_put(&s, "token", 10, 1, NULL);
	auto_xfer struct oci_xfer *x = oci_xfer_new(&(struct oci_xfer_settings){ .jobs = 1 });
	auto_free char *blob = server_url(&s, "ok/blob"), *token = server_url(&s, "ok/token");

	for (int i = 0; i < 2; i++)
		oci_xfer_add(x,
			     &(struct oci_request){ .url = blob, .method = "HEAD", .done = note_turn, .ctx = &turns });
	oci_xfer_add(x, &(struct oci_request){ .url = token, .urgent = true, .done = note_turn, .ctx = &turns });
	oci_xfer_run(x);
	cr_expect_str_eq(oci_buf_text(&turns), "token blob blob ");
}

static void wait_for_bytes(const char *path, off_t n)
{
	auto_free char *partial = oci_printf("%s.partial", path);
	struct stat st;

	for (int i = 0; i < 5000; i++) {
		if (stat(partial, &st) == 0 && st.st_size == n)
			return;
		usleep(2000);
	}
	cr_assert_fail("%s does not grow", partial);
}

/* Killed in mid-body, the next run fetches only the rest. */
Test(xfer, goes_on_after_sigkill)
{
	auto_server struct server s = { 0 };
	auto_fetch struct fetch f;
	auto_response struct oci_response r = { 0 };

	fetch_begin(&f, &s);
	pid_t pid = fork();
	if (pid == 0) {
		fetch(&f, "stall=150000", NULL, NULL);
		_exit(0);
	}
	wait_for_bytes(f.path, 150000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	cr_assert_eq(fetch(&f, "ok", &r, NULL), 0);
	cr_expect_eq(r.received, 150000);
	assert_fetched(&f);
}
