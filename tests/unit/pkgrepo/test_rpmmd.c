/* The documents of rpm-md repositories. */
#include "pkgrepo/rpmmd_comps.h"
#include "pkgrepo/rpmmd_lists.h"
#include "pkgrepo/rpmmd_metalink.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/rpmmd_repomd.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

Test(rpmmd, repomd_lists_its_files)
{
	static const char text[] =
		"<repomd><revision>1</revision><data type=\"primary\"><checksum type=\"sha256\">" HEX
		"</checksum><open-checksum type=\"sha256\">" HEX
		"</open-checksum><location href=\"repodata/p.xml.gz\"/><size>12</size></data></repomd>";
	auto_repomd struct oci_repomd md = { 0 };

	cr_assert_eq(oci_repomd_parse("R", text, sizeof(text) - 1, &md, NULL), 0);
	const struct oci_repomd_data *d = oci_repomd_find(&md, "primary");

	cr_assert_not_null(d);
	cr_expect_str_eq(d->href, "repodata/p.xml.gz");
	cr_expect_eq(d->size, 12);
	cr_expect_eq(d->plain.algorithm, OCI_SHA256);
	cr_expect_null(oci_repomd_find(&md, "filelists"));
}

Test(rpmmd, repomd_says_what_is_wrong)
{
	static const char *const bad[][2] = {
		{ "", "R:1:1: no element found" },
		{ "<html></html>", "R:1:1: <html> where <repomd> is wanted" },
		{ "<repomd><data type=\"primary\">", "R:1:30: no element found" },
		{ "<repomd/>", "R: no primary" },
		{ "<repomd><data type=\"primary\"><location href=\"../p.xml\"/></data></repomd>",
		  "location \"../p.xml\" leaves the repository" },
		{ "<repomd><data type=\"primary\"><location href=\"/etc/passwd\"/></data></repomd>",
		  "leaves the repository" },
		{ "<repomd><data type=\"primary\"><location href=\"p\"/><checksum "
		  "type=\"sha\">12</checksum></data></repomd>",
		  "primary: neither a sha256 nor a sha512 checksum" },
		{ "<repomd><data type=\"primary\"><location href=\"p\"/><checksum "
		  "type=\"sha256\">12</checksum></data></repomd>",
		  "R:1:" },
		{ "<repomd><data type=\"primary\"><size>x</size></data></repomd>", "size \"x\" is not a number" },
		{ "<!DOCTYPE r [<!ENTITY a \"aa\">]><repomd>&a;</repomd>",
		  "a DOCTYPE with declarations, which no repository has" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_repomd struct oci_repomd md = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_repomd_parse("R", bad[i][0], strlen(bad[i][0]), &md, &err), -1, "%s", bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(rpmmd, metalink_prefers_encrypted_places_and_vouches)
{
	static const char text[] =
		"<metalink><files><file name=\"repomd.xml\"><verification><hash type=\"sha256\">" HEX
		"</hash></verification><resources><url protocol=\"http\" preference=\"100\">http://a/r/repodata/"
		"repomd.xml</url><url protocol=\"https\" preference=\"1\">https://b/r/repodata/repomd.xml</url>"
		"<url protocol=\"https\" preference=\"9\">https://c/r/repodata/repomd.xml</url>"
		"<url protocol=\"rsync\">rsync://d/r/repodata/repomd.xml</url></resources></file></files></metalink>";
	static const char *const bases[] = { "https://c/r", "https://b/r", "http://a/r" };
	auto_metalink struct oci_metalink m = { 0 };

	cr_assert_eq(oci_metalink_parse("M", text, sizeof(text) - 1, &m, NULL), 0);
	cr_assert_eq(m.bases.n, OCI_COUNT(bases));
	for (size_t i = 0; i < OCI_COUNT(bases); i++)
		cr_expect_str_eq(m.bases.v[i], bases[i]);
	cr_expect(oci_metalink_vouches(&m, "", 0));
	cr_expect_not(oci_metalink_vouches(&m, "x", 1));
}

#define PKG                                                                                                            \
	"<package type=\"rpm\"><name>a&amp;b</name><arch>noarch</arch><version epoch=\"2\" ver=\"1.0\" rel=\"3\"/>"    \
	"<checksum type=\"sha256\" pkgid=\"YES\">" HEX "</checksum><size package=\"77\"/>"                             \
	"<location href=\"Packages/a.rpm\"/><format><rpm:requires><rpm:entry name=\"c\" flags=\"GE\" epoch=\"0\" "     \
	"ver=\"1\"/><rpm:entry name=\"/bin/sh\"/></rpm:requires><file>/usr/bin/a</file></format></package>"

struct seen {
	size_t n;
	char text[256];
};

static int see(void *ctx, const struct oci_rpm_pkg *p, struct oci_err **err)
{
	struct seen *s = ctx;
	const struct oci_rpm_deps *r = &p->deps[OCI_RPM_REQUIRES];

	(void)err;
	s->n++;
	snprintf(s->text, sizeof(s->text), "%s %s %s %llu %s %zu %s %d %s %s %s @%llu+%llu", oci_rpm_text(p, p->name),
		 oci_rpm_text(p, p->evr), oci_rpm_text(p, p->arch), (unsigned long long)p->size,
		 oci_rpm_text(p, p->href), r->n, oci_rpm_text(p, r->v[0].name), r->v[0].op,
		 oci_rpm_text(p, r->v[0].evr), oci_rpm_text(p, r->v[1].name), oci_rpm_text(p, p->files.v[0]),
		 (unsigned long long)p->at, (unsigned long long)p->len);
	return 0;
}

Test(rpmmd, primary_gives_packages_and_their_places)
{
	static const char text[] = OCI_PRIMARY_ROOT " packages=\"1\">\n" PKG "\n</metadata>";
	struct oci_reader r = oci_reader_of_memory(text, sizeof(text) - 1);
	struct seen s = { 0 };
	char want[256];

	cr_assert_eq(oci_primary_read(&r, "P", 100000, see, &s, NULL), 0);
	oci_reader_close(&r);
	snprintf(want, sizeof(want), "a&b 2:1.0-3 noarch 77 Packages/a.rpm 2 c 6 1 /bin/sh /usr/bin/a @%zu+%zu",
		 strlen(OCI_PRIMARY_ROOT " packages=\"1\">\n"), strlen(PKG));
	cr_expect_eq(s.n, 1);
	cr_expect_str_eq(s.text, want);
}

Test(rpmmd, primary_says_what_is_wrong)
{
	static const char *const bad[][2] = {
		{ "<repomd/>", "<repomd> where <metadata> is wanted" },
		{ "<metadata xmlns:rpm=\"urn:x\"/>", "a name space that rpm-md does not have" },
		{ "<metadata><package><arch>noarch</arch></package></metadata>", "package : no name" },
		{ "<metadata><package><name>x</name></package></metadata>", "package x: no arch" },
		{ "<metadata><package><size package=\"-1\"/></package></metadata>", "a size that is not a number" },
		{ "<metadata><package><format><rpm:requires><rpm:entry/></rpm:requires></format></package></metadata>",
		  "a dependency without a name" },
		{ "<metadata><package>", "no element found" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		struct oci_reader r = oci_reader_of_memory(bad[i][0], strlen(bad[i][0]));
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_primary_read(&r, "P", 100000, see, &(struct seen){ 0 }, &err), -1, "%s", bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
		oci_reader_close(&r);
	}
}

Test(rpmmd, primary_stops_at_a_bomb)
{
	static const char text[] = OCI_PRIMARY_ROOT ">" PKG "</metadata>";
	struct oci_reader r = oci_reader_of_memory(text, sizeof(text) - 1);
	auto_err struct oci_err *err = NULL;

	cr_expect_eq(oci_primary_read(&r, "P", 100, see, &(struct seen){ 0 }, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "P: unpacks to more than 100 bytes");
	oci_reader_close(&r);
}

struct listed {
	struct oci_buf files, elements;
};

static bool wanted(void *ctx, const char *pkgid)
{
	(void)ctx;
	return strcmp(pkgid, "b") == 0;
}

static void add_file(void *ctx, struct oci_slice path)
{
	oci_buf_addf(&((struct listed *)ctx)->files, "%.*s;", (int)path.len, path.p);
}

static void add_element(void *ctx, struct oci_slice element)
{
	oci_buf_add(&((struct listed *)ctx)->elements, element.p, element.len);
}

/* More than one chunk of the reader before, between and behind. */
Test(rpmmd, lists_give_wanted_elements_as_they_are_written)
{
	static const struct oci_rpm_list_events events = { wanted, add_file, add_element };
	static const char element[] =
		"<package pkgid=\"b\" name=\"b\"><file>/b&amp;c</file><file type=\"dir\">/d</file></package>";
	auto_buf struct oci_buf text = { 0 };
	struct listed l = { 0 };

	oci_buf_adds(&text, "<filelists>");
	for (int i = 0; i < 20000; i++)
		oci_buf_adds(&text, "<package pkgid=\"a\" name=\"a\"><file>/a</file></package>\n");
	oci_buf_adds(&text, element);
	for (int i = 0; i < 20000; i++)
		oci_buf_adds(&text, "<package pkgid=\"c\" name=\"c\"><file>/c</file></package>\n");
	oci_buf_adds(&text, "</filelists>");
	struct oci_reader r = oci_reader_of_memory(text.data, text.len);

	cr_assert_eq(oci_rpm_list_read(&r, "F", "filelists", text.len, &events, &l, NULL), 0);
	cr_expect_str_eq(oci_buf_text(&l.elements), element);
	cr_expect_str_eq(oci_buf_text(&l.files), "/b&c;/d;");
	oci_reader_close(&r);
	oci_buf_clear(&l.files);
	oci_buf_clear(&l.elements);
}

Test(rpmmd, comps_groups_and_environments)
{
	static const char text[] =
		"<comps><group><id>core</id><name>Core</name><packagelist><packagereq "
		"type=\"mandatory\">bash</packagereq>"
		"<packagereq>vi</packagereq><packagereq type=\"optional\">emacs</packagereq></packagelist></group>"
		"<environment><id>minimal</id><grouplist><groupid>core</groupid></grouplist></environment></comps>";
	static const char *const names[] = { "core", "Core", "minimal" };
	struct oci_reader r = oci_reader_of_memory(text, sizeof(text) - 1);
	auto_rpm_comps struct oci_rpm_comps c = { 0 };

	cr_assert_eq(oci_rpm_comps_read(&c, &r, "C", 10000, NULL), 0);
	oci_reader_close(&r);
	for (size_t i = 0; i < OCI_COUNT(names); i++) {
		auto_strs struct oci_strs members = { 0 };

		cr_expect(oci_rpm_comps_members(&c, names[i], &members));
		cr_expect_eq(members.n, 2, "%s", names[i]);
	}
	cr_expect_not(oci_rpm_comps_members(&c, "other", &(struct oci_strs){ 0 }));
}
