/* Registries as one run sees them: where each one is, how to log in there, which token serves for what.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
#ifndef OCI_REGISTRY_CLIENT_H
#define OCI_REGISTRY_CLIENT_H

#include "net/xfer.h"

struct oci_client;

/* All is copied but xfer.out, which is borrowed. */
struct oci_client_settings {
	struct oci_xfer_settings xfer;	   /* jobs, ca_file, insecure, out … */
	const struct oci_strs *mirrors;	   /* "HOST=URL" or "HOST=HOST[/PATH]": requests for HOST go there */
	const struct oci_strs *plain_http; /* HOST or HOST:PORT that are asked without TLS */
	uint64_t chunk;	      /* bytes of a blob that one PATCH carries; 0: 32 MiB. A larger blob goes in chunks */
	const char *authfile; /* --authfile; NULL: where docker and podman keep their logins */
};

/* A malformed mirror is OCI_USAGE, an authfile that cannot be read an error. No request is made yet. */
int oci_client_new(struct oci_client **out, const struct oci_client_settings *s, struct oci_err **err);
void oci_client_free(struct oci_client *c);
void oci_client_freep(struct oci_client **c);

/* Work until every want and put, those added meanwhile included, has ended. */
void oci_client_run(struct oci_client *c);

#define auto_client OCI_AUTO(oci_client_freep)

#endif
