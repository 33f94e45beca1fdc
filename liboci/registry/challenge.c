#include "registry/challenge.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_token(char c)
{
	return c && (isalnum((unsigned char)c) || strchr("!#$%&'*+-.^_`|~", c));
}

static const char *skip(const char *p, const char *these)
{
	return p + strspn(p, these);
}

static const char *token(const char *p, struct oci_buf *out)
{
	const char *from = p;

	while (is_token(*p))
		p++;
	oci_buf_reset(out);
	oci_buf_add(out, from, (size_t)(p - from));
	return p;
}

/* NULL when the quotes are not closed. */
static const char *quoted(const char *p, struct oci_buf *out)
{
	oci_buf_reset(out);
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		oci_buf_addc(out, *p);
	}
	return *p ? p + 1 : NULL;
}

static void set(struct oci_challenge *c, const char *name, const char *value)
{
	struct {
		const char *name;
		char **to;
	} known[] = {
		{ "realm", &c->realm }, { "service", &c->service }, { "scope", &c->scope }, { "error", &c->error }
	};

	for (size_t i = 0; i < OCI_COUNT(known); i++) {
		if (strcasecmp(name, known[i].name) == 0) {
			free(*known[i].to);
			*known[i].to = oci_strdup(value);
		}
	}
}

static int malformed(const char *value, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "malformed WWW-Authenticate header: %.200s", skip(value, " \t"));
}

/* "name=value", *p standing on the value. */
static int parameter(struct oci_challenge *c, const char *name, const char **p, bool counts)
{
	auto_buf struct oci_buf value = { 0 };

	*p = **p == '"' ? quoted(*p, &value) : token(*p, &value);
	if (!*p)
		return -1;
	if (counts)
		set(c, name, oci_buf_text(&value));
	return 0;
}

/* The scheme begins a challenge; its parameters, or one run of base64 (Negotiate), follow. */
static void scheme(struct oci_challenge *c, const char *name, bool *in_bearer)
{
	*in_bearer = strcasecmp(name, "Bearer") == 0;
	c->bearer |= *in_bearer;
	c->basic |= strcasecmp(name, "Basic") == 0;
}

int oci_challenge_parse(const char *value, struct oci_challenge *c, struct oci_err **err)
{
	auto_buf struct oci_buf name = { 0 };
	bool in_bearer = false, any = false;

	for (const char *p = skip(value, " \t,"); *p; p = skip(p, " \t,")) {
		if (!is_token(*p))
			return malformed(value, err);
		p = token(p, &name);
		const char *after = skip(p, " \t");

		if (*after != '=') {
			scheme(c, oci_buf_text(&name), &in_bearer);
			any = true;
			if (*p == '/')
				p += strcspn(p, " \t,"); /* base64 */
			continue;
		}
		p = skip(after + 1, " \t");
		if (*p == '=' || *p == ',' || !*p) {
			p = skip(p, "="); /* base64 with its padding */
			continue;
		}
		if (!any || parameter(c, oci_buf_text(&name), &p, in_bearer) < 0)
			return malformed(value, err);
	}
	return 0;
}

void oci_challenge_clear(struct oci_challenge *c)
{
	free(c->realm);
	free(c->service);
	free(c->scope);
	free(c->error);
	*c = (struct oci_challenge){ 0 };
}
