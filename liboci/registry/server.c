/* From the HOST of a reference to the place that is asked: docker.io's real name, mirrors, plain HTTP. */
#include "base/out.h"
#include "net/url.h"
#include "registry/client_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "HOST=URL": what stands behind the equals sign, or NULL. */
static const char *mirror_of(const struct oci_client *c, const char *host)
{
	size_t n = strlen(host);

	for (size_t i = 0; i < c->mirrors.n; i++)
		if (strncasecmp(c->mirrors.v[i], host, n) == 0 && c->mirrors.v[i][n] == '=')
			return c->mirrors.v[i] + n + 1;
	return NULL;
}

static bool is_plain(const struct oci_client *c, const char *host)
{
	size_t bare = strcspn(host, "/");
	const char *port = memchr(host, ':', bare);

	for (size_t i = 0; i < c->plain_http.n; i++) {
		const char *plain = c->plain_http.v[i];
		size_t n = strlen(plain);

		if (strncasecmp(plain, host, n) == 0 && (n == bare || (port && host + n == port)))
			return true;
	}
	return false;
}

/* Cut "https://host:port/path" into base and prefix. "v2/" in front of the path is where requests go anyway. */
static int set_place(struct server *s, const char *url, struct oci_err **err)
{
	auto_free char *origin = NULL;

	if (oci_url_origin(url, &origin, err) < 0)
		return -1;
	const char *authority = strstr(url, "://") + 3;
	const char *path = authority + strcspn(authority, "/?#");

	if (strpbrk(path, "?#") || memchr(authority, '@', (size_t)(path - authority)))
		return oci_fail(err, OCI_USAGE, "a mirror's URL has a host and a path only");
	path += strspn(path, "/");
	if (strncmp(path, "v2/", 3) == 0 || oci_streq(path, "v2"))
		path += 2 + strspn(path + 2, "/");
	size_t n = strlen(path);

	while (n && path[n - 1] == '/')
		n--;
	s->prefix = n ? oci_printf("%.*s/", (int)n, path) : oci_strdup("");
	s->base = oci_strndup(url, (size_t)(authority - url) + strcspn(authority, "/"));
	return 0;
}

struct server *server_for(struct oci_client *c, const char *host, struct oci_err **err)
{
	const char *mirror = mirror_of(c, host), *place = mirror ? mirror : host;
	struct server *s = oci_map_get(&c->servers, host);

	if (s)
		return s;
	if (oci_streq(place, "docker.io"))
		place = "registry-1.docker.io";
	auto_free char *url = strstr(place, "://")
				      ? oci_strdup(place)
				      : oci_printf("%s://%s", is_plain(c, place) ? "http" : "https", place);

	s = oci_calloc(1, sizeof(*s));
	s->c = c;
	if (set_place(s, url, err) < 0) {
		oci_fail_in(err, mirror ? "mirror of %s" : "%s", host);
		server_free(s);
		return NULL;
	}
	s->host = mirror ? oci_strdup(strstr(s->base, "://") + 3) : oci_strdup(host);
	oci_map_add(&c->servers, host, s);
	return s;
}

void server_free(void *server)
{
	struct server *s = server;

	for (struct call *c; (c = calls_take(&s->waiting));)
		call_free(c);
	oci_map_clear_with(&s->tokens, token_free);
	oci_err_clear(&s->err);
	free(s->host);
	free(s->base);
	free(s->prefix);
	free(s->realm);
	free(s->service);
	free(s);
}

char *repository_url(const struct server *s, const char *repository, const char *rest)
{
	return oci_printf("%s/v2/%s%s/%s", s->base, s->prefix, repository, rest);
}
