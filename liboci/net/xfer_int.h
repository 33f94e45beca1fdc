/* The engine's insides: hosts, the transfers that wait for one, and those that run. */
#ifndef OCI_NET_XFER_INT_H
#define OCI_NET_XFER_INT_H

#include "base/map.h"
#include "net/sink_int.h"
#include "net/status_int.h"
#include "net/xfer.h"

struct transfer;

struct queue {
	struct transfer *first, *last;
};

void queue_push(struct queue *q, struct transfer *t);
void queue_push_front(struct queue *q, struct transfer *t);
struct transfer *queue_pop(struct queue *q); /* NULL when it is empty */
void queue_remove(struct queue *q, const struct transfer *t);

struct host {
	char *origin; /* "https://quay.io:443" */
	struct queue waiting;
	uint32_t running;
	int64_t not_before; /* it asked us to wait */
	bool many;	    /* speaks HTTP/2: one connection carries all */
	bool reached;	    /* has answered in this run */
	bool dead;	    /* cannot be reached: retries were spent on that already */
	bool insecure;
};

struct oci_xfer {
	struct oci_xfer_settings s; /* defaults filled in; its strings are ours */
	struct oci_strs insecure;
	CURLM *multi;
	struct oci_map hosts;  /* origin to struct host */
	struct queue sleeping; /* until their time comes */
	struct queue active;   /* those that run */
	OCI_VEC(CURL *) idle;  /* easy handles to use again */
	uint32_t running;
	size_t open; /* requests that have not ended */
};

enum outcome { ENDED, AGAIN };

struct transfer {
	struct transfer *next;
	struct oci_xfer *x;
	struct oci_request req; /* strings are copies in `texts` */
	struct oci_strs texts, headers;
	struct oci_response resp;
	struct oci_err *err;
	struct sink sink;

	char *url; /* to ask now: req.url, or where that led */
	struct host *host;
	uint32_t hops;	 /* redirects followed in this attempt */
	uint32_t failed; /* attempts since there was progress */
	uint32_t tries;	 /* attempts in all */
	uint64_t best;	 /* how far the sink ever came */
	int64_t not_before;
	bool bad_range, no_range; /* a partial answer made no sense: ask for the whole from now on */
	bool begun;		  /* its progress event was sent */
	uint64_t told;		  /* bytes of progress events */

	/* the attempt that runs */
	CURL *easy;
	struct curl_slist *lines;
	char curl_words[CURL_ERROR_SIZE];
	bool headers_over;
	bool into_sink; /* the body is what was asked for */
	bool cut;	/* we have seen enough of an error page */
	int body_fd;
	uint64_t body_at;
};

void host_hold(struct host *h, int64_t until);

struct transfer *transfer_new(struct oci_xfer *x, const struct oci_request *r);
void transfer_free(struct transfer *t);
int transfer_start(struct transfer *t); /* sets up t->easy; -1 with t->err, or ended already (1) */
enum outcome transfer_finish(struct transfer *t, CURLcode rc); /* its easy handle has ended */
void transfer_release(struct transfer *t);		       /* let go of what only an attempt needs */
int transfer_go_to(struct transfer *t, const char *url);       /* sets url and host */

struct host *xfer_host(struct oci_xfer *x, const char *origin);
const char *transfer_method(const struct transfer *t);

#endif
