#include "net/url.h"

#include "base/buf.h"

#include <curl/curl.h>
#include <string.h>

static void drop_curlu(CURLU **u)
{
	curl_url_cleanup(*u);
}

#define auto_curlu OCI_AUTO(drop_curlu)

/* curl's memory becomes ours. */
static char *own(char *from_curl)
{
	char *mine = oci_strdup(from_curl);

	curl_free(from_curl);
	return mine;
}

static char *part(CURLU *u, CURLUPart what, unsigned flags)
{
	char *value = NULL;

	return curl_url_get(u, what, &value, flags) == CURLUE_OK ? own(value) : NULL;
}

/* Works on text, not on a parsed URL: what is malformed is shown as well, and must not show its password either. */
char *oci_url_shown(const char *url)
{
	const char *authority = strstr(url, "://");
	auto_buf struct oci_buf b = { 0 };
	const char *rest = url;

	if (authority) {
		authority += 3;
		rest = authority;
		for (const char *p = authority; *p && !strchr("/?#", *p); p++)
			if (*p == '@')
				rest = p + 1;
		oci_buf_add(&b, url, (size_t)(authority - url));
	}
	for (; *rest && !strchr("?#", *rest); rest++)
		oci_buf_addc(&b, (unsigned char)*rest <= ' ' || *rest == 0x7f ? '?' : *rest);
	oci_buf_adds(&b, "");
	return b.data ? oci_buf_take(&b) : oci_strdup("");
}

static int parse(const char *url, CURLU **out, struct oci_err **err)
{
	auto_curlu CURLU *u = curl_url();
	CURLUcode rc = curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
	auto_free char *shown = oci_url_shown(url);

	if (rc != CURLUE_OK)
		return oci_fail(err, OCI_BADINPUT, "%s: not a URL: %s", shown, curl_url_strerror(rc));
	auto_free char *scheme = part(u, CURLUPART_SCHEME, 0);

	if (!oci_streq(scheme, "http") && !oci_streq(scheme, "https"))
		return oci_fail(err, OCI_UNSUPPORTED, "%s: only http and https URLs are fetched", shown);
	*out = oci_steal(&u);
	return 0;
}

int oci_url_origin(const char *url, char **out, struct oci_err **err)
{
	auto_curlu CURLU *u = NULL;

	if (parse(url, &u, err) < 0)
		return -1;
	auto_free char *scheme = part(u, CURLUPART_SCHEME, 0);
	auto_free char *host = part(u, CURLUPART_HOST, 0);
	auto_free char *port = part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);

	for (char *p = host; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	*out = oci_printf("%s://%s:%s", scheme, host ? host : "", port);
	return 0;
}

int oci_url_resolve(const char *base, const char *location, char **out, struct oci_err **err)
{
	auto_curlu CURLU *u = NULL;

	if (parse(base, &u, err) < 0)
		return -1;
	CURLUcode rc = curl_url_set(u, CURLUPART_URL, location, CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);

	if (rc != CURLUE_OK) {
		auto_free char *shown = oci_url_shown(location);
		return oci_fail(err, OCI_BADINPUT, "%s: not a URL: %s", shown, curl_url_strerror(rc));
	}
	auto_free char *whole = part(u, CURLUPART_URL, 0);
	auto_curlu CURLU *check = NULL;

	if (!whole) {
		auto_free char *shown = oci_url_shown(location);
		return oci_fail(err, OCI_BADINPUT, "%s: does not lead to a URL", shown);
	}
	if (parse(whole, &check, err) < 0)
		return -1;
	*out = oci_steal(&whole);
	return 0;
}

char *oci_url_host(const char *url)
{
	auto_curlu CURLU *u = NULL;

	if (parse(url, &u, NULL) < 0)
		return NULL;
	auto_free char *host = part(u, CURLUPART_HOST, 0);
	auto_free char *port = part(u, CURLUPART_PORT, 0);

	return port ? oci_printf("%s:%s", host, port) : oci_steal(&host);
}

char *oci_url_escape(const char *text)
{
	return own(curl_easy_escape(NULL, text, 0));
}

char *oci_url_unescape(const char *text)
{
	int n = 0;
	auto_free char *plain = own(curl_easy_unescape(NULL, text, 0, &n));

	return strlen(plain) == (size_t)n ? oci_steal(&plain) : NULL;
}

char *oci_url_with(const char *url, const char *name, const char *value)
{
	auto_free char *escaped = oci_url_escape(value);

	return oci_printf("%s%c%s=%s", url, strchr(url, '?') ? '&' : '?', name, escaped);
}
