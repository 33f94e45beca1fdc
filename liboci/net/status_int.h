/* What curl's results and HTTP's status codes mean to us: one table each. */
#ifndef OCI_NET_STATUS_INT_H
#define OCI_NET_STATUS_INT_H

#include "base/err.h"

#include <curl/curl.h>

enum again {
	NEVER,
	FEW,   /* half the retries: probably a wrong name or port, perhaps a server that starts */
	ALWAYS /* all retries */
};

struct verdict {
	enum oci_code code;
	enum again again;
	const char *words; /* NULL: use curl's own */
};

struct verdict verdict_of_curl(CURLcode rc);
struct verdict verdict_of_http(int status);
const char *reason_of_http(int status); /* "" when the code has no name */

#endif
