/* Where the body of one request goes: counted, hashed and put in its place exactly once, over all attempts. */
#ifndef OCI_NET_SINK_INT_H
#define OCI_NET_SINK_INT_H

#include "digest/hasher.h"
#include "net/request.h"

struct sink {
	const struct oci_request *req;
	struct oci_response *resp;
	struct oci_hasher *hasher; /* NULL when nobody wants to know */
	struct oci_hasher *sha256; /* of a file whose expected digest is of another algorithm */
	uint64_t at;		   /* bytes that are in place and hashed, or gathered */
	char *gathered;		   /* the last of them, on their way to the file in one piece; NULL: none yet */
	size_t n_gathered;
	int64_t write_by; /* when they go there though more would fit beside them (oci_clock_ms) */
	uint64_t skip;	  /* bytes to drop: the server began before where we stand */
	int fd;
	char *partial;
	char *note;	 /* file beside partial that holds its validator */
	char *validator; /* what those bytes came with: a strong ETag or a Last-Modified; NULL: none */
	bool looked;	 /* for what an earlier run left */
	bool inherited;	 /* it left something */
};

void sink_init(struct sink *s, const struct oci_request *req, struct oci_response *resp);
void sink_clear(struct sink *s);

/* Before an attempt: take up what an earlier run left, or reopen what this one has. s->at is where to go on. */
int sink_resume(struct sink *s, struct oci_err **err);

/* May bytes behind s->at be asked for alone? Gives the value for If-Range ("" when the digest will tell). */
const char *sink_condition(const struct sink *s);

/* A 2xx answer whose body begins at `from` of the whole, not behind s->at. validator may be NULL. */
int sink_begin(struct sink *s, uint64_t from, const char *validator, struct oci_err **err);
int sink_write(struct sink *s, const void *data, size_t n, struct oci_err **err);

int sink_flush(struct sink *s, struct oci_err **err); /* what was gathered goes to its place */

bool sink_is_short(const struct sink *s); /* fewer bytes than the size says */

/* All is there: check it and give it its name. OCI_BADDIGEST with s->inherited: worth one more try after sink_restart.
 */
int sink_end(struct sink *s, struct oci_err **err);
void sink_restart(struct sink *s); /* forget every byte */
void sink_pause(struct sink *s);   /* hold no descriptor until the next attempt */

#endif
