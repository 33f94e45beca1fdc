/* One thing on its way into a registry. */
#ifndef OCI_REGISTRY_PUSH_INT_H
#define OCI_REGISTRY_PUSH_INT_H

#include "registry/client_int.h"
#include "registry/push.h"

struct push {
	struct oci_client *c;
	struct server *server;
	struct oci_put *p;
	size_t mount;  /* next of mount_from to try */
	char *session; /* where the upload goes on */
	uint64_t at;   /* bytes that the registry has */
	uint64_t best;
	uint64_t chunk;	 /* bytes a PATCH carries */
	uint32_t failed; /* in a row without progress */
	uint32_t delay;	 /* of the next request */
	bool begun;	 /* progress */
};

void push_end(struct push *u, struct oci_err **err); /* gives the outcome to the put's owner; frees u */
struct call *push_call(struct push *u, const char *url);
struct call *push_call_to(struct push *u, const char *rest); /* to a URL of the repository */
void push_blob(struct push *u);

/* A failure that time may heal: wait, count, and give true; else false. */
bool push_may_repeat(struct push *u, struct oci_err **err);

void upload_begin(struct push *u, const struct oci_response *r, struct oci_err **err); /* a session was given */

#endif
