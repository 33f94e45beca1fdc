/* One HTTP request, what came of it, and where its body goes. Plain data; the engine is net/xfer.h. */
#ifndef OCI_NET_REQUEST_H
#define OCI_NET_REQUEST_H

#include "base/buf.h"
#include "base/vec.h"
#include "digest/verify.h"

#define OCI_BODY_MAX ((size_t)4 << 20) /* what an answer in memory may weigh unless the request says otherwise */

struct oci_response {
	int status;		  /* of the last answer; 0 when none came, or none was needed (see kept) */
	char *url;		  /* that answered, after redirects; without user, password and query */
	struct oci_strs headers;  /* "Name: value" of the last answer */
	struct oci_buf body;	  /* in memory; of a refusal (4xx, 5xx) its first 64 KiB, whatever was wanted */
	struct oci_digest digest; /* of a whole 2xx body, when one was expected or the body went into a file */
	struct oci_digest sha256; /* of a file, whatever algorithm was expected */
	uint64_t size;		  /* of the whole body, what was already there included */
	uint64_t received, sent;  /* body bytes over the network, all attempts together */
	bool kept;		  /* the partial file was whole already: nothing was asked */
};

/* The request has ended: *err is NULL, or why it failed (the callee may steal it; the code is 401's and 403's
 * OCI_DENIED, 404's OCI_NOTFOUND …). r is the engine's. More requests may be added from here. */
typedef void oci_done_fn(void *ctx, struct oci_response *r, struct oci_err **err);

/* A piece of the body of a 2xx answer. Every byte comes once and in order, over retries too. -1 with *err ends it. */
typedef int oci_body_fn(void *ctx, const void *data, size_t n, struct oci_err **err);

/* All members are copied by oci_xfer_add, body excepted, which must live until done. Zero is a sensible value
 * everywhere. */
struct oci_request {
	const char *method;	   /* NULL: GET, or PUT with a body */
	const char *url;	   /* http:// or https:// */
	const char *authorization; /* value of that header; it never goes to another scheme, host or port than url's */
	const char *(*authorize)(
		void *ctx);	    /* asked for it at each attempt when authorization is NULL; may give NULL */
	const char *const *headers; /* n_headers of "Name: value" */
	size_t n_headers;

	/* What is sent: bytes in memory, or a part of a file. */
	const void *body;
	size_t body_len;
	const char *body_path;
	uint64_t body_offset, body_size;

	/* What must come back (of a 2xx answer), and where it goes: a file, a callback, else memory (response.body). */
	struct oci_digest digest; /* algorithm OCI_NO_DIGEST: not checked; a file is hashed (sha256) all the same */
	struct oci_digest sha256; /* of a file, beside a digest by another algorithm */
	uint64_t size;		  /* counts when sized */
	bool sized;
	bool no_html;	 /* an answer of type text/html is an error: a login page, a captive portal */
	size_t max_body; /* in memory; 0: OCI_BODY_MAX. More is an error */
	oci_body_fn *write;
	const char *path;    /* file to make. Until its digest is known to be right it is called */
	const char *partial; /* this (NULL: path + ".partial"), which is continued, by this run and by later ones */
	bool programs;	     /* the file gets the mode of a program when it is one */
	bool synced;	     /* it is on the disk before it has its name; else the caller syncs once behind many */

	bool urgent;	   /* goes before what waits for its host: others wait for what it brings */
	bool no_retry;	   /* for what must not be repeated blindly: pieces of an upload */
	unsigned delay_ms; /* do not begin before */

	bool progress_part;   /* only BYTES events: the caller sends BEGIN and END around several requests */
	const char *progress; /* name for progress events (BEGIN, BYTES, END); NULL: none */
	oci_done_fn *done;
	void *ctx; /* of done, write and authorize */
};

/* The value of a header (name in any case) or NULL; lives as long as r. */
const char *oci_response_header(const struct oci_response *r, const char *name);

#endif
