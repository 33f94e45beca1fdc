#include "image/ref.h"

#include <ctype.h>
#include <stdlib.h>

#define NAME_MAX_BYTES 255 /* of domain, slash and path together */

static bool lower_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* [a-z0-9]+ joined by ".", "_", "__" or any run of "-". */
static bool valid_component(struct oci_slice s)
{
	size_t i = 0;

	for (;;) {
		size_t begin = i;

		while (i < s.len && lower_alnum(s.p[i]))
			i++;
		if (i == begin)
			return false;
		if (i == s.len)
			return true;
		size_t sep = i;
		char c = s.p[i];

		while (i < s.len && s.p[i] == c)
			i++;
		if (!((c == '.' && i - sep == 1) || (c == '_' && i - sep <= 2) || c == '-'))
			return false;
	}
}

bool oci_ref_valid_repository(struct oci_slice path)
{
	struct oci_slice head;

	while (oci_slice_cut(path, '/', &head, &path))
		if (!valid_component(head))
			return false;
	return valid_component(head);
}

bool oci_ref_valid_tag(struct oci_slice tag)
{
	if (tag.len == 0 || tag.len > 128 || tag.p[0] == '.' || tag.p[0] == '-')
		return false;
	for (size_t i = 0; i < tag.len; i++)
		if (!isalnum((unsigned char)tag.p[i]) && !strchr("_.-", tag.p[i]))
			return false;
	return true;
}

static bool valid_label(struct oci_slice label)
{
	if (label.len == 0 || label.p[0] == '-' || label.p[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!isalnum((unsigned char)label.p[i]) && label.p[i] != '-')
			return false;
	return true;
}

static bool valid_ipv6(struct oci_slice s)
{
	if (s.len < 2 || s.len > 45)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!isxdigit((unsigned char)s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return false;
	return true;
}

static bool valid_port(struct oci_slice port)
{
	uint64_t number;

	return oci_slice_u64(port, &number) && number > 0 && number < 65536;
}

static bool valid_host(struct oci_slice s)
{
	struct oci_slice host, port, label;

	if (s.len && s.p[0] == '[') {
		bool closed = oci_slice_cut((struct oci_slice){ s.p + 1, s.len - 1 }, ']', &host, &port);

		if (!closed || !valid_ipv6(host))
			return false;
		return port.len == 0 ||
		       (port.p[0] == ':' && valid_port((struct oci_slice){ port.p + 1, port.len - 1 }));
	}
	if (oci_slice_cut(s, ':', &host, &port) && !valid_port(port))
		return false;
	while (oci_slice_cut(host, '.', &label, &host))
		if (!valid_label(label))
			return false;
	return valid_label(label);
}

/* The first component is a domain when it cannot be part of a path: a dot, a port, localhost, a capital letter. */
static bool is_host(struct oci_slice s)
{
	if (oci_slice_eq(s, "localhost"))
		return true;
	for (size_t i = 0; i < s.len; i++)
		if (strchr(".:[", s.p[i]) || isupper((unsigned char)s.p[i]))
			return true;
	return false;
}

static bool is_hex64(struct oci_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("0123456789abcdef", s.p[i]))
			return false;
	return s.len == 64;
}

static int fail(struct oci_err **err, struct oci_slice text, const char *why)
{
	return oci_fail(err, OCI_BADINPUT, "\"%.*s\": not an image reference: %s",
			(int)(text.len < 300 ? text.len : 300), text.p, why);
}

static bool has_capital(struct oci_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (isupper((unsigned char)s.p[i]))
			return true;
	return false;
}

/* Cut "@sha256:…" and ":tag" off the end of *name. */
static int parse_tail(struct oci_slice text, struct oci_slice *name, struct oci_ref *out, struct oci_err **err)
{
	struct oci_slice digest;

	if (oci_slice_cut(text, '@', name, &digest) && oci_digest_parse(digest, &out->digest, err) < 0)
		return oci_fail_in(err, "\"%.*s\": not an image reference", (int)(text.len < 300 ? text.len : 300),
				   text.p);
	size_t slash = name->len, colon = name->len;

	for (size_t i = name->len; i-- > 0 && slash == name->len;) {
		if (name->p[i] == '/')
			slash = i;
		else if (name->p[i] == ':' && colon == name->len)
			colon = i;
	}
	if (colon < name->len) {
		struct oci_slice tag = { name->p + colon + 1, name->len - colon - 1 };

		if (!oci_ref_valid_tag(tag))
			return fail(err, text,
				    "a tag is 1 to 128 letters, digits, _ . - and does not begin with . or -");
		out->tag = oci_slice_dup(tag);
		name->len = colon;
	}
	return 0;
}

static int parse_name(struct oci_slice text, struct oci_slice name, struct oci_ref *out, struct oci_err **err)
{
	struct oci_slice first, rest, path = name;
	struct oci_slice host = OCI_SLICE("docker.io");

	if (name.len == 0)
		return fail(err, text, "no name");
	if (oci_slice_cut(name, '/', &first, &rest) && is_host(first)) {
		host = first;
		path = rest;
		if (!valid_host(host))
			return fail(err, text, "malformed host");
	} else if (is_hex64(name)) {
		return fail(err, text, "64 hex digits would be taken for an image ID");
	}
	if (!oci_ref_valid_repository(path))
		return fail(err, text, has_capital(path) ? "capital letter in the repository" : "malformed repository");
	if (oci_slice_eq(host, "index.docker.io"))
		host = OCI_SLICE("docker.io");
	bool library = oci_slice_eq(host, "docker.io") && !memchr(path.p, '/', path.len);

	out->host = oci_slice_dup(host);
	out->repository = oci_printf("%s%.*s", library ? "library/" : "", (int)path.len, path.p);
	if (strlen(out->host) + 1 + strlen(out->repository) > NAME_MAX_BYTES)
		return fail(err, text, "longer than 255 characters");
	return 0;
}

int oci_ref_parse_slice(struct oci_slice text, struct oci_ref *out, struct oci_err **err)
{
	auto_ref struct oci_ref ref = { 0 };
	struct oci_slice name;

	if (text.len == 0)
		return oci_fail(err, OCI_BADINPUT, "empty image reference");
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] <= ' ' || (unsigned char)text.p[i] > '~')
			return fail(err, text, "blanks and other such characters are not allowed");
	if (parse_tail(text, &name, &ref, err) < 0 || parse_name(text, name, &ref, err) < 0)
		return -1;
	if (!ref.tag && ref.digest.algorithm == OCI_NO_DIGEST)
		ref.tag = oci_strdup("latest");
	*out = ref;
	ref = (struct oci_ref){ 0 };
	return 0;
}

int oci_ref_parse(const char *text, struct oci_ref *out, struct oci_err **err)
{
	return oci_ref_parse_slice(oci_slice(text), out, err);
}

char *oci_ref_where(const struct oci_ref *ref)
{
	return oci_printf("%s/%s", ref->host, ref->repository);
}

char *oci_ref_tagged(const struct oci_ref *ref)
{
	return ref->tag ? oci_printf("%s/%s:%s", ref->host, ref->repository, ref->tag) : NULL;
}

char *oci_ref_digested(const struct oci_ref *ref, const struct oci_digest *d)
{
	return oci_printf("%s/%s@%s", ref->host, ref->repository, OCI_DIGEST(d));
}

char *oci_ref_name(const struct oci_ref *ref)
{
	bool digest = ref->digest.algorithm != OCI_NO_DIGEST;

	return oci_printf("%s/%s%s%s%s%s", ref->host, ref->repository, ref->tag ? ":" : "", ref->tag ? ref->tag : "",
			  digest ? "@" : "", OCI_DIGEST(&ref->digest));
}

bool oci_ref_same(const struct oci_ref *a, const struct oci_ref *b)
{
	return oci_streq(a->host, b->host) && oci_streq(a->repository, b->repository) && oci_streq(a->tag, b->tag) &&
	       oci_digest_same(&a->digest, &b->digest);
}

void oci_ref_copy(struct oci_ref *to, const struct oci_ref *from)
{
	*to = (struct oci_ref){ oci_strdup(from->host), oci_strdup(from->repository), oci_strdup(from->tag),
				from->digest };
}

void oci_ref_clear(struct oci_ref *ref)
{
	free(ref->host);
	free(ref->repository);
	free(ref->tag);
	*ref = (struct oci_ref){ 0 };
}
