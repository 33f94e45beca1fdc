/* The hosts that a run has met. */
#include "net/xfer_int.h"

#include <string.h>

/* An origin ends in ":PORT"; a name in the list may leave it out. */
static bool is_insecure(const struct oci_xfer *x, const char *origin)
{
	const char *host = strstr(origin, "://") + 3;

	for (size_t i = 0; i < x->insecure.n; i++) {
		size_t n = strlen(x->insecure.v[i]);

		if (strncasecmp(host, x->insecure.v[i], n) == 0 &&
		    (!host[n] || (host[n] == ':' && !strchr(host + n, ']'))))
			return true;
	}
	return false;
}

struct host *xfer_host(struct oci_xfer *x, const char *origin)
{
	void **at = oci_map_at(&x->hosts, origin);

	if (!*at) {
		struct host *h = oci_calloc(1, sizeof(*h));

		h->origin = oci_strdup(origin);
		h->insecure = is_insecure(x, origin);
		*at = h;
	}
	return *at;
}

void host_hold(struct host *h, int64_t until)
{
	if (until > h->not_before)
		h->not_before = until;
}
