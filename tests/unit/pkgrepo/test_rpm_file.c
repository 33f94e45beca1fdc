/* Elements of local .rpm files, next to what createrepo_c writes of the same files. */
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "pkgrepo/rpm_file.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/rpm-file-XXXXXX";

/* Every kind of dependency, of file and of text. */
static const char packages[] =
	"odd 1:2.0-3 x86_64\n"
	"  Requires: /usr/bin/odd\n  Requires: /usr/share/odd/data\n  Requires: odd-virt\n  Requires: odd-virt = 3\n"
	"  Requires: libx >= 1\n  Requires: libx >= 2\n  Requires: libx = 1:0-1\n  Requires(pre): prereq\n"
	"  Requires: libc.so.6(GLIBC_2.2.5)(64bit)\n  Requires: libc.so.6()(64bit)\n"
	"  Requires: libc.so.6(GLIBC_2.34)(64bit)\n  Requires: zlast\n  Requires(post): postreq >= 1:2-3\n"
	"  Requires: (a if b)\n  Requires: config(odd) = 1:2.0-3\n  Provides: odd-virt\n"
	"  Provides: config(odd) = 1:2.0-3\n  Conflicts: bad < 3\n  Obsoletes: old <= 2-1\n  Recommends: rec > 1\n"
	"  Suggests: sug\n  Enhances: enh\n  Supplements: (sup and sup2)\n  URL: http://x/?a=1&b=\"2\"\n"
	"  Vendor: Ven \"d\" <or>\n  Packager: P\xc3\xa4"
	"ck <a&b>\n  Group: Applications/System\n"
	"  File: /usr/bin/odd\n  File: /usr/share/odd/data\n  File: %dir /usr/share/odd\n  File: %dir /etc/odd.d\n"
	"  File: %ghost /var/log/odd\n  File: %config(noreplace) /etc/odd.conf\n  File: /usr/lib/sendmail\n"
	"  File: /usr/libexec/sbin/deep\n"
	"plain 1-1\n";

static const char script[] =
	". tests/lib/rpmrepo.bash && cd \"$BATS_TEST_TMPDIR\" && cat >list && rpmrepo_build up <list && "
	"cd up/x86_64 && touch -d @1577923200 Packages/*.rpm && "
	"createrepo_c -q --no-database . && zcat repodata/*-primary.xml.gz >primary && "
	"zcat repodata/*-filelists.xml.gz >filelists && zcat repodata/*-other.xml.gz >other";

static void make(void)
{
	cr_assert_not_null(mkdtemp(dir));
	auto_free char *tmp = oci_printf("BATS_TEST_TMPDIR=%s", dir);
	auto_buf struct oci_buf said = { 0 };
	int status = 1;

	cr_assert_eq(oci_proc_run(&(struct oci_proc){ .argv = (const char *const[]){ "bash", "-c", script, NULL },
						      .env = (const char *const[]){ tmp, NULL },
						      .input = packages,
						      .input_len = sizeof(packages) - 1,
						      .errors = &said },
				  &status, NULL),
		     0);
	cr_assert_eq(status, 0, "%s", oci_buf_text(&said));
}

static void drop(void)
{
	cr_expect_eq(oci_path_remove_tree(dir, NULL), 0);
}

TestSuite(rpm_file, .init = make, .fini = drop);

static void expect_in(const char *document, const char *element)
{
	auto_free char *path = oci_printf("%s/up/x86_64/%s", dir, document);
	auto_buf struct oci_buf text = { 0 };

	cr_assert_eq(oci_file_read(path, (size_t)1 << 20, &text, NULL), 0);
	cr_expect_not_null(strstr(oci_buf_text(&text), element), "%s:\n%s\nis not in\n%s", document, element,
			   oci_buf_text(&text));
}

static char *path_of(const char *href)
{
	return oci_printf("%s/up/x86_64/%s", dir, href);
}

Test(rpm_file, says_what_createrepo_c_says)
{
	static const char *const hrefs[] = { "Packages/odd-2.0-3.x86_64.rpm", "Packages/plain-1-1.noarch.rpm" };

	for (size_t i = 0; i < OCI_COUNT(hrefs); i++) {
		auto_rpm_file struct oci_rpm_file f = { 0 };
		auto_err struct oci_err *err = NULL;
		auto_free char *path = path_of(hrefs[i]);

		cr_assert_eq(oci_rpm_file_read(path, hrefs[i], &f, &err), 0, "%s", oci_err_text(err));
		expect_in("primary", f.primary);
		expect_in("filelists", f.filelists);
		expect_in("other", f.other);
		cr_expect_str_eq(f.version, i ? "1-1" : "1:2.0-3");
		cr_expect_str_eq(f.arch, i ? "noarch" : "x86_64");
		cr_expect(!f.is_signed);
	}
}

static void expect_refused(const char *path, const char *why)
{
	auto_rpm_file struct oci_rpm_file f = { 0 };
	auto_err struct oci_err *err = NULL;

	cr_expect_eq(oci_rpm_file_read(path, "x.rpm", &f, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), why), "%s", oci_err_text(err));
	cr_expect_not_null(strstr(oci_err_text(err), path), "%s", oci_err_text(err));
}

/* A copy with len bytes, the one at `at` changed. */
static void damage(const char *from, const char *to, size_t at, ssize_t cut)
{
	auto_buf struct oci_buf b = { 0 };

	cr_assert_eq(oci_file_read(from, (size_t)1 << 20, &b, NULL), 0);
	if (at)
		b.data[at] ^= 1;
	cr_assert_eq(oci_file_replace(to, b.data, (size_t)((ssize_t)b.len - cut), NULL), 0);
}

Test(rpm_file, refuses_what_is_no_package)
{
	auto_free char *good = path_of("Packages/plain-1-1.noarch.rpm"), *bad = path_of("bad.rpm"),
		       *none = path_of("none.rpm"), *text = path_of("primary");

	expect_refused(none, "No such file");
	expect_refused(text, "not an .rpm: no header at byte 96");
	damage(good, bad, 0, 10);
	expect_refused(bad, "cut short or changed");
	damage(good, bad, 0, 5000);
	expect_refused(bad, "not an .rpm");
	damage(good, bad, 4504 + 900, 0); /* in the header's own data */
	expect_refused(bad, "damaged, or its header was changed");
}
