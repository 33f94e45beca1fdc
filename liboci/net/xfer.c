#include "net/xfer.h"

#include "base/clock.h"
#include "base/out.h"
#include "net/retry_int.h"
#include "net/url.h"
#include "net/xfer_int.h"

#include <stdlib.h>
#include <unistd.h>

#define IDLE_MS 60000

static uint32_t or_else(uint32_t value, uint32_t usual)
{
	return value ? value : usual;
}

int oci_xfer_check(const struct oci_xfer_settings *s, struct oci_err **err)
{
	if (s->ca_file && access(s->ca_file, R_OK) < 0)
		return oci_fail_errno(err, "--ca %s", s->ca_file);
	return 0;
}

struct oci_xfer *oci_xfer_new(const struct oci_xfer_settings *s)
{
	struct oci_xfer *x = oci_calloc(1, sizeof(*x));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	x->s = *s;
	x->s.jobs = or_else(s->jobs, 8);
	x->s.host_connections = or_else(s->host_connections, x->s.jobs < 8 ? x->s.jobs : 8);
	x->s.connect_seconds = or_else(s->connect_seconds, 30);
	x->s.stall_seconds = or_else(s->stall_seconds, 60);
	x->s.stall_bytes = or_else(s->stall_bytes, 1000);
	x->s.retries = or_else(s->retries, 5);
	x->s.retry_ms = or_else(s->retry_ms, 500);
	x->s.max_wait_seconds = or_else(s->max_wait_seconds, 300);
	x->s.user_agent = oci_strdup(s->user_agent ? s->user_agent : "kubecrate/" KUBECRATE_VERSION);
	x->s.ca_file = oci_strdup(s->ca_file);
	for (size_t i = 0; s->insecure && i < s->insecure->n; i++)
		oci_strs_add(&x->insecure, s->insecure->v[i]);
	x->multi = curl_multi_init();
	if (!x->multi)
		abort();
	curl_multi_setopt(x->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)x->s.host_connections);
	curl_multi_setopt(x->multi, CURLMOPT_MAXCONNECTS, (long)x->s.jobs * 2);
	return x;
}

static void queue_free(struct queue *q)
{
	for (struct transfer *t; (t = queue_pop(q));)
		transfer_free(t);
}

static void host_free(void *host)
{
	struct host *h = host;

	queue_free(&h->waiting);
	free(h->origin);
	free(h);
}

void oci_xfer_free(struct oci_xfer *x)
{
	if (!x)
		return;
	queue_free(&x->sleeping);
	oci_map_clear_with(&x->hosts, host_free);
	for (size_t i = 0; i < x->idle.n; i++)
		curl_easy_cleanup(x->idle.v[i]);
	free(x->idle.v);
	curl_multi_cleanup(x->multi);
	oci_strs_clear(&x->insecure);
	free((char *)(uintptr_t)x->s.user_agent);
	free((char *)(uintptr_t)x->s.ca_file);
	free(x);
	curl_global_cleanup();
}

void oci_xfer_freep(struct oci_xfer **x)
{
	oci_xfer_free(*x);
	*x = NULL;
}

/* Queue it where it belongs now. */
static void enqueue(struct transfer *t, bool first)
{
	if (t->not_before > oci_clock_ms())
		queue_push(&t->x->sleeping, t);
	else if (first)
		queue_push_front(&t->host->waiting, t);
	else
		queue_push(&t->host->waiting, t);
}

void oci_xfer_add(struct oci_xfer *x, const struct oci_request *r)
{
	struct transfer *t = transfer_new(x, r);

	x->open++;
	if (transfer_go_to(t, t->req.url) < 0) {
		/* its done is called from oci_xfer_run, as every other's */
		queue_push(&x->sleeping, t);
		return;
	}
	if (r->delay_ms)
		t->not_before = oci_clock_ms() + r->delay_ms;
	enqueue(t, r->urgent);
}

static void finish(struct transfer *t)
{
	struct oci_xfer *x = t->x;

	if (t->begun && x->s.out) {
		if (t->told)
			oci_progress(x->s.out, OCI_EVENT_BYTES, t->req.progress, t->told, NULL);
		if (!t->req.progress_part)
			oci_progress(x->s.out, OCI_EVENT_END, t->req.progress, 0, t->err ? "failed" : NULL);
	}
	sink_pause(&t->sink);
	if (t->req.done)
		t->req.done(t->req.ctx, &t->resp, &t->err);
	transfer_free(t);
	x->open--;
}

static void wake(struct oci_xfer *x)
{
	struct queue asleep = x->sleeping;
	int64_t now = oci_clock_ms();

	x->sleeping = (struct queue){ 0 };
	for (struct transfer *t; (t = queue_pop(&asleep));) {
		if (t->err)
			finish(t);
		else if (t->not_before > now)
			queue_push(&x->sleeping, t);
		else
			queue_push_front(&t->host->waiting, t);
	}
}

static void start(struct transfer *t)
{
	struct oci_xfer *x = t->x;
	int rc = transfer_start(t);

	if (rc != 0) {
		transfer_release(t);
		if (rc < 0) {
			auto_free char *shown = oci_url_shown(t->req.url);
			oci_fail_in(&t->err, "%s %s", transfer_method(t), shown);
		}
		finish(t);
		return;
	}
	t->host->running++;
	x->running++;
	queue_push(&x->active, t);
	if (curl_multi_add_handle(x->multi, t->easy) != CURLM_OK)
		abort();
}

static bool can_start(const struct oci_xfer *x, const struct host *h, int64_t now)
{
	uint32_t cap = h->many ? x->s.jobs : x->s.host_connections;

	return h->waiting.first && h->running < cap && x->running < x->s.jobs && h->not_before <= now;
}

static void start_some(struct oci_xfer *x)
{
	int64_t now = oci_clock_ms();

	for (size_t i = 0; i < x->hosts.n; i++) {
		struct host *h = x->hosts.items[i].value;

		while (can_start(x, h, now))
			start(queue_pop(&h->waiting));
	}
}

static void reap(struct oci_xfer *x)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(x->multi, &left))) {
		struct transfer *t = NULL;
		CURLcode rc = m->data.result;

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		curl_multi_remove_handle(x->multi, m->easy_handle);
		queue_remove(&x->active, t);
		t->host->running--;
		x->running--;
		if (transfer_finish(t, rc) == AGAIN)
			enqueue(t, true);
		else
			finish(t);
	}
}

/* What arrived and waits for more to be written with is written when nothing comes: a run that is killed keeps it. */
static void write_what_waits(struct oci_xfer *x)
{
	for (struct transfer *t = x->active.first; t; t = t->next)
		if (t->sink.n_gathered && t->sink.write_by <= oci_clock_ms() && !t->err)
			sink_flush(&t->sink, &t->err);
}

/* Until somebody's time comes. */
static int longest_wait(const struct oci_xfer *x)
{
	int64_t now = oci_clock_ms(), until = now + IDLE_MS;

	for (const struct transfer *t = x->active.first; t; t = t->next)
		until = t->sink.n_gathered && t->sink.write_by < until ? t->sink.write_by : until;
	for (const struct transfer *t = x->sleeping.first; t; t = t->next)
		until = t->not_before < until ? t->not_before : until;
	for (size_t i = 0; i < x->hosts.n; i++) {
		const struct host *h = x->hosts.items[i].value;

		if (can_start(x, h, now))
			return 0; /* added by the done of one that ended without being started */
		if (h->waiting.first && h->not_before > now && h->not_before < until)
			until = h->not_before;
	}
	return until > now ? (int)(until - now) : 0;
}

void oci_xfer_run(struct oci_xfer *x)
{
	int running;

	for (;;) {
		wake(x);
		start_some(x);
		if (curl_multi_perform(x->multi, &running) != CURLM_OK)
			abort();
		uint32_t before = x->running;

		reap(x);
		if (!x->open)
			return;
		write_what_waits(x);
		if (x->running == before && (uint32_t)running == x->running)
			curl_multi_poll(x->multi, NULL, 0, longest_wait(x), NULL);
	}
}

uint32_t oci_xfer_pause(const struct oci_xfer *x, uint32_t failed)
{
	return failed <= x->s.retries && x->s.retries != OCI_NO_RETRIES ? (uint32_t)retry_pause(x->s.retry_ms, failed)
									: 0;
}

struct one {
	struct oci_response *out;
	struct oci_err *err;
};

static void one_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct one *one = ctx;

	one->err = oci_steal(err);
	if (one->out) {
		*one->out = *r;
		*r = (struct oci_response){ 0 };
	}
}

int oci_xfer_one(struct oci_xfer *x, const struct oci_request *r, struct oci_response *out, struct oci_err **err)
{
	struct one one = { .out = out };
	struct oci_request copy = *r;

	copy.done = one_done;
	copy.ctx = &one;
	oci_xfer_add(x, &copy);
	oci_xfer_run(x);
	return one.err ? oci_fail_with(err, &one.err) : 0;
}
