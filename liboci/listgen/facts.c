#include "listgen/facts.h"

#include "base/path.h"
#include "base/yaml.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/utsname.h>

#define MAX_FILE ((size_t)1 << 20)

/* Systems by the letters of their short name. */
static const struct family {
	const char *word, *distribution, *os_family, *pkg_mgr;
	int minor; /* so many digits at the end of the short name's number are the part behind the point: 2204 is 22.04
		    */
} families[] = {
	{ "debian", "Debian", "Debian", "apt", 0 },
	{ "ubuntu", "Ubuntu", "Debian", "apt", 2 },
	{ "centos", "CentOS", "RedHat", "dnf", 0 },
	{ "rocky", "Rocky", "RedHat", "dnf", 0 },
	{ "centosstream", "CentOS", "RedHat", "dnf", 0 },
	{ "alma", "AlmaLinux", "RedHat", "dnf", 0 },
	{ "almalinux", "AlmaLinux", "RedHat", "dnf", 0 },
	{ "rhel", "RedHat", "RedHat", "dnf", 0 },
	{ "redhat", "RedHat", "RedHat", "dnf", 0 },
	{ "ol", "OracleLinux", "RedHat", "dnf", 0 },
	{ "oraclelinux", "OracleLinux", "RedHat", "dnf", 0 },
	{ "fedora", "Fedora", "RedHat", "dnf", 0 },
	{ "openeuler", "openEuler", "RedHat", "dnf", 2 },
	{ "amazon", "Amazon", "RedHat", "dnf", 0 },
	{ "anolis", "Anolis", "RedHat", "dnf", 0 },
	{ "kylin", "Kylin Linux Advanced Server", "RedHat", "dnf", 0 },
	{ "uniontech", "UnionTech", "RedHat", "dnf", 0 },
	{ "opensuse", "openSUSE Leap", "Suse", "zypper", 1 },
	{ "sles", "SLES", "Suse", "zypper", 1 },
};

/* Where the newest point release matters to file names and conditions, and the code name that goes with it. */
static const struct {
	const char *name, *version, *release, *pkg_mgr;
} releases[] = {
	{ "debian10", "10.13", "buster", NULL },
	{ "debian11", "11.11", "bullseye", NULL },
	{ "debian12", "12.11", "bookworm", NULL },
	{ "debian13", "13.0", "trixie", NULL },
	{ "ubuntu1804", "18.04", "bionic", NULL },
	{ "ubuntu2004", "20.04", "focal", NULL },
	{ "ubuntu2204", "22.04", "jammy", NULL },
	{ "ubuntu2404", "24.04", "noble", NULL },
	{ "centos7", "7.9", "Core", "yum" },
	{ "rocky8", "8.10", "Green Obsidian", NULL },
	{ "rocky9", "9.6", "Blue Onyx", NULL },
	{ "almalinux9", "9.6", "Sage Margay", NULL },
	{ "openeuler2203", "22.03", "LTS-SP3", NULL },
	{ "amazon2023", "2023", "NA", NULL },
	{ "fedora40", "40", "", NULL },
};

static const char *const arches[][3] = { { "amd64", "x86_64", "x86_64" }, { "arm64", "aarch64", "aarch64" },
					 { "arm", "armv7l", "armhf" },	  { "ppc64le", "ppc64le", "ppc64le" },
					 { "s390x", "s390x", "s390x" },	  { "riscv64", "riscv64", "riscv64" } };

int oci_facts_set_arch(struct oci_facts *f, const char *arch, struct oci_err **err)
{
	struct utsname host;

	if (!arch && uname(&host) == 0)
		arch = host.machine;
	for (size_t i = 0; i < OCI_COUNT(arches); i++) {
		for (int k = 0; k < 3; k++) {
			if (oci_streq(arch, arches[i][k])) {
				free(f->architecture);
				f->architecture = oci_strdup(arches[i][1]);
				return 0;
			}
		}
	}
	return oci_fail(err, OCI_USAGE,
			"--arch %s: no such CPU; amd64 and arm64 are known, and arm, ppc64le, s390x, riscv64", arch);
}

const char *oci_facts_arch(const struct oci_facts *f)
{
	for (size_t i = 0; i < OCI_COUNT(arches); i++)
		if (oci_streq(f->architecture, arches[i][1]))
			return arches[i][0];
	return f->architecture;
}

void oci_facts_clear(struct oci_facts *f)
{
	free(f->architecture);
	free(f->distribution);
	free(f->version);
	free(f->major_version);
	free(f->release);
	free(f->os_family);
	free(f->pkg_mgr);
	*f = (struct oci_facts){ 0 };
}

static void put(char **to, const char *text)
{
	if (!text)
		return;
	free(*to);
	*to = oci_strdup(text);
}

static void set_version(struct oci_facts *f, const char *version)
{
	put(&f->version, version);
	free(f->major_version);
	f->major_version = oci_strndup(version, strcspn(version, "."));
}

static const struct family *find_family(const char *word, size_t n)
{
	for (size_t i = 0; i < OCI_COUNT(families); i++)
		if (strlen(families[i].word) == n && strncasecmp(families[i].word, word, n) == 0)
			return &families[i];
	return NULL;
}

static void take_family(struct oci_facts *f, const struct family *family)
{
	put(&f->distribution, family->distribution);
	put(&f->os_family, family->os_family);
	put(&f->pkg_mgr, family->pkg_mgr);
	put(&f->release, "");
}

/* debian12, ubuntu2204: letters, then a number that may hide a point. */
static int set_named(struct oci_facts *f, const char *os, struct oci_err **err)
{
	size_t letters = strcspn(os, "0123456789"), digits = strlen(os + letters);
	const struct family *family = find_family(os, letters);
	auto_free char *version = NULL;

	if (!family || !digits || strspn(os + letters, "0123456789.") != digits)
		return oci_fail(err, OCI_USAGE,
				"--os %s: no such system; known are debian11, ubuntu2204, rocky9, fedora40 and the "
				"like, or a file of facts",
				os);
	take_family(f, family);
	if (family->minor && digits > (size_t)family->minor + 1 && !strchr(os, '.'))
		version = oci_printf("%.*s.%s", (int)digits - family->minor, os + letters,
				     os + strlen(os) - family->minor);
	else
		version = oci_strdup(os + letters);
	set_version(f, version);
	for (size_t i = 0; i < OCI_COUNT(releases); i++) {
		if (oci_streq(releases[i].name, os)) {
			set_version(f, releases[i].version);
			put(&f->release, releases[i].release);
			put(&f->pkg_mgr, releases[i].pkg_mgr);
		}
	}
	return 0;
}

static const char *fact_of(const struct oci_yaml *map, const char *name)
{
	auto_free char *full = oci_printf("ansible_%s", name);
	const struct oci_yaml *inner = oci_yaml_get(map, "ansible_facts");
	const char *value = oci_yaml_str(map, full);

	if (!value && inner)
		value = oci_yaml_str(inner, full) ?: oci_yaml_str(inner, name);
	return value;
}

/* repo-pack's description names the distribution in small letters and the release by its number. */
static int set_described(struct oci_facts *f, const char *path, const struct oci_yaml *map, struct oci_err **err)
{
	const char *distribution = oci_yaml_str(map, "distribution"), *release = oci_yaml_str(map, "release");
	const struct family *family = distribution ? find_family(distribution, strlen(distribution)) : NULL;

	if (!distribution || !release)
		return oci_fail(
			err, OCI_BADINPUT,
			"%s: neither facts (ansible_distribution, ansible_os_family) nor distribution and release",
			path);
	if (family) {
		auto_free char *name = oci_strdup(oci_yaml_str(map, "name") ?: "");
		auto_err struct oci_err *unknown = NULL;

		take_family(f, family);
		if (set_named(f, name, &unknown) == 0 && strncmp(f->version, release, strlen(release)) == 0)
			release = f->version;
	} else {
		put(&f->distribution, distribution);
		put(&f->os_family, oci_streq(oci_yaml_str(map, "family"), "apt") ? "Debian" : "RedHat");
		put(&f->pkg_mgr, oci_streq(oci_yaml_str(map, "family"), "apt") ? "apt" : "dnf");
	}
	auto_free char *version = oci_strdup(release);

	set_version(f, version);
	put(&f->release, oci_yaml_str(map, "codename"));
	return 0;
}

static int set_from_file(struct oci_facts *f, const char *path, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;

	if (oci_yaml_load(path, MAX_FILE, &doc, err) < 0)
		return -1;
	const struct oci_yaml *map = oci_yaml_root(doc);
	const char *distribution = fact_of(map, "distribution");

	if (!distribution)
		return set_described(f, path, map, err);
	put(&f->distribution, distribution);
	put(&f->release, fact_of(map, "distribution_release"));
	put(&f->os_family, fact_of(map, "os_family") ?: "");
	put(&f->pkg_mgr, fact_of(map, "pkg_mgr"));
	set_version(f, fact_of(map, "distribution_version") ?: fact_of(map, "distribution_major_version") ?: "");
	put(&f->major_version, fact_of(map, "distribution_major_version"));
	return 0;
}

int oci_facts_set_os(struct oci_facts *f, const char *os, struct oci_err **err)
{
	if (!os)
		os = "debian12";
	if (strpbrk(os, "/.") && oci_path_exists(os))
		return set_from_file(f, os, err);
	return set_named(f, os, err);
}

void oci_facts_each(const struct oci_facts *f, void (*fn)(void *ctx, const char *name, const struct oci_val *v),
		    void *ctx, struct oci_arena *arena)
{
	const char *const texts[][2] = {
		{ "architecture", f->architecture },
		{ "machine", f->architecture },
		{ "userspace_architecture", f->architecture },
		{ "distribution", f->distribution },
		{ "distribution_version", f->version },
		{ "distribution_major_version", f->major_version },
		{ "distribution_release", f->release },
		{ "os_family", f->os_family },
		{ "pkg_mgr", f->pkg_mgr },
		{ "system", "Linux" },
		{ "kernel", "5.15.0" },
		{ "service_mgr", "systemd" },
		{ "hostname", "node1" },
		{ "fqdn", "node1" },
		{ "nodename", "node1" },
		{ "user_id", "root" },
		{ "virtualization_type", "kvm" },
		{ "virtualization_role", "guest" },
		{ "python_version", "3.11.2" },
	};
	const struct oci_val *python[] = { oci_val_text(arena, "version"), NULL };
	const struct oci_val *version[] = { oci_val_text(arena, "major"), oci_val_int(arena, 3),
					    oci_val_text(arena, "minor"), oci_val_int(arena, 11) };
	const struct oci_val *address[] = { oci_val_text(arena, "address"), oci_val_text(arena, "192.0.2.1"),
					    oci_val_text(arena, "interface"), oci_val_text(arena, "eth0") };

	for (size_t i = 0; i < OCI_COUNT(texts); i++)
		if (texts[i][1])
			fn(ctx, texts[i][0], oci_val_text(arena, texts[i][1]));
	python[1] = oci_val_map(arena, &(struct oci_vals){ version, 4, 4 });
	fn(ctx, "python", oci_val_map(arena, &(struct oci_vals){ python, 2, 2 }));
	fn(ctx, "default_ipv4", oci_val_map(arena, &(struct oci_vals){ address, 4, 4 }));
	fn(ctx, "memtotal_mb", oci_val_int(arena, 4096));
	fn(ctx, "processor_vcpus", oci_val_int(arena, 2));
	fn(ctx, "processor_cores", oci_val_int(arena, 2));
	fn(ctx, "processor_count", oci_val_int(arena, 1));
}
