#include "registry/token_answer.h"

#include "base/json.h"

#include <stdlib.h>

#define USUAL_SECONDS 60 /* what the specification says a token without expires_in lives */
#define MOST_SECONDS (365 * 86400)

bool oci_token_fits_header(const char *token)
{
	for (const char *p = token; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~')
			return false;
	return true;
}

void oci_token_answer_clear(struct oci_token_answer *a)
{
	free(a->token);
	*a = (struct oci_token_answer){ 0 };
}

int oci_token_answer_parse(const char *text, size_t n, struct oci_token_answer *out, struct oci_err **err)
{
	auto_json json_t *root = NULL;

	if (oci_json_parse("answer of the token server", text, n, &root, err) < 0)
		return -1;
	const char *token = oci_json_str(root, "token");
	int64_t seconds = oci_json_int(root, "expires_in");

	if (!token || !*token)
		token = oci_json_str(root, "access_token");
	if (!token || !*token)
		return oci_fail(err, OCI_BADINPUT, "answer of the token server: no token");
	if (!oci_token_fits_header(token))
		return oci_fail(err, OCI_BADINPUT, "answer of the token server: malformed token");
	*out = (struct oci_token_answer){ oci_strdup(token), seconds };
	if (seconds <= 0 || seconds > MOST_SECONDS)
		out->seconds = USUAL_SECONDS;
	return 0;
}
