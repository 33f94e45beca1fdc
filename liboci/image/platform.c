#include "image/platform.h"

#include "base/slice.h"

#include <ctype.h>
#include <stdlib.h>
#include <sys/utsname.h>

static const char *const aliases[][2] = {
	{ "x86_64", "amd64" }, { "x86-64", "amd64" }, { "aarch64", "arm64" }, { "armhf", "arm" },
	{ "armel", "arm" },    { "i386", "386" },     { "i686", "386" },
};

static const char *canonical(const char *architecture)
{
	for (size_t i = 0; i < OCI_COUNT(aliases); i++)
		if (oci_streq(architecture, aliases[i][0]))
			return aliases[i][1];
	return architecture;
}

void oci_platform_set(struct oci_platform *p, const char *os, const char *architecture, const char *variant)
{
	const char *canon = architecture ? canonical(architecture) : "";

	if (variant && !*variant)
		variant = NULL;
	if (architecture && oci_streq(canon, "arm") && !variant)
		variant = oci_streq(architecture, "armel") ? "v6" : "v7";
	if (variant && ((oci_streq(canon, "arm64") && (oci_streq(variant, "v8") || oci_streq(variant, "8"))) ||
			(oci_streq(canon, "amd64") && oci_streq(variant, "v1"))))
		variant = NULL;
	p->os = oci_strdup(os ? os : "");
	p->architecture = oci_strdup(canon);
	p->variant = oci_strdup(variant);
}

static bool valid_part(struct oci_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)s.p[i]) && !strchr("_.-", s.p[i]))
			return false;
	return s.len > 0 && s.len < 30;
}

int oci_platform_parse(const char *text, struct oci_platform *out, struct oci_err **err)
{
	struct oci_slice os, rest, architecture, variant;
	bool ok = oci_slice_cut(oci_slice(text), '/', &os, &rest);
	bool has_variant = oci_slice_cut(rest, '/', &architecture, &variant);

	if (!ok || !valid_part(os) || !valid_part(architecture) || (has_variant && !valid_part(variant)))
		return oci_fail(err, OCI_USAGE, "\"%s\": not a platform; write os/architecture, such as linux/arm64",
				text);
	auto_free char *o = oci_slice_dup(os), *a = oci_slice_dup(architecture), *v = oci_slice_dup(variant);

	oci_platform_set(out, o, a, v);
	return 0;
}

static void add_own(struct oci_platforms *out)
{
	struct utsname u;

	uname(&u);
	oci_platform_set(oci_vec_push(out), "linux", u.machine, NULL);
}

int oci_platforms_parse(const char *text, struct oci_platforms *out, struct oci_err **err)
{
	struct oci_slice rest = oci_slice(text), head;

	if (!text) {
		add_own(out);
		return 0;
	}
	if (oci_streq(text, "all")) {
		out->all = true;
		return 0;
	}
	for (bool more = true; more;) {
		more = oci_slice_cut(rest, ',', &head, &rest);
		auto_free char *one = oci_slice_dup(oci_slice_trim(head));
		struct oci_platform p;

		if (oci_platform_parse(one, &p, err) < 0)
			return -1;
		*oci_vec_push(out) = p;
	}
	return 0;
}

bool oci_platform_same(const struct oci_platform *a, const struct oci_platform *b)
{
	return oci_streq(a->os, b->os) && oci_streq(a->architecture, b->architecture) &&
	       oci_streq(a->variant, b->variant);
}

/* What a CPU without a variant is, where later ones run what was built for earlier ones; NULL: nobody knows. */
static const char *first_variant(const char *architecture)
{
	static const char *const firsts[][2] = { { "amd64", "v1" }, { "arm64", "v8" }, { "arm", "v7" } };

	for (size_t i = 0; i < OCI_COUNT(firsts); i++)
		if (oci_streq(architecture, firsts[i][0]))
			return firsts[i][1];
	return NULL;
}

bool oci_platform_serves(const struct oci_platform *have, const struct oci_platform *want)
{
	const char *first = first_variant(want->architecture);

	if (!oci_streq(have->os, want->os) || !oci_streq(have->architecture, want->architecture))
		return false;
	if (!first)
		return !want->variant || oci_streq(have->variant, want->variant);
	/* arm/v7 runs v6 and v5, amd64/v3 runs v2 and what says nothing, arm64/v9 runs v8 */
	return strcmp(have->variant ? have->variant : first, want->variant ? want->variant : first) <= 0;
}

bool oci_platforms_want(const struct oci_platforms *list, const struct oci_platform *have)
{
	for (size_t i = 0; i < list->n; i++)
		if (oci_platform_serves(have, &list->v[i]))
			return true;
	return list->all;
}

bool oci_platform_is_unknown(const struct oci_platform *p)
{
	return oci_streq(p->os, "unknown") && oci_streq(p->architecture, "unknown");
}

const char *oci_platform_text(const struct oci_platform *p, char *buf, size_t n)
{
	snprintf(buf, n, "%s/%s%s%s", p->os, p->architecture, p->variant ? "/" : "", p->variant ? p->variant : "");
	return buf;
}

void oci_platform_copy(struct oci_platform *to, const struct oci_platform *from)
{
	*to = (struct oci_platform){ oci_strdup(from->os), oci_strdup(from->architecture), oci_strdup(from->variant) };
}

void oci_platform_clear(struct oci_platform *p)
{
	free(p->os);
	free(p->architecture);
	free(p->variant);
	*p = (struct oci_platform){ 0 };
}

void oci_platforms_clear(struct oci_platforms *list)
{
	for (size_t i = 0; i < list->n; i++)
		oci_platform_clear(&list->v[i]);
	free(list->v);
	*list = (struct oci_platforms){ 0 };
}
