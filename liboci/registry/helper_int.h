/* docker-credential-NAME programs: https://github.com/docker/docker-credential-helpers#development */
#ifndef OCI_REGISTRY_HELPER_INT_H
#define OCI_REGISTRY_HELPER_INT_H

#include "registry/logins.h"

/* Ask a helper for a server's login; all NULL when it has none. */
int helper_get(const char *name, const char *server, struct oci_login *out, struct oci_err **err);

#endif
