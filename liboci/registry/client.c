#include "registry/client.h"

#include "net/url.h"
#include "registry/client_int.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK ((uint64_t)32 << 20)

static void copy(struct oci_strs *to, const struct oci_strs *from)
{
	for (size_t i = 0; from && i < from->n; i++)
		oci_strs_add(to, from->v[i]);
}

static int check_mirrors(struct oci_client *c, struct oci_err **err)
{
	for (size_t i = 0; i < c->mirrors.n; i++) {
		const char *text = c->mirrors.v[i], *url = strchr(text, '=');
		auto_free char *host = url ? oci_strndup(text, (size_t)(url - text)) : NULL;

		if (!host || !*host || !url[1])
			return oci_fail(err, OCI_USAGE, "--mirror %s: HOST=URL is wanted", text);
		if (oci_map_get(&c->servers, host))
			return oci_fail(err, OCI_USAGE, "--mirror %s: %s has another one already", text, host);
		auto_err struct oci_err *why = NULL;

		if (!server_for(c, host, &why))
			return oci_fail(err, OCI_USAGE, "--mirror %s: %s", text, oci_err_text(why));
	}
	return 0;
}

int oci_client_new(struct oci_client **out, const struct oci_client_settings *s, struct oci_err **err)
{
	auto_client struct oci_client *c = oci_calloc(1, sizeof(*c));

	c->out = s->xfer.out;
	c->chunk = s->chunk ? s->chunk : CHUNK;
	copy(&c->mirrors, s->mirrors);
	copy(&c->plain_http, s->plain_http);
	if (oci_xfer_check(&s->xfer, err) < 0 || check_mirrors(c, err) < 0 ||
	    oci_logins_load(&c->logins, s->authfile, err) < 0)
		return -1;
	c->xfer = oci_xfer_new(&s->xfer);
	*out = oci_steal(&c);
	return 0;
}

void oci_client_free(struct oci_client *c)
{
	if (!c)
		return;
	oci_xfer_free(c->xfer);
	oci_map_clear_with(&c->servers, server_free);
	oci_logins_free(c->logins);
	oci_strs_clear(&c->mirrors);
	oci_strs_clear(&c->plain_http);
	free(c);
}

void oci_client_freep(struct oci_client **c)
{
	oci_client_free(*c);
	*c = NULL;
}

void oci_client_run(struct oci_client *c)
{
	oci_xfer_run(c->xfer);
}
