/* What a token server answers (https://distribution.github.io/distribution/spec/auth/token/). */
#ifndef OCI_REGISTRY_TOKEN_ANSWER_H
#define OCI_REGISTRY_TOKEN_ANSWER_H

#include "base/err.h"

struct oci_token_answer {
	char *token;
	int64_t seconds; /* that it lives: what the answer says, within reason */
};

int oci_token_answer_parse(const char *text, size_t n, struct oci_token_answer *out, struct oci_err **err);
void oci_token_answer_clear(struct oci_token_answer *a);
#define auto_token_answer OCI_AUTO(oci_token_answer_clear)

/* A token that goes into a header as it is must not end it. */
bool oci_token_fits_header(const char *token);

#endif
