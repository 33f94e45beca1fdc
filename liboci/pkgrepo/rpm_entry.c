/* The elements of a package as createrepo_c writes them into primary, filelists and other. */
#include "pkgrepo/rpm_file_int.h"

#include <rpm/rpmfi.h>
#include <rpm/rpmfiles.h>
#include <rpm/rpmtd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CHANGELOGS 10 /* newest entries that other has */

static void free_files(rpmfiles *files)
{
	rpmfilesFree(*files);
}

static void free_fi(rpmfi *fi)
{
	rpmfiFree(*fi);
}

static void add_element(struct oci_buf *out, const char *indent, const char *name, const char *text)
{
	oci_buf_addf(out, "%s<%s>", indent, name);
	oci_rpm_xml_text(out, text);
	oci_buf_addf(out, "</%s>\n", name);
}

static void add_version(Header h, struct oci_buf *out)
{
	oci_buf_addf(out, "  <version epoch=\"%llu\"", (unsigned long long)headerGetNumber(h, RPMTAG_EPOCH));
	oci_rpm_xml_att(out, "ver", headerGetString(h, RPMTAG_VERSION));
	oci_rpm_xml_att(out, "rel", headerGetString(h, RPMTAG_RELEASE));
	oci_buf_adds(out, "/>\n");
}

bool oci_rpm_is_primary(const char *path)
{
	return oci_starts(path, "/etc/") || oci_streq(path, "/usr/lib/sendmail") || strstr(path, "bin/");
}

static void add_files(Header h, const char *indent, bool primary_only, struct oci_buf *out)
{
	OCI_AUTO(free_files) rpmfiles files = rpmfilesNew(NULL, h, RPMTAG_BASENAMES, RPMFI_FLAGS_QUERY);
	OCI_AUTO(free_fi) rpmfi fi = rpmfilesIter(files, RPMFI_ITER_FWD);

	while (rpmfiNext(fi) >= 0) {
		const char *type = S_ISDIR(rpmfiFMode(fi))	     ? " type=\"dir\""
				   : rpmfiFFlags(fi) & RPMFILE_GHOST ? " type=\"ghost\""
								     : "";

		if (primary_only && !oci_rpm_is_primary(rpmfiFN(fi)))
			continue;
		oci_buf_addf(out, "%s<file%s>", indent, type);
		oci_rpm_xml_text(out, rpmfiFN(fi));
		oci_buf_adds(out, "</file>\n");
	}
}

static uint64_t number(Header h, rpmTagVal tag, rpmTagVal big)
{
	return headerIsEntry(h, big) ? headerGetNumber(h, big) : headerGetNumber(h, tag);
}

static void add_numbers(Header h, const struct oci_rpm_file *f, struct oci_buf *out)
{
	unsigned long long built = headerGetNumber(h, RPMTAG_BUILDTIME);

	oci_buf_addf(out, "  <time file=\"%llu\" build=\"%llu\"/>\n", built, built);
	oci_buf_addf(out, "  <size package=\"%llu\" installed=\"%llu\" archive=\"%llu\"/>\n",
		     (unsigned long long)f->size, (unsigned long long)number(h, RPMTAG_SIZE, RPMTAG_LONGSIZE),
		     (unsigned long long)number(h, RPMTAG_ARCHIVESIZE, RPMTAG_LONGARCHIVESIZE));
}

static void add_format(Header h, const struct oci_rpm_range *range, struct oci_buf *out)
{
	static const struct {
		const char *name;
		rpmTagVal tag;
	} texts[] = { { "rpm:license", RPMTAG_LICENSE },
		      { "rpm:vendor", RPMTAG_VENDOR },
		      { "rpm:group", RPMTAG_GROUP },
		      { "rpm:buildhost", RPMTAG_BUILDHOST },
		      { "rpm:sourcerpm", RPMTAG_SOURCERPM } };

	oci_buf_adds(out, "  <format>\n");
	for (size_t i = 0; i < OCI_COUNT(texts); i++)
		add_element(out, "    ", texts[i].name, headerGetString(h, texts[i].tag));
	oci_buf_addf(out, "    <rpm:header-range start=\"%llu\" end=\"%llu\"/>\n", (unsigned long long)range->start,
		     (unsigned long long)range->end);
	oci_rpm_deps_make(h, out);
	add_files(h, "    ", true, out);
	oci_buf_adds(out, "  </format>\n");
}

static char *make_primary(Header h, const char *href, const struct oci_rpm_range *range, const struct oci_rpm_file *f)
{
	struct oci_buf b = { 0 };

	oci_buf_adds(&b, "<package type=\"rpm\">\n");
	add_element(&b, "  ", "name", f->name);
	add_element(&b, "  ", "arch", f->arch);
	add_version(h, &b);
	oci_buf_addf(&b, "  <checksum type=\"sha256\" pkgid=\"YES\">%s</checksum>\n", OCI_HEX(&f->digest));
	add_element(&b, "  ", "summary", headerGetString(h, RPMTAG_SUMMARY));
	add_element(&b, "  ", "description", headerGetString(h, RPMTAG_DESCRIPTION));
	add_element(&b, "  ", "packager", headerGetString(h, RPMTAG_PACKAGER));
	add_element(&b, "  ", "url", headerGetString(h, RPMTAG_URL));
	add_numbers(h, f, &b);
	oci_buf_adds(&b, "  <location");
	oci_rpm_xml_att(&b, "href", href);
	oci_buf_adds(&b, "/>\n");
	add_format(h, range, &b);
	oci_buf_adds(&b, "</package>");
	return oci_buf_take(&b);
}

static void add_head(Header h, const struct oci_rpm_file *f, struct oci_buf *out)
{
	oci_buf_addf(out, "<package pkgid=\"%s\"", OCI_HEX(&f->digest));
	oci_rpm_xml_att(out, "name", f->name);
	oci_rpm_xml_att(out, "arch", f->arch);
	oci_buf_adds(out, ">\n");
	add_version(h, out);
}

static char *make_filelists(Header h, const struct oci_rpm_file *f)
{
	struct oci_buf b = { 0 };

	add_head(h, f, &b);
	add_files(h, "  ", false, &b);
	oci_buf_adds(&b, "</package>");
	return oci_buf_take(&b);
}

struct change {
	uint64_t date;
	char *author, *text;
};

/* Entries of one day are told apart by their dates: the newer one gets a second more. */
static void part_dates(struct change *v, size_t n, uint64_t date)
{
	for (size_t i = n; i > 0 && v[i - 1].date == date; i--)
		v[i - 1].date = ++date;
}

/* The newest entries, as a header has them: newest first. */
static size_t read_changes(Header h, struct change *v, size_t max)
{
	struct rpmtd_s dates, authors, texts;
	uint64_t last = 0;
	size_t n = 0;

	if (!headerGet(h, RPMTAG_CHANGELOGTIME, &dates, HEADERGET_MINMEM) ||
	    !headerGet(h, RPMTAG_CHANGELOGNAME, &authors, HEADERGET_MINMEM) ||
	    !headerGet(h, RPMTAG_CHANGELOGTEXT, &texts, HEADERGET_MINMEM))
		return 0;
	while (n < max && rpmtdNext(&dates) >= 0 && rpmtdNext(&authors) >= 0 && rpmtdNext(&texts) >= 0) {
		uint64_t date = rpmtdGetNumber(&dates);
		char *author = oci_strdup(rpmtdGetString(&authors));

		for (size_t len = strlen(author); len && author[len - 1] == ' '; len--)
			author[len - 1] = '\0';
		if (date == last)
			part_dates(v, n, date);
		last = date;
		v[n++] = (struct change){ date, author, oci_strdup(rpmtdGetString(&texts)) };
	}
	rpmtdFreeData(&dates);
	rpmtdFreeData(&authors);
	rpmtdFreeData(&texts);
	return n;
}

static char *make_other(Header h, const struct oci_rpm_file *f)
{
	struct change changes[CHANGELOGS];
	struct oci_buf b = { 0 };

	add_head(h, f, &b);
	for (size_t i = read_changes(h, changes, CHANGELOGS); i > 0; i--) {
		const struct change *c = &changes[i - 1];

		oci_buf_adds(&b, "  <changelog");
		oci_rpm_xml_att(&b, "author", c->author);
		oci_buf_addf(&b, " date=\"%llu\">", (unsigned long long)c->date);
		oci_rpm_xml_text(&b, c->text);
		oci_buf_adds(&b, "</changelog>\n");
		free(c->author);
		free(c->text);
	}
	oci_buf_adds(&b, "</package>");
	return oci_buf_take(&b);
}

void oci_rpm_entries_make(Header h, const char *href, const struct oci_rpm_range *range, struct oci_rpm_file *f)
{
	f->primary = make_primary(h, href, range, f);
	f->filelists = make_filelists(h, f);
	f->other = make_other(h, f);
}
