#include "listgen/facts.h"

#include <criterion/criterion.h>
#include <string.h>

Test(facts, knows_systems_by_short_names)
{
	static const char *const rows[][5] = {
		{ "debian12", "Debian", "12", "12.11", "Debian" },
		{ "ubuntu2204", "Ubuntu", "22", "22.04", "Debian" },
		{ "centos7", "CentOS", "7", "7.9", "RedHat" },
		{ "openeuler2203", "openEuler", "22", "22.03", "RedHat" },
		{ "amazon2023", "Amazon", "2023", "2023", "RedHat" },
		{ "almalinux9", "AlmaLinux", "9", "9.6", "RedHat" },
		{ "ubuntu2610", "Ubuntu", "26", "26.10", "Debian" },
		{ "opensuse155", "openSUSE Leap", "15", "15.5", "Suse" },
		{ "rocky10", "Rocky", "10", "10", "RedHat" },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_facts struct oci_facts f = { 0 };

		cr_assert_eq(oci_facts_set_os(&f, rows[i][0], NULL), 0, "%s", rows[i][0]);
		cr_expect_str_eq(f.distribution, rows[i][1]);
		cr_expect_str_eq(f.major_version, rows[i][2]);
		cr_expect_str_eq(f.version, rows[i][3]);
		cr_expect_str_eq(f.os_family, rows[i][4]);
	}
}

Test(facts, knows_cpus_by_either_name)
{
	static const char *const rows[][3] = { { "amd64", "x86_64", "amd64" },
					       { "aarch64", "aarch64", "arm64" },
					       { "arm64", "aarch64", "arm64" } };

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_facts struct oci_facts f = { 0 };

		cr_assert_eq(oci_facts_set_arch(&f, rows[i][0], NULL), 0);
		cr_expect_str_eq(f.architecture, rows[i][1]);
		cr_expect_str_eq(oci_facts_arch(&f), rows[i][2]);
	}
}
