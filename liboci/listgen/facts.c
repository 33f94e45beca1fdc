#include "listgen/facts.h"

#include "base/path.h"
#include "template/data.h"

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

	f->arch_given = arch != NULL;
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
	oci_yaml_free(f->doc);
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

/* The facts of a file, as Ansible's setup and its caches write them, or as its variable ansible_facts has them. */
static const struct oci_yaml *facts_in(const struct oci_yaml *map)
{
	const struct oci_yaml *inner = oci_yaml_get(map, "ansible_facts");

	if (inner)
		return inner;
	return oci_yaml_str(map, "ansible_distribution") ||
			       (oci_yaml_str(map, "distribution") && oci_yaml_str(map, "os_family"))
		       ? map
		       : NULL;
}

static const char *fact_of(const struct oci_yaml *facts, const char *name)
{
	auto_free char *full = oci_printf("ansible_%s", name);

	return oci_yaml_str(facts, full) ?: oci_yaml_str(facts, name);
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
	const struct oci_yaml *facts = facts_in(oci_yaml_root(doc));
	const char *distribution = facts ? fact_of(facts, "distribution") : NULL;

	if (!distribution)
		return set_described(f, path, oci_yaml_root(doc), err);
	put(&f->distribution, distribution);
	put(&f->release, fact_of(facts, "distribution_release"));
	put(&f->os_family, fact_of(facts, "os_family") ?: "");
	put(&f->pkg_mgr, fact_of(facts, "pkg_mgr"));
	set_version(f, fact_of(facts, "distribution_version") ?: fact_of(facts, "distribution_major_version") ?: "");
	put(&f->major_version, fact_of(facts, "distribution_major_version"));
	if (!f->arch_given)
		put(&f->architecture, fact_of(facts, "architecture"));
	oci_yaml_free(f->doc);
	f->doc = oci_steal(&doc);
	f->more = facts;
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

static void set(struct oci_vals *pairs, struct oci_arena *a, const char *name, const struct oci_val *v)
{
	oci_vals_set(pairs, oci_val_text(a, name), v);
}

static void set_usual(const struct oci_facts *f, struct oci_vals *pairs, struct oci_arena *arena)
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
			set(pairs, arena, texts[i][0], oci_val_text(arena, texts[i][1]));
	python[1] = oci_val_map(arena, &(struct oci_vals){ version, 4, 4 });
	set(pairs, arena, "python", oci_val_map(arena, &(struct oci_vals){ python, 2, 2 }));
	set(pairs, arena, "default_ipv4", oci_val_map(arena, &(struct oci_vals){ address, 4, 4 }));
	set(pairs, arena, "memtotal_mb", oci_val_int(arena, 4096));
	set(pairs, arena, "processor_vcpus", oci_val_int(arena, 2));
	set(pairs, arena, "processor_cores", oci_val_int(arena, 2));
	set(pairs, arena, "processor_count", oci_val_int(arena, 1));
}

static bool is_settled(const char *name)
{
	static const char *const settled[] = { "architecture", "machine", "userspace_architecture",
					       "distribution_version", "distribution_major_version" };

	for (size_t i = 0; i < OCI_COUNT(settled); i++)
		if (oci_streq(name, settled[i]))
			return true;
	return false;
}

/* --arch decides over the file's CPU, and a version is a text however it is written there. */
static void set_more(const struct oci_facts *f, struct oci_vals *pairs, struct oci_arena *arena)
{
	struct oci_data d = { .arena = arena, .doc = f->doc, .name = "facts" };

	for (size_t i = 0; f->more && f->more->kind == OCI_YAML_MAP && i < f->more->n; i++) {
		const char *name = f->more->items[2 * i]->text;
		const struct oci_val *v;

		name += oci_starts(name, "ansible_") ? strlen("ansible_") : 0;
		if (!is_settled(name) && oci_data_of_yaml(&d, f->more->items[2 * i + 1], &v, NULL) == 0)
			set(pairs, arena, name, v);
	}
}

void oci_facts_each(const struct oci_facts *f, void (*fn)(void *ctx, const char *name, const struct oci_val *v),
		    void *ctx, struct oci_arena *arena)
{
	auto_vals struct oci_vals pairs = { 0 };

	set_usual(f, &pairs, arena);
	set_more(f, &pairs, arena);
	for (size_t i = 0; i < pairs.n; i += 2)
		fn(ctx, pairs.v[i]->text, pairs.v[i + 1]);
}
