/* WWW-Authenticate: how a registry wants to be logged in to (RFC 9110, 11.6.1), and where its tokens come from
 * (https://distribution.github.io/distribution/spec/auth/token/). */
#ifndef OCI_REGISTRY_CHALLENGE_H
#define OCI_REGISTRY_CHALLENGE_H

#include "base/err.h"

struct oci_challenge {
	bool basic, bearer;
	char *realm, *service, *scope, *error; /* of Bearer; NULL when not given */
};

/* Add what one header says to *c (zeroed at first); other schemes are left out. */
int oci_challenge_parse(const char *value, struct oci_challenge *c, struct oci_err **err);
void oci_challenge_clear(struct oci_challenge *c);

#define auto_challenge OCI_AUTO(oci_challenge_clear)

#endif
