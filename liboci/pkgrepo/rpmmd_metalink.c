#include "pkgrepo/rpmmd_metalink.h"

#include "digest/hasher.h"
#include "pkgrepo/rpmmd_xml.h"

#include <stdlib.h>
#include <string.h>

struct place {
	char *base;
	uint64_t preference;
	size_t order;
};

struct reading {
	struct oci_metalink *m;
	bool repomd; /* inside <file name="repomd.xml"> */
	enum oci_algorithm algorithm;
	uint64_t preference;
	bool usable; /* the <url> at hand */
	OCI_VEC(struct place) places;
};

void oci_metalink_clear(struct oci_metalink *m)
{
	free(m->digests.v);
	oci_strs_clear(&m->bases);
	*m = (struct oci_metalink){ 0 };
}

static void start_hash(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *type = oci_xml_att(atts, "type");

	r->algorithm = oci_streq(type, "sha256") ? OCI_SHA256 : oci_streq(type, "sha512") ? OCI_SHA512 : OCI_NO_DIGEST;
	oci_xml_gather(x);
}

static void start_url(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *protocol = oci_xml_att(atts, "protocol"), *preference = oci_xml_att(atts, "preference");

	r->usable = !protocol || oci_starts(protocol, "http") || oci_streq(protocol, "file");
	if (!oci_slice_u64(oci_slice(preference), &r->preference))
		r->preference = 0;
	oci_xml_gather(x);
}

static void on_start(void *ctx, struct oci_xml *x, const char *name, const char **atts)
{
	struct reading *r = ctx;

	if (oci_xml_depth(x) == 1 && strcmp(name, "metalink") != 0)
		oci_xml_fail(x, "<%s> where <metalink> is wanted", name);
	else if (strcmp(name, "file") == 0)
		r->repomd = oci_streq(oci_xml_att(atts, "name"), "repomd.xml");
	else if (r->repomd && strcmp(name, "hash") == 0)
		start_hash(r, x, atts);
	else if (r->repomd && strcmp(name, "url") == 0)
		start_url(r, x, atts);
}

static void end_hash(struct reading *r, struct oci_xml *x)
{
	struct oci_slice text = oci_xml_text(x);
	auto_err struct oci_err *why = NULL;
	struct oci_digest d;

	if (r->algorithm == OCI_NO_DIGEST)
		return;
	if (oci_digest_parse_hex(r->algorithm, text, &d, &why) < 0)
		oci_xml_fail(x, "%s", oci_err_text(why));
	else
		*oci_vec_push(&r->m->digests) = d;
}

static void end_url(struct reading *r, struct oci_xml *x)
{
	static const char tail[] = "/repodata/repomd.xml";
	struct oci_slice text = oci_xml_text(x);
	auto_free char *url = oci_slice_dup(text);

	if (!r->usable || !oci_ends(url, tail) ||
	    !(oci_starts(url, "http://") || oci_starts(url, "https://") || oci_starts(url, "file:")))
		return;
	struct place *p = oci_vec_push(&r->places);

	*p = (struct place){ oci_strndup(url, strlen(url) - strlen(tail)), r->preference, r->places.n };
}

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct reading *r = ctx;

	if (r->repomd && strcmp(name, "hash") == 0)
		end_hash(r, x);
	else if (r->repomd && strcmp(name, "url") == 0)
		end_url(r, x);
	else if (strcmp(name, "file") == 0)
		r->repomd = false;
}

/* Encrypted transfers first: what the packages say of themselves travels there, too. */
static int by_preference(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	bool sx = oci_starts(x->base, "https:"), sy = oci_starts(y->base, "https:");

	if (sx != sy)
		return sx ? -1 : 1;
	if (x->preference != y->preference)
		return x->preference > y->preference ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void take_places(struct reading *r)
{
	if (r->places.n)
		qsort(r->places.v, r->places.n, sizeof(*r->places.v), by_preference);
	for (size_t i = 0; i < r->places.n; i++)
		oci_strs_add_take(&r->m->bases, r->places.v[i].base);
	free(r->places.v);
}

int oci_metalink_parse(const char *what, const char *text, size_t n, struct oci_metalink *out, struct oci_err **err)
{
	static const struct oci_xml_events events = { on_start, on_end };
	auto_metalink struct oci_metalink m = { 0 };
	struct reading r = { .m = &m };
	int rc = oci_xml_parse(what, (struct oci_slice){ text, n }, &events, &r, err);

	take_places(&r);
	if (rc < 0)
		return -1;
	if (!m.bases.n)
		return oci_fail(err, OCI_BADINPUT, "%s: names no place of repomd.xml", what);
	*out = m;
	m = (struct oci_metalink){ 0 };
	return 0;
}

bool oci_metalink_vouches(const struct oci_metalink *m, const char *repomd, size_t n)
{
	for (size_t i = 0; i < m->digests.n; i++) {
		auto_hasher struct oci_hasher *h = oci_hasher_new(m->digests.v[i].algorithm);
		struct oci_digest got;

		oci_hasher_add(h, repomd, n);
		oci_hasher_end(h, &got);
		if (oci_digest_same(&got, &m->digests.v[i]))
			return true;
	}
	return false;
}
