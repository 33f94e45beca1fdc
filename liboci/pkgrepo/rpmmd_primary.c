#include "pkgrepo/rpmmd_primary.h"

#include "digest/verify.h"
#include "pkgrepo/rpmmd_xml.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXTS ((size_t)64 << 20)

/* What the text of an element is for. */
enum target { NOTHING, NAME, ARCH, CHECKSUM, FILE_NAME };

struct reading {
	struct oci_rpm_pkg pkg;
	bool inside; /* a <package> */
	struct oci_rpm_deps *deps;
	enum target target;
	enum oci_algorithm algorithm;
	oci_primary_fn *fn;
	void *ctx;
	struct oci_err *err; /* the callback's */
};

static void pkg_reset(struct oci_rpm_pkg *p)
{
	oci_buf_reset(&p->texts);
	oci_buf_addc(&p->texts, '\0'); /* offset 0: absent */
	p->name = p->arch = p->evr = p->pkgid = p->href = p->base = 0;
	p->digest = (struct oci_digest){ 0 };
	p->size = OCI_SIZE_UNKNOWN;
	for (size_t i = 0; i < OCI_RPM_DEP_KINDS; i++)
		p->deps[i].n = 0;
	p->files.n = 0;
	p->loc_at = p->loc_len = 0;
}

static void pkg_clear(struct oci_rpm_pkg *p)
{
	oci_buf_clear(&p->texts);
	for (size_t i = 0; i < OCI_RPM_DEP_KINDS; i++)
		free(p->deps[i].v);
	free(p->files.v);
}

static uint32_t keep(struct reading *r, struct oci_xml *x, const char *text, size_t n)
{
	struct oci_buf *b = &r->pkg.texts;
	uint32_t at = (uint32_t)b->len;

	if (b->len + n > MAX_TEXTS) {
		oci_xml_fail(x, "a package with more than %zu bytes of names", MAX_TEXTS);
		return 0;
	}
	oci_buf_add(b, text, n);
	oci_buf_addc(b, '\0');
	return at;
}

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* "EPOCH:VERSION-RELEASE"; 0 without a version. */
static uint32_t keep_evr(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *epoch = oci_xml_att(atts, "epoch"), *ver = oci_xml_att(atts, "ver"),
		   *rel = oci_xml_att(atts, "rel");
	char number[24] = "";

	if (!ver || !*ver)
		return 0;
	if (epoch && is_number(epoch) && strlen(epoch) < sizeof(number) - 1 && strspn(epoch, "0") != strlen(epoch))
		snprintf(number, sizeof(number), "%s:", epoch);
	uint32_t at = keep(r, x, number, strlen(number));

	r->pkg.texts.len--; /* one text of several parts */
	keep(r, x, ver, strlen(ver));
	if (!rel || !*rel)
		return at;
	r->pkg.texts.len--;
	keep(r, x, "-", 1);
	r->pkg.texts.len--;
	keep(r, x, rel, strlen(rel));
	return at;
}

static int op_of(const char *flags)
{
	static const struct {
		const char *name;
		int op;
	} ops[] = { { "EQ", OCI_RPM_EQ },
		    { "GE", OCI_RPM_GT | OCI_RPM_EQ },
		    { "LE", OCI_RPM_LT | OCI_RPM_EQ },
		    { "GT", OCI_RPM_GT },
		    { "LT", OCI_RPM_LT } };

	for (size_t i = 0; flags && i < OCI_COUNT(ops); i++)
		if (strcmp(flags, ops[i].name) == 0)
			return ops[i].op;
	return 0;
}

static void add_entry(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *name = oci_xml_att(atts, "name");

	if (!name || !*name) {
		oci_xml_fail(x, "a dependency without a name");
		return;
	}
	struct oci_rpm_dep *d = oci_vec_push(r->deps);

	d->name = keep(r, x, name, strlen(name));
	d->op = op_of(oci_xml_att(atts, "flags"));
	d->evr = d->op ? keep_evr(r, x, atts) : 0;
	if (!d->evr)
		d->op = 0;
}

static struct oci_rpm_deps *deps_named(struct reading *r, const char *name)
{
	static const char *const names[OCI_RPM_DEP_KINDS] = { "rpm:provides",	 "rpm:requires",   "rpm:conflicts",
							      "rpm:obsoletes",	 "rpm:recommends", "rpm:suggests",
							      "rpm:supplements", "rpm:enhances" };

	for (size_t i = 0; i < OCI_RPM_DEP_KINDS; i++)
		if (strcmp(name, names[i]) == 0)
			return &r->pkg.deps[i];
	return NULL;
}

static void gather(struct reading *r, struct oci_xml *x, enum target target)
{
	r->target = target;
	oci_xml_gather(x);
}

static void start_checksum(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *type = oci_xml_att(atts, "type");

	r->algorithm = oci_streq(type, "sha256") ? OCI_SHA256 : oci_streq(type, "sha512") ? OCI_SHA512 : OCI_NO_DIGEST;
	gather(r, x, CHECKSUM);
}

static void start_location(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *href = oci_xml_att(atts, "href"), *base = oci_xml_att(atts, "xml:base");

	if (!href || !*href)
		oci_xml_fail(x, "a location without href");
	else
		r->pkg.href = keep(r, x, href, strlen(href));
	r->pkg.base = base && *base ? keep(r, x, base, strlen(base)) : 0;
	r->pkg.loc_at = oci_xml_at(x) - r->pkg.at;
	r->pkg.loc_len = oci_xml_tag_len(x);
}

static void start_size(struct reading *r, struct oci_xml *x, const char **atts)
{
	if (!oci_slice_u64(oci_slice(oci_xml_att(atts, "package")), &r->pkg.size))
		oci_xml_fail(x, "a size that is not a number");
}

static void start_child(struct reading *r, struct oci_xml *x, const char *name, const char **atts)
{
	if (strcmp(name, "name") == 0)
		gather(r, x, NAME);
	else if (strcmp(name, "arch") == 0)
		gather(r, x, ARCH);
	else if (strcmp(name, "version") == 0)
		r->pkg.evr = keep_evr(r, x, atts);
	else if (strcmp(name, "checksum") == 0)
		start_checksum(r, x, atts);
	else if (strcmp(name, "location") == 0)
		start_location(r, x, atts);
	else if (strcmp(name, "size") == 0)
		start_size(r, x, atts);
}

/* The written prefix is what is copied into our own document, so it must mean there what it means here. */
static void start_root(struct oci_xml *x, const char *name, const char **atts)
{
	const char *rpm = oci_xml_att(atts, "xmlns:rpm"), *common = oci_xml_att(atts, "xmlns");

	if (strcmp(name, "metadata") != 0)
		oci_xml_fail(x, "<%s> where <metadata> is wanted", name);
	else if ((rpm && strcmp(rpm, "http://linux.duke.edu/metadata/rpm") != 0) ||
		 (common && strcmp(common, "http://linux.duke.edu/metadata/common") != 0))
		oci_xml_fail(x, "a name space that rpm-md does not have");
}

static void on_start(void *ctx, struct oci_xml *x, const char *name, const char **atts)
{
	struct reading *r = ctx;
	unsigned depth = oci_xml_depth(x);

	r->target = NOTHING;
	if (depth == 1) {
		start_root(x, name, atts);
	} else if (depth == 2) {
		r->inside = strcmp(name, "package") == 0;
		pkg_reset(&r->pkg);
		r->pkg.at = oci_xml_at(x);
	} else if (!r->inside) {
		return;
	} else if (depth == 3) {
		start_child(r, x, name, atts);
	} else if (depth == 4 && strcmp(name, "file") == 0) {
		gather(r, x, FILE_NAME);
	} else if (depth == 4) {
		r->deps = deps_named(r, name);
	} else if (depth == 5 && r->deps && strcmp(name, "rpm:entry") == 0) {
		add_entry(r, x, atts);
	}
}

static void end_text(struct reading *r, struct oci_xml *x)
{
	struct oci_slice s = oci_xml_text(x);
	struct oci_rpm_pkg *p = &r->pkg;
	enum target target = r->target;

	r->target = NOTHING;
	if (target == NAME)
		p->name = s.len ? keep(r, x, s.p, s.len) : 0;
	else if (target == ARCH)
		p->arch = s.len ? keep(r, x, s.p, s.len) : 0;
	else if (target == FILE_NAME)
		*oci_vec_push(&p->files) = keep(r, x, s.p, s.len);
	else if (target == CHECKSUM) {
		auto_err struct oci_err *why = NULL;

		p->pkgid = s.len ? keep(r, x, s.p, s.len) : 0;
		if (r->algorithm && oci_digest_parse_hex(r->algorithm, s, &p->digest, &why) < 0)
			oci_xml_fail(x, "%s", oci_err_text(why));
	}
}

static void end_package(struct reading *r, struct oci_xml *x)
{
	struct oci_rpm_pkg *p = &r->pkg;
	const struct {
		uint32_t value;
		const char *what;
	} needed[] = { { p->name, "name" },
		       { p->arch, "arch" },
		       { p->evr, "version" },
		       { p->pkgid, "checksum" },
		       { p->href, "location" } };

	for (size_t i = 0; i < OCI_COUNT(needed); i++)
		if (!needed[i].value) {
			oci_xml_fail(x, "package %s: no %s", oci_rpm_text(p, p->name), needed[i].what);
			return;
		}
	p->len = oci_xml_at(x) + oci_xml_tag_len(x) - p->at;
	if (r->fn(r->ctx, p, &r->err) < 0)
		oci_xml_fail(x, "%s", oci_err_text(r->err));
}

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct reading *r = ctx;
	unsigned depth = oci_xml_depth(x);

	(void)name;
	if (r->target != NOTHING)
		end_text(r, x);
	else if (depth == 4)
		r->deps = NULL;
	else if (depth == 2 && r->inside)
		end_package(r, x);
}

static const struct oci_xml_events events = { on_start, on_end };

static int finish(struct reading *r, int rc, struct oci_err **err)
{
	pkg_clear(&r->pkg);
	/* the callback's own error, not what was made of it to stop the parser */
	return r->err ? oci_fail_with(err, &r->err) : rc;
}

int oci_primary_read(struct oci_reader *reader, const char *what, uint64_t max, oci_primary_fn *fn, void *ctx,
		     struct oci_err **err)
{
	struct reading r = { .fn = fn, .ctx = ctx };

	return finish(&r, oci_xml_read(reader, what, max, &events, &r, err), err);
}

int oci_primary_parse_one(const char *what, struct oci_slice element, oci_primary_fn *fn, void *ctx,
			  struct oci_err **err)
{
	struct reading r = { .fn = fn, .ctx = ctx };
	auto_buf struct oci_buf b = { 0 };

	oci_buf_adds(&b, OCI_PRIMARY_ROOT ">");
	oci_buf_add(&b, element.p, element.len);
	oci_buf_adds(&b, "</metadata>");
	int rc = oci_xml_parse(what, (struct oci_slice){ oci_buf_text(&b), b.len }, &events, &r, err);

	return finish(&r, rc, err);
}
