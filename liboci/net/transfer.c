/* A request while it is the engine's, and the curl handle of one attempt at it. */
#include "net/proxy_int.h"
#include "net/url.h"
#include "net/xfer_int.h"

#include <fcntl.h>
#include <stdlib.h>

#include "net/receive_int.h"

#define READ_SIZE (512L * 1024) /* curl's largest: fewer system calls */

static const char *keep(struct transfer *t, const char *text)
{
	if (text)
		oci_strs_add(&t->texts, text);
	return text ? t->texts.v[t->texts.n - 1] : NULL;
}

struct transfer *transfer_new(struct oci_xfer *x, const struct oci_request *r)
{
	struct transfer *t = oci_calloc(1, sizeof(*t));

	t->x = x;
	t->body_fd = -1;
	t->req = *r;
	for (size_t i = 0; i < r->n_headers; i++)
		oci_strs_add(&t->headers, r->headers[i]);
	t->req.headers = NULL;
	t->req.method = keep(t, r->method);
	t->req.url = keep(t, r->url ? r->url : "");
	t->req.authorization = keep(t, r->authorization);
	t->req.body_path = keep(t, r->body_path);
	t->req.path = keep(t, r->path);
	t->req.partial = keep(t, r->partial);
	t->req.progress = keep(t, r->progress);
	sink_init(&t->sink, &t->req, &t->resp);
	return t;
}

void transfer_free(struct transfer *t)
{
	transfer_release(t);
	sink_clear(&t->sink);
	oci_response_clear(&t->resp);
	oci_err_clear(&t->err);
	oci_strs_clear(&t->texts);
	oci_strs_clear(&t->headers);
	free(t->url);
	free(t);
}

void transfer_release(struct transfer *t)
{
	curl_slist_free_all(t->lines);
	t->lines = NULL;
	oci_auto_close(&t->body_fd);
	if (t->easy)
		*oci_vec_push(&t->x->idle) = oci_steal(&t->easy);
}

const char *transfer_method(const struct transfer *t)
{
	if (t->req.method)
		return t->req.method;
	return t->req.body || t->req.body_path ? "PUT" : "GET";
}

int transfer_go_to(struct transfer *t, const char *url)
{
	auto_free char *origin = NULL;

	if (oci_url_origin(url, &origin, &t->err) < 0)
		return -1;
	free(t->url);
	t->url = oci_strdup(url);
	t->host = xfer_host(t->x, origin);
	free(t->resp.url);
	t->resp.url = oci_url_shown(url);
	return 0;
}

static void add_line(struct transfer *t, const char *line)
{
	struct curl_slist *longer = curl_slist_append(t->lines, line);

	if (!longer)
		abort();
	t->lines = longer;
}

static void add_range(struct transfer *t)
{
	const char *condition = sink_condition(&t->sink);

	if (!condition || t->no_range)
		return;
	auto_free char *range = oci_printf("Range: bytes=%llu-", (unsigned long long)t->sink.at);

	add_line(t, range);
	if (*condition) {
		auto_free char *if_range = oci_printf("If-Range: %s", condition);
		add_line(t, if_range);
	}
}

static void add_login(struct transfer *t)
{
	const char *login = t->req.authorization;

	if (!login && t->req.authorize)
		login = t->req.authorize(t->req.ctx);
	if (!login)
		return;
	auto_free char *line = oci_printf("Authorization: %s", login);

	add_line(t, line);
}

static void add_headers(struct transfer *t)
{
	auto_free char *home = NULL;

	for (size_t i = 0; i < t->headers.n; i++)
		add_line(t, t->headers.v[i]);
	/* a login is for the place it was made for: scheme, host and port */
	if (oci_url_origin(t->req.url, &home, NULL) == 0 && oci_streq(home, t->host->origin))
		add_login(t);
	add_range(t);
	if (t->lines)
		curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->lines);
}

static int open_body(struct transfer *t)
{
	t->body_at = 0;
	if (!t->req.body_path)
		return 0;
	t->body_fd = open(t->req.body_path, O_RDONLY | O_CLOEXEC);
	return t->body_fd < 0 ? oci_fail_errno(&t->err, "cannot read %s", t->req.body_path) : 0;
}

static int set_method(struct transfer *t)
{
	const char *method = transfer_method(t);
	bool sends = t->req.body || t->req.body_path || oci_streq(method, "POST") || oci_streq(method, "PUT") ||
		     oci_streq(method, "PATCH");
	uint64_t size = t->req.body_path ? t->req.body_size : t->req.body_len;

	if (oci_streq(method, "HEAD")) {
		curl_easy_setopt(t->easy, CURLOPT_NOBODY, 1L);
		return 0;
	}
	curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, method);
	if (!sends)
		return 0;
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(t->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD_BUFFERSIZE, READ_SIZE);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, receive_upload);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, receive_seek);
	curl_easy_setopt(t->easy, CURLOPT_SEEKDATA, t);
	return open_body(t);
}

static void set_trust(struct transfer *t)
{
	const char *ca = t->x->s.ca_file, *system = getenv("SSL_CERT_FILE");

	if (t->host->insecure) {
		curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (ca) {
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, ca);
		curl_easy_setopt(t->easy, CURLOPT_CAPATH, "/etc/ssl/certs");
		return;
	}
	/* without a folder beside it, curl parses the system's bundle once for all connections */
	curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
	if (system && *system)
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, system);
}

static void set_connection(struct transfer *t)
{
	const struct oci_xfer_settings *s = &t->x->s;
	bool tls = oci_starts(t->host->origin, "https:");
	const char *proxy = proxy_for(t->host->origin);

	curl_easy_setopt(t->easy, CURLOPT_URL, t->url);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)(tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
	curl_easy_setopt(t->easy, CURLOPT_PIPEWAIT, tls ? 1L : 0L);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT, (long)s->connect_seconds);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, (long)s->stall_bytes);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, (long)s->stall_seconds);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, s->user_agent);
	curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (proxy)
		curl_easy_setopt(t->easy, CURLOPT_PROXY, proxy);
	set_trust(t);
}

static void set_callbacks(struct transfer *t)
{
	t->curl_words[0] = '\0';
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->curl_words);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_BUFFERSIZE, READ_SIZE);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, receive_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, receive_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
}

static CURL *handle(struct oci_xfer *x)
{
	if (!x->idle.n) {
		CURL *fresh = curl_easy_init();

		if (!fresh)
			abort();
		return fresh;
	}
	CURL *used = x->idle.v[--x->idle.n];

	curl_easy_reset(used);
	return used;
}

/* An earlier run may have been ended between the last byte and the new name. */
static bool is_there_already(struct transfer *t)
{
	if (!t->req.path || !t->req.sized || !t->sink.at || t->sink.at < t->req.size)
		return false;
	if (sink_end(&t->sink, &t->err) == 0)
		return t->resp.kept = true;
	if (oci_err_code(t->err) != OCI_BADDIGEST)
		return true;
	oci_err_clear(&t->err);
	sink_restart(&t->sink);
	return false;
}

int transfer_start(struct transfer *t)
{
	if (sink_resume(&t->sink, &t->err) < 0)
		return -1;
	if (is_there_already(t))
		return t->err ? -1 : 1;
	t->easy = handle(t->x);
	t->headers_over = t->into_sink = t->cut = false;
	t->resp.status = 0;
	t->tries += t->hops == 0;
	oci_strs_clear(&t->resp.headers);
	oci_buf_reset(&t->resp.body);
	set_connection(t);
	set_callbacks(t);
	if (set_method(t) < 0)
		return -1;
	add_headers(t);
	return 0;
}
