/* docker://: registries as a source. */
#ifndef OCI_TRANSPORT_REMOTE_H
#define OCI_TRANSPORT_REMOTE_H

#include "transport/source.h"

/* How registries are reached: the login options that oci-fetch, oci-push and bundle-merge share. Zero is a sensible
 * value. */
struct oci_remote {
	struct oci_strs mirrors;    /* "HOST=URL" */
	struct oci_strs plain_http; /* hosts that speak http, not https */
	struct oci_strs insecure;   /* hosts whose certificates are not checked */
	const char *ca;		    /* PEM file of authorities trusted besides the system's */
	const char *authfile;	    /* logins, instead of the files that docker and podman keep */
	int jobs;		    /* transfers at once; 0: the default of the engine */
};

/* A source over every registry there is: the host of each reference says which. No names can be listed. */
int oci_remote_open(const struct oci_remote *how, const struct oci_out *out, struct oci_source *src,
		    struct oci_err **err);

struct oci_client;
int oci_remote_client(const struct oci_remote *how, const struct oci_out *out, struct oci_client **client,
		      struct oci_err **err); /* the client alone, for pushing */
void oci_remote_clear(struct oci_remote *how);

#endif
