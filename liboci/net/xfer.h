/* Many HTTP transfers at once in one thread: HTTP/2 where offered, few connections, retries with back-off, resume. */
#ifndef OCI_NET_XFER_H
#define OCI_NET_XFER_H

#include "net/request.h"

struct oci_out;
struct oci_xfer;

#define OCI_NO_RETRIES UINT32_MAX

/* Zero is the default everywhere. All is copied; out is borrowed. */
struct oci_xfer_settings {
	uint32_t jobs;			 /* transfers at once (8) */
	uint32_t host_connections;	 /* at once to one host that speaks HTTP/1 (8) */
	const char *ca_file;		 /* PEM: authorities trusted besides the system's */
	const struct oci_strs *insecure; /* HOST or HOST:PORT whose certificates are not checked */
	uint32_t connect_seconds;	 /* (30) */
	uint32_t stall_seconds;		 /* a transfer that moves less than */
	uint32_t stall_bytes;		 /* so many bytes a second for so long is cut and resumed (1000 for 60 s) */
	uint32_t retries;		 /* without progress in between (5); OCI_NO_RETRIES */
	uint32_t retry_ms;		 /* first pause, doubled each time, with jitter, at most 30 s (500) */
	uint32_t max_wait_seconds; /* the longest Retry-After that is obeyed (300); a longer one is a failure at once */
	const char *user_agent;	   /* ("kubecrate/VERSION") */
	const struct oci_out *out; /* debug lines and progress events; may be NULL */
};

/* Can its files be read? Whether they are of use shows when a server is met. */
int oci_xfer_check(const struct oci_xfer_settings *s, struct oci_err **err);
struct oci_xfer *oci_xfer_new(const struct oci_xfer_settings *s);
void oci_xfer_free(struct oci_xfer *x); /* drops what was not run, without calling done */
void oci_xfer_freep(struct oci_xfer **x);

/* Queue a request; nothing moves before oci_xfer_run. A malformed one fails in its done. */
void oci_xfer_add(struct oci_xfer *x, const struct oci_request *r);

/* Work until every request, those added meanwhile included, has ended. Not from inside done. */
void oci_xfer_run(struct oci_xfer *x);

/* Add one request, run everything, and give its outcome. r->done and r->ctx are not used; *out is the caller's to clear
 * (also after a failure) and may be NULL. */
int oci_xfer_one(struct oci_xfer *x, const struct oci_request *r, struct oci_response *out, struct oci_err **err);

/* For what is repeated by its caller (no_retry): the pause in ms after so many failures in a row, 0 to give up. */
uint32_t oci_xfer_pause(const struct oci_xfer *x, uint32_t failed);

void oci_response_clear(struct oci_response *r);

#define auto_xfer OCI_AUTO(oci_xfer_freep)
#define auto_response OCI_AUTO(oci_response_clear)

#endif
