/* URLs: how they are shown, compared and resolved. */
#ifndef OCI_NET_URL_H
#define OCI_NET_URL_H

#include "base/err.h"

/* For messages and logs: without user, password, query and fragment; the caller's to free. */
char *oci_url_shown(const char *url);

/* "scheme://host:port", lower case, with the default port; the caller's to free. Other schemes than http and https, and
 * what is no URL, fail. */
int oci_url_origin(const char *url, char **out, struct oci_err **err);

/* What a Location or Link says, relative to where it was said; its query is kept. The caller's to free. */
int oci_url_resolve(const char *base, const char *location, char **out, struct oci_err **err);

char *oci_url_host(
	const char *url); /* "host" or "host:port" as written, NULL when there is none; the caller's to free */
char *oci_url_escape(const char *text);	  /* for use inside a query; the caller's to free */
char *oci_url_unescape(const char *text); /* NULL when it hides a NUL; the caller's to free */

/* Add "name=value" (escaped) to the query; the caller's to free. */
char *oci_url_with(const char *url, const char *name, const char *value);

#endif
