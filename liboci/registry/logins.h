/* The logins that docker and podman keep: config.json, auth.json, credential helpers.
 * https://docs.docker.com/reference/cli/docker/login/ and containers-auth.json(5) */
#ifndef OCI_REGISTRY_LOGINS_H
#define OCI_REGISTRY_LOGINS_H

#include "base/err.h"

struct oci_logins;

struct oci_login {
	char *user, *password; /* NULL: none */
	char *identity_token;  /* exchanged for an access token instead of user and password */
	char *registry_token;  /* sent as it is */
};

/* Read authfile; when that is NULL, $REGISTRY_AUTH_FILE; without either, all of podman's and docker's files that exist.
 */
int oci_logins_load(struct oci_logins **out, const char *authfile, struct oci_err **err);
/* The same from memory. */
int oci_logins_parse(struct oci_logins **out, const char *what, const void *data, size_t n, struct oci_err **err);
void oci_logins_free(struct oci_logins *l);
void oci_logins_freep(struct oci_logins **l);

/* The login for a repository ("quay.io", "a/b"), most specific first; all NULL when there is none. May run a helper. */
int oci_logins_find(struct oci_logins *l, const char *host, const char *repository, struct oci_login *out,
		    struct oci_err **err);
bool oci_login_is_empty(const struct oci_login *l);
void oci_login_clear(struct oci_login *l);

#define auto_logins OCI_AUTO(oci_logins_freep)
#define auto_login OCI_AUTO(oci_login_clear)

#endif
