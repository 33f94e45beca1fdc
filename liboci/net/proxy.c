#include "net/proxy_int.h"

#include "base/auto.h"

#include <stdlib.h>
#include <string.h>

/* As Go's programs (docker, skopeo) do: this machine is never asked for through a proxy. */
static bool is_loopback(const char *host)
{
	return oci_starts(host, "localhost:") || oci_starts(host, "127.") || oci_starts(host, "[::1]:");
}

const char *proxy_for(const char *origin)
{
	const char *host = strstr(origin, "://") + 3;

	if (is_loopback(host))
		return "";
	/* curl takes http_proxy in lower case only, because of what CGI makes of a header called Proxy */
	if (oci_starts(origin, "http:") && !getenv("http_proxy") && !getenv("REQUEST_METHOD"))
		return getenv("HTTP_PROXY");
	return NULL;
}
