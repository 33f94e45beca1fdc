#include "base/path.h"
#include "pkgrepo/os.h"
#include "pkgrepo/os_host.h"
#include "root.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void make(void)
{
	root_make();
	root_put("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n");
}

TestSuite(os_sources, .init = make, .fini = root_drop);

static void expect_key(const struct oci_os_repo *r, const char *name)
{
	auto_free char *path = oci_path_join(root, name);

	cr_assert_eq(r->keys.n, 1);
	cr_expect_str_eq(r->keys.v[0], path);
}

Test(os_sources, lines)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("etc/apt/trusted.gpg.d/own.asc", "key");
	root_put("etc/apt/sources.list",
		 "# deb http://none x main\n"
		 "deb http://h/debian bookworm main contrib # and a comment\n"
		 "deb-src http://h/debian bookworm main\n"
		 "deb [ arch=amd64,arm64 signed-by=/k/a.gpg check-valid-until=no ] copy:/srv/x stable a\n"
		 "deb [trusted=true] http://flat ./\n");
	root_put("etc/apt/sources.list.d/a.list.save", "deb garbage");
	cr_assert_eq(oci_os_host(root, &os, &err), 0, "%s", oci_err_text(err));
	cr_expect_str_eq(os.name, "debian12");
	cr_expect_str_eq(os.codename, "bookworm");
	cr_assert_eq(os.repos.n, 3);
	const struct oci_os_repo *r = os.repos.v;

	cr_expect_str_eq(r[0].id, "sources.list-2");
	cr_expect_eq(r[0].components.n, 2);
	expect_key(&r[0], "etc/apt/trusted.gpg.d/own.asc");
	cr_expect(!r[0].any_age && !r[0].trusted);
	cr_expect_str_eq(r[1].url, "file:/srv/x");
	cr_expect_eq(r[1].arches.n, 2);
	cr_expect(r[1].any_age);
	expect_key(&r[1], "k/a.gpg");
	cr_expect_str_eq(r[2].flat, "./");
	cr_expect(r[2].trusted && !r[2].suites.n);
}

Test(os_sources, stanzas)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("etc/apt/sources.list.d/a.sources",
		 "# of the installer\n\n"
		 "Types: deb deb-src\nURIs: http://one http://two\nSuites: s s-updates\n"
		 "Components:\n main\n# no\n contrib\nSigned-By: /k\n"
		 "Check-Valid-Until: off\n\n"
		 "#Types: deb\n#URIs: http://commented\n\n"
		 "types: deb\nuris: http://off\nsuites: s\ncomponents: m\nenabled: false\n\n"
		 "Types: deb-src\nURIs: http://src\nSuites: s\nComponents: m\n");
	cr_assert_eq(oci_os_host(root, &os, &err), 0, "%s", oci_err_text(err));
	cr_assert_eq(os.repos.n, 2);
	cr_expect_str_eq(os.repos.v[0].url, "http://one");
	cr_expect_str_eq(os.repos.v[1].url, "http://two");
	cr_expect_eq(os.repos.v[1].suites.n, 2);
	cr_assert_eq(os.repos.v[1].components.n, 2);
	cr_expect_str_eq(os.repos.v[1].components.v[1], "contrib");
	cr_expect(os.repos.v[1].any_age);
	expect_key(&os.repos.v[1], "k");
}

Test(os_sources, flat_folders_are_repositories_of_their_own)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("etc/apt/sources.list.d/a.sources",
		 "Types: deb\nURIs: http://h\nSuites: one/ s two/\nComponents: main\nTrusted: yes\n");
	cr_assert_eq(oci_os_host(root, &os, &err), 0, "%s", oci_err_text(err));
	cr_assert_eq(os.repos.n, 3);
	cr_expect_str_eq(os.repos.v[0].flat, "one/");
	cr_expect_str_eq(os.repos.v[1].flat, "two/");
	cr_expect_null(os.repos.v[2].flat);
	cr_expect_eq(os.repos.v[2].suites.n, 1);
}

Test(os_sources, a_key_inside_and_a_list_of_mirrors)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("etc/apt/mirrors/debian.list",
		 "# best first\nhttps://best/debian\tpriority:1\nhttps://other/debian\n");
	root_put("etc/apt/sources.list.d/a.sources",
		 "Types: deb\nURIs: mirror+file:///etc/apt/mirrors/debian.list\nSuites: s\nComponents: "
		 "main\nSigned-By:\n"
		 " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQ==\n -----END PGP PUBLIC KEY BLOCK-----\n");
	cr_assert_eq(oci_os_host(root, &os, &err), 0, "%s", oci_err_text(err));
	cr_assert_eq(os.repos.n, 1);
	cr_expect_str_eq(os.repos.v[0].url, "https://best/debian");
	cr_assert_eq(os.repos.v[0].keys.n, 1);
	cr_expect_str_eq(os.repos.v[0].keys.v[0],
			 "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n");
}

Test(os_sources, a_stanza_without_suites_is_told)
{
	auto_os struct oci_os os = { 0 };
	auto_err struct oci_err *err = NULL;

	root_put("etc/apt/sources.list.d/a.sources", "Types: deb\nURIs: http://h\nSuites: s\nComponents: m\n\n"
						     "Types: deb\nURIs: http://h\nComponents: m\n");
	cr_assert_eq(oci_os_host(root, &os, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "a.sources:2: not a source: no suite"), "%s", oci_err_text(err));
}

Test(os_sources, what_cannot_be_used_is_told)
{
	static const char *const bad[][2] = {
		{ "deb cdrom:[Debian 12]/ bookworm main\n", "sources.list:1: a CD cannot be fetched from" },
		{ "\ndeb http://h\n", "sources.list:2: not a source" },
		{ "deb http://h b\n", "sources.list:1: not a source: no component" },
		{ "deb mirror+file:/none b main\n", "none: No such file" },
		{ "# nothing\n", "no sources" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_os struct oci_os os = { 0 };
		auto_err struct oci_err *err = NULL;

		root_put("etc/apt/sources.list", bad[i][0]);
		cr_assert_eq(oci_os_host(root, &os, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}
