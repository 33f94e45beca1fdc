#include "base/path.h"
#include "pkgrepo/os.h"
#include "pkgrepo/os_host.h"
#include "root.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(repo_dir, .init = root_make, .fini = root_drop);

static int read_dir(const char *name, struct oci_os *os, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(root, name);

	return oci_os_repo_dir(dir, os, err);
}

Test(repo_dir, reads_a_systems_own)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("etc/os-release", "ID=\"rocky\"\nVERSION_ID=\"9.4\"\nPLATFORM_ID=\"platform:el9\"\n");
	root_put("etc/dnf/vars/contentdir", "pub/rocky\n");
	root_put("etc/dnf/vars/rltype", "\n");
	root_put("etc/pki/rpm-gpg/KEY-9", "a key");
	root_put("etc/yum.repos.d/a.repo",
		 "# comment\n[baseos]\nname=Base "
		 "$releasever\nmirrorlist=https://m/?arch=$basearch&repo=B-$releasever$rltype\n"
		 "#baseurl=http://dl/$contentdir\ngpgcheck=1\nenabled=1\ngpgkey=file:///etc/pki/rpm-gpg/"
		 "KEY-$releasever\n\n"
		 "[extra]\nbaseurl = http://h/${contentdir}/x/ , http://second/\n   http://third/\nenabled = "
		 "No\nrepo_gpgcheck=1\n"
		 "priority=10\nexclude=kernel*, foo\n bar\nincludepkgs=a b\nmodule_hotfixes=True\ncost=500\n");
	root_put("etc/yum.repos.d/ignored.txt", "[no");
	cr_assert_eq(oci_os_host(root, &os, &err), 0, "%s", oci_err_text(err));
	cr_expect_str_eq(os.name, "rocky9");
	cr_expect_str_eq(os.release, "9");
	cr_expect_str_eq(os.output, "rocky/9/os");
	cr_expect_eq(os.family, OCI_OS_YUM);
	cr_assert_eq(os.repos.n, 2);
	auto_free char *key = oci_path_join(root, "etc/pki/rpm-gpg/KEY-9");
	const struct oci_os_repo *base = &os.repos.v[0], *extra = &os.repos.v[1];

	cr_expect_str_eq(base->mirrorlist, "https://m/?arch=$basearch&repo=B-$releasever");
	cr_expect_null(base->baseurl);
	cr_expect_str_eq(base->keys.v[0], key);
	cr_expect_eq(base->verify, OCI_VERIFY_PACKAGES);
	cr_expect(!base->trusted && !base->disabled);
	cr_expect_str_eq(extra->baseurl, "http://h/pub/rocky/x/ http://second/ http://third/");
	cr_expect(extra->disabled);
	cr_expect_eq(extra->verify, OCI_VERIFY_SIGNED);
	cr_expect_eq(extra->priority, 10);
	cr_assert_eq(extra->exclude.n, 3);
	cr_expect_str_eq(extra->exclude.v[2], "bar");
	cr_expect_eq(extra->include.n, 2);
	cr_expect(extra->module_hotfixes && !base->module_hotfixes);
	cr_expect_eq(extra->cost, 500);
}

Test(repo_dir, reads_a_folder_copied_from_elsewhere)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("alma8/RPM-KEY", "a key");
	root_put("alma8/vars/site", "far\n");
	root_put("alma8/a.repo", "[a]\nbaseurl=http://h/$site/$releasever/\ngpgkey=https://h/keys/RPM-KEY\n"
				 "[b]\nbaseurl=http://h/\ngpgcheck=0\nrepo_gpgcheck=1\ngpgkey=file:///etc/RPM-KEY\n"
				 "[c]\nbaseurl=http://h/\ngpgcheck=0\n");
	cr_assert_eq(read_dir("alma8", &os, &err), 0, "%s", oci_err_text(err));
	auto_free char *key = oci_path_join(root, "alma8/RPM-KEY");

	cr_expect_str_eq(os.distribution, "alma");
	cr_expect_str_eq(os.release, "8");
	cr_expect_str_eq(os.repos.v[0].baseurl, "http://h/far/$releasever/");
	cr_expect_str_eq(os.repos.v[0].keys.v[0], key);
	cr_expect_str_eq(os.repos.v[1].keys.v[0], key);
	cr_expect_eq(os.repos.v[1].verify, OCI_VERIFY_SIGNED);
	cr_expect(!os.repos.v[1].trusted && os.repos.v[1].unsigned_packages && !os.repos.v[0].unsigned_packages);
	cr_expect(os.repos.v[2].trusted);
}

Test(repo_dir, says_what_is_wrong_and_where)
{
	static const char *const bad[][2] = {
		{ "", "no .repo files with repositories" },
		{ "[a]\nnonsense\n", "a.repo:2: neither [id] nor key=value" },
		{ "[a]\nname=x\n[b]\n", "a.repo:1: [a] has none of baseurl, mirrorlist and metalink" },
		{ "[a]\nbaseurl=http://h/\n", "a.repo:1: [a] has no gpgkey; name its key, or say gpgcheck=0" },
		{ "[a]\nbaseurl=http://h/\ngpgkey=https://h/KEY\n", "/x/KEY; save it there" },
		{ "[a]\nbaseurl=http://h/\ngpgcheck=0\n[a]\n", "a.repo:4: [a] stands in this folder twice" },
		{ "[a]\nbaseurl=http://h/$releasever\ngpgcheck=0\n", "[a] uses $releasever, and nothing says which" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_os struct oci_os os = { 0 };
		auto_err struct oci_err *err = NULL;

		root_put("x/a.repo", bad[i][0]);
		cr_expect_eq(read_dir("x", &os, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}
