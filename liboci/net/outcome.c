/* An attempt has ended: the request is done, goes elsewhere, or is tried again. */
#include "base/clock.h"
#include "base/out.h"
#include "net/header.h"
#include "net/retry_int.h"
#include "net/url.h"
#include "net/xfer_int.h"

#include <string.h>
#include <time.h>

#define HOPS_MAX 10
#define PROGRESS (64 * 1024)
#define WORTH_A_NOTE_MS 10000

/* The text of a failure gets its front (and back) here and nowhere else. */
static enum outcome fail(struct transfer *t)
{
	auto_free char *asked = oci_url_shown(t->req.url);

	if (t->tries > 1) {
		auto_free char *text = oci_strdup(oci_err_text(t->err));
		oci_fail(&t->err, oci_err_code(t->err), "%s (tried %u times)", text, t->tries);
	}
	if (t->resp.url && !oci_streq(asked, t->resp.url))
		oci_fail_in(&t->err, "redirected to %s", t->resp.url);
	oci_fail_in(&t->err, "%s %s", transfer_method(t), asked);
	return ENDED;
}

static enum outcome again_after(struct transfer *t, int64_t pause)
{
	if (t->x->s.out) {
		if (pause >= WORTH_A_NOTE_MS)
			oci_note(t->x->s.out, "%s: %s; next try in %lld s", t->resp.url, oci_err_text(t->err),
				 (long long)(pause / 1000));
		else
			oci_debug(t->x->s.out, "%s: %s; next try in %lld ms", t->resp.url, oci_err_text(t->err),
				  (long long)pause);
	}
	oci_err_clear(&t->err);
	t->hops = 0;
	t->not_before = oci_clock_ms() + pause;
	sink_pause(&t->sink);
	if (transfer_go_to(t, t->req.url) < 0)
		return fail(t);
	return AGAIN;
}

/* t->err says what went wrong. */
static enum outcome maybe_again(struct transfer *t, enum again again, int64_t pause)
{
	uint32_t limit = t->x->s.retries == OCI_NO_RETRIES || t->req.no_retry ? 0 : t->x->s.retries;

	if (again == FEW)
		limit = (limit + 1) / 2;
	if (t->sink.at >= t->best + PROGRESS) {
		t->best = t->sink.at;
		t->failed = 0;
	}
	t->failed++;
	if (again == NEVER || t->failed > limit || (t->host->dead && !t->host->reached)) {
		if (again == FEW && !t->host->reached)
			t->host->dead = true;
		return fail(t);
	}
	int64_t usual = retry_pause(t->x->s.retry_ms, t->failed);

	return again_after(t, pause > usual ? pause : usual);
}

static enum outcome after_curl(struct transfer *t, CURLcode rc)
{
	struct verdict v = verdict_of_curl(rc);
	const char *words = v.words ? v.words : t->curl_words[0] ? t->curl_words : curl_easy_strerror(rc);
	const char *remedy = "";

	if (rc == CURLE_PEER_FAILED_VERIFICATION)
		remedy = "; name its authority with --ca FILE";
	if (rc == CURLE_SSL_CONNECT_ERROR && strstr(words, "wrong version number"))
		remedy = "; if the server speaks plain HTTP, say so with --plain-http HOST";
	if (rc == CURLE_PARTIAL_FILE || (rc == CURLE_OPERATION_TIMEDOUT && t->into_sink))
		oci_fail(&t->err, v.code, "%s, after %llu bytes", words, (unsigned long long)t->sink.at);
	else
		oci_fail(&t->err, v.code, "%s%s", words, remedy);
	return maybe_again(t, v.again, 0);
}

/* How long the server wants to be left alone, in ms; 0 when it did not say. */
static uint64_t asked_to_wait(const struct transfer *t)
{
	const char *value = oci_response_header(&t->resp, "Retry-After");
	uint64_t seconds;

	if (!value || !oci_header_retry_after(value, time(NULL), &seconds))
		return 0;
	return seconds > INT32_MAX ? (uint64_t)INT32_MAX * 1000 : seconds * 1000;
}

static enum outcome after_refusal(struct transfer *t)
{
	struct verdict v = verdict_of_http(t->resp.status);
	uint64_t wait = asked_to_wait(t);
	const char *reason = reason_of_http(t->resp.status);

	/* GitHub refuses the impatient with 403 and Retry-After */
	if (t->resp.status == 403 && wait)
		v = verdict_of_http(429);
	oci_fail(&t->err, v.code, "%d%s%s", t->resp.status, *reason ? " " : "", reason);
	if (v.again == NEVER)
		return fail(t);
	if (wait > (uint64_t)t->x->s.max_wait_seconds * 1000) {
		oci_fail(&t->err, v.code, "%d %s; the server asks to wait %llu s: run again after that", t->resp.status,
			 reason, (unsigned long long)(wait / 1000));
		return fail(t);
	}
	if (wait)
		host_hold(t->host, oci_clock_ms() + (int64_t)wait);
	return maybe_again(t, v.again, (int64_t)wait);
}

static int follow(struct transfer *t, const char *location)
{
	auto_free char *to = NULL;
	const char *method = transfer_method(t);
	int status = t->resp.status;

	if (++t->hops > HOPS_MAX)
		return oci_fail(&t->err, OCI_FAILED, "more than %d redirects", HOPS_MAX);
	/* other methods may be repeated elsewhere only where the answer says so (RFC 9110, 15.4) */
	if (status != 307 && status != 308 && !oci_streq(method, "GET") && !oci_streq(method, "HEAD"))
		return oci_fail(&t->err, OCI_UNSUPPORTED, "%d: a %s cannot be redirected like this", status, method);
	if (oci_url_resolve(t->url, location, &to, &t->err) < 0)
		return oci_fail_in(&t->err, "redirect");
	if (oci_starts(t->host->origin, "https:") && oci_starts(to, "http:") &&
	    t->req.digest.algorithm == OCI_NO_DIGEST)
		return oci_fail(&t->err, OCI_DENIED,
				"redirected from https to http, and no digest is known to check by");
	return transfer_go_to(t, to);
}

static enum outcome after_redirect(struct transfer *t)
{
	auto_free char *location = oci_strdup(oci_response_header(&t->resp, "Location"));
	const char *reason = reason_of_http(t->resp.status);

	if (t->resp.status == 304)
		return ENDED;
	if (!location)
		oci_fail(&t->err, OCI_BADINPUT, "%d%s%s without a Location", t->resp.status, *reason ? " " : "",
			 reason);
	else if (follow(t, location) == 0)
		return AGAIN;
	return fail(t);
}

/* The server has fewer bytes than we: they are all of it, or not the same thing any more. */
static enum outcome after_416(struct transfer *t)
{
	oci_fail(&t->err, OCI_BUSY, "416 Range Not Satisfiable");
	if (!t->req.path || t->tries > 2 + t->x->s.retries)
		return fail(t);
	sink_restart(&t->sink);
	return again_after(t, 0);
}

static enum outcome after_success(struct transfer *t)
{
	if (!t->into_sink)
		return ENDED;
	if (sink_is_short(&t->sink)) {
		oci_fail(&t->err, OCI_BUSY, "the body ended after %llu of %llu bytes", (unsigned long long)t->sink.at,
			 (unsigned long long)t->req.size);
		return maybe_again(t, ALWAYS, 0);
	}
	bool inherited = t->sink.inherited;

	if (sink_end(&t->sink, &t->err) == 0)
		return ENDED;
	if (inherited && oci_err_code(t->err) == OCI_BADDIGEST) {
		sink_restart(&t->sink);
		return again_after(t, 0);
	}
	if (oci_err_code(t->err) == OCI_BADDIGEST &&
	    oci_header_is_type(oci_response_header(&t->resp, "Content-Type"), "text/html"))
		oci_fail_in(&t->err, "the server sent an HTML page instead");
	return fail(t);
}

static void debug_line(const struct transfer *t, CURLcode rc)
{
	long version = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	if (version == CURL_HTTP_VERSION_2_0)
		t->host->many = true;
	if (t->x->s.out && t->x->s.out->level > 0)
		oci_debug(t->x->s.out, "%s %s: %d%s, %llu bytes, HTTP/%s", transfer_method(t), t->resp.url,
			  t->resp.status, rc ? " (broken off)" : "", (unsigned long long)t->sink.at,
			  version == CURL_HTTP_VERSION_2_0 ? "2" : "1.1");
}

enum outcome transfer_finish(struct transfer *t, CURLcode rc)
{
	debug_line(t, rc);
	transfer_release(t);
	if (t->err && t->bad_range && !t->no_range) {
		t->no_range = true;
		return maybe_again(t, ALWAYS, 0);
	}
	if (t->err)
		return fail(t);
	if (t->cut)
		rc = CURLE_OK;
	if (rc != CURLE_OK)
		return after_curl(t, rc);
	if (t->resp.status == 416 && t->sink.at)
		return after_416(t);
	if (t->resp.status >= 400)
		return after_refusal(t);
	if (t->resp.status >= 300)
		return after_redirect(t);
	return after_success(t);
}
