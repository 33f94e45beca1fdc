/* The dependencies of a package as createrepo_c writes them, and its way with text. */
#include "base/map.h"
#include "base/utf8.h"
#include "pkgrepo/rpm_file_int.h"

#include <rpm/rpmds.h>
#include <rpm/rpmtd.h>
#include <rpm/rpmver.h>
#include <stdlib.h>
#include <string.h>

static bool is_utf8(const char *text)
{
	size_t n;

	for (; *text; text += n)
		if (!(n = oci_utf8_whole(text)))
			return false;
	return true;
}

/* Latin-1 as UTF-8; what XML 1.0 has no way to write is left out. */
static void add_char(struct oci_buf *out, unsigned char c, bool utf8)
{
	if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
		return;
	if (c < 0x80 || utf8) {
		oci_buf_addc(out, (char)c);
		return;
	}
	oci_buf_addc(out, (char)(0xc0 | c >> 6));
	oci_buf_addc(out, (char)(0x80 | (c & 0x3f)));
}

static void add_escaped(struct oci_buf *out, const char *text, bool att)
{
	bool utf8 = is_utf8(text);

	for (; *text; text++)
		switch (*text) {
		case '&':
			oci_buf_adds(out, "&amp;");
			break;
		case '<':
			oci_buf_adds(out, "&lt;");
			break;
		case '>':
			oci_buf_adds(out, "&gt;");
			break;
		case '\r':
			oci_buf_adds(out, "&#13;");
			break;
		case '"':
			oci_buf_adds(out, att ? "&quot;" : "\"");
			break;
		case '\n':
			oci_buf_adds(out, att ? "&#10;" : "\n");
			break;
		case '\t':
			oci_buf_adds(out, att ? "&#9;" : "\t");
			break;
		default:
			add_char(out, (unsigned char)*text, utf8);
		}
}

void oci_rpm_xml_att(struct oci_buf *out, const char *name, const char *value)
{
	oci_buf_addf(out, " %s=\"", name);
	add_escaped(out, value ? value : "", true);
	oci_buf_addc(out, '"');
}

void oci_rpm_xml_text(struct oci_buf *out, const char *text)
{
	add_escaped(out, text ? text : "", false);
}

/* In the order of the document. */
static const struct {
	const char *element;
	rpmTagVal name, flags, version;
} kinds[] = {
	{ "provides", RPMTAG_PROVIDENAME, RPMTAG_PROVIDEFLAGS, RPMTAG_PROVIDEVERSION },
	{ "requires", RPMTAG_REQUIRENAME, RPMTAG_REQUIREFLAGS, RPMTAG_REQUIREVERSION },
	{ "conflicts", RPMTAG_CONFLICTNAME, RPMTAG_CONFLICTFLAGS, RPMTAG_CONFLICTVERSION },
	{ "obsoletes", RPMTAG_OBSOLETENAME, RPMTAG_OBSOLETEFLAGS, RPMTAG_OBSOLETEVERSION },
	{ "suggests", RPMTAG_SUGGESTNAME, RPMTAG_SUGGESTFLAGS, RPMTAG_SUGGESTVERSION },
	{ "enhances", RPMTAG_ENHANCENAME, RPMTAG_ENHANCEFLAGS, RPMTAG_ENHANCEVERSION },
	{ "recommends", RPMTAG_RECOMMENDNAME, RPMTAG_RECOMMENDFLAGS, RPMTAG_RECOMMENDVERSION },
	{ "supplements", RPMTAG_SUPPLEMENTNAME, RPMTAG_SUPPLEMENTFLAGS, RPMTAG_SUPPLEMENTVERSION },
};

struct dep {
	const char *name, *version;
	uint64_t flags;
};

struct deps {
	struct rpmtd_s names, flags, versions;
	bool any;
};

static void deps_open(Header h, size_t kind, struct deps *d)
{
	*d = (struct deps){ 0 };
	d->any = headerGet(h, kinds[kind].name, &d->names, HEADERGET_MINMEM) &&
		 headerGet(h, kinds[kind].flags, &d->flags, HEADERGET_MINMEM) &&
		 headerGet(h, kinds[kind].version, &d->versions, HEADERGET_MINMEM);
}

static void deps_close(struct deps *d)
{
	rpmtdFreeData(&d->names);
	rpmtdFreeData(&d->flags);
	rpmtdFreeData(&d->versions);
}

static bool deps_next(struct deps *d, struct dep *dep)
{
	if (!d->any || rpmtdNext(&d->names) < 0 || rpmtdNext(&d->flags) < 0 || rpmtdNext(&d->versions) < 0)
		return false;
	*dep = (struct dep){ rpmtdGetString(&d->names), rpmtdGetString(&d->versions), rpmtdGetNumber(&d->flags) };
	return true;
}

static const char *flags_text(uint64_t flags)
{
	switch (flags & RPMSENSE_SENSEMASK) {
	case RPMSENSE_LESS:
		return "LT";
	case RPMSENSE_GREATER:
		return "GT";
	case RPMSENSE_EQUAL:
		return "EQ";
	case RPMSENSE_LESS | RPMSENSE_EQUAL:
		return "LE";
	case RPMSENSE_GREATER | RPMSENSE_EQUAL:
		return "GE";
	default:
		return NULL;
	}
}

static bool is_pre(uint64_t flags)
{
	return flags & (RPMSENSE_PREREQ | RPMSENSE_SCRIPT_PRE | RPMSENSE_SCRIPT_POST);
}

static void add_evr(const char *text, struct oci_buf *out)
{
	auto_free char *copy = oci_strdup(text);
	char *version = copy, *colon = strchr(copy, ':'), *dash;

	if (colon) {
		*colon = '\0';
		version = colon + 1;
	}
	if ((dash = strrchr(version, '-')))
		*dash = '\0';
	oci_rpm_xml_att(out, "epoch", colon ? copy : "0");
	oci_rpm_xml_att(out, "ver", version);
	if (dash)
		oci_rpm_xml_att(out, "rel", dash + 1);
}

static void add_dep(const struct dep *dep, bool pre, struct oci_buf *out)
{
	const char *flags = flags_text(dep->flags);

	oci_buf_adds(out, "      <rpm:entry");
	oci_rpm_xml_att(out, "name", dep->name);
	if (flags)
		oci_rpm_xml_att(out, "flags", flags);
	if (flags && dep->version && *dep->version)
		add_evr(dep->version, out);
	oci_buf_addf(out, "%s/>\n", pre ? " pre=\"1\"" : "");
}

/* What is written of a dependency makes it the same as another one. */
static char *key(const struct dep *dep, bool pre)
{
	return oci_printf("%s\n%s\n%s\n%d", dep->name, flags_text(dep->flags) ? flags_text(dep->flags) : "",
			  dep->version ? dep->version : "", pre);
}

static void note_own(Header h, struct oci_map *own)
{
	OCI_AUTO(deps_close) struct deps provides;
	struct dep dep;

	deps_open(h, 0, &provides);
	while (deps_next(&provides, &dep)) {
		auto_free char *k = key(&dep, false);

		oci_map_add(own, k, own);
	}
	struct rpmtd_s files;

	if (!headerGet(h, RPMTAG_FILENAMES, &files, HEADERGET_EXT))
		return;
	while (rpmtdNext(&files) >= 0)
		if (oci_rpm_is_primary(rpmtdGetString(&files)))
			oci_map_add(own, rpmtdGetString(&files), own);
	rpmtdFreeData(&files);
}

static bool is_libc(const char *name)
{
	return oci_starts(name, "libc.so.6");
}

/* The version in "libc.so.6(GLIBC_2.34)(64bit)", "" without one; the caller's to free. */
static char *libc_version(const char *name)
{
	const char *open = strchr(name, '('), *close = open ? strchr(open, ')') : NULL, *at = open;

	while (at && close && at < close && (*at < '0' || *at > '9'))
		at++;
	return at && close ? oci_strndup(at, (size_t)(close - at)) : oci_strdup("");
}

static bool libc_newer(const char *than, const char *name)
{
	auto_free char *a = libc_version(than), *b = libc_version(name);

	return rpmvercmp(b, a) > 0;
}

/* Requirements without rpmlib's, without what the package brings itself, each once; of libc's versions only the
 * newest, at the end. */
static void add_requires(Header h, struct oci_buf *out)
{
	OCI_AUTO(deps_close) struct deps deps;
	OCI_AUTO(oci_map_clear) struct oci_map own = { 0 }, seen = { 0 };
	struct dep dep, libc = { 0 };

	note_own(h, &own);
	deps_open(h, 1, &deps);
	while (deps_next(&deps, &dep)) {
		auto_free char *plain = key(&dep, false), *k = key(&dep, is_pre(dep.flags));

		if (oci_starts(dep.name, "rpmlib(") || oci_map_get(&own, dep.name) || oci_map_get(&own, plain) ||
		    oci_map_get(&seen, k))
			continue;
		oci_map_add(&seen, k, &seen);
		if (!is_libc(dep.name))
			add_dep(&dep, is_pre(dep.flags), out);
		else if (!libc.name || libc_newer(libc.name, dep.name))
			libc = dep;
	}
	if (libc.name)
		add_dep(&libc, is_pre(libc.flags), out);
}

static void add_kind(Header h, size_t kind, struct oci_buf *out)
{
	OCI_AUTO(deps_close) struct deps deps;
	struct dep dep;

	deps_open(h, kind, &deps);
	while (deps_next(&deps, &dep))
		add_dep(&dep, false, out);
}

void oci_rpm_deps_make(Header h, struct oci_buf *out)
{
	for (size_t i = 0; i < OCI_COUNT(kinds); i++) {
		auto_buf struct oci_buf entries = { 0 };

		if (kinds[i].name == RPMTAG_REQUIRENAME)
			add_requires(h, &entries);
		else
			add_kind(h, i, &entries);
		if (!entries.len)
			continue;
		oci_buf_addf(out, "    <rpm:%s>\n%s    </rpm:%s>\n", kinds[i].element, entries.data, kinds[i].element);
	}
}
