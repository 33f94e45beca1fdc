/* Names that kubespray's tasks install as literals, which no table of its own holds. Read off the tasks of its
 * releases: roles/bootstrap-os/tasks, roles/kubernetes/preinstall/tasks; since v2.28 roles/bootstrap_os,
 * roles/system_packages. */
#include "listgen/packages.h"

#include "template/print.h"

/* Releases, told apart by what their variables look like. */
enum era {
	TO_219 = 1,   /* required_pkgs, no NTP */
	V220_224 = 2, /* required_pkgs and ntp_package */
	V225_227 = 4, /* the table pkgs in roles/kubernetes/preinstall */
	SINCE_228 = 8 /* roles/system_packages */
};

static const struct literal {
	const char *package;
	int eras;
	const char *when; /* an expression over facts and variables */
	const char *source;
} literals[] = {
	{ "python3-minimal", TO_219 | V220_224 | V225_227 | SINCE_228, "ansible_os_family == 'Debian'",
	  "roles/bootstrap-os/tasks/debian.yml" },
	{ "dbus", TO_219 | V220_224, "ansible_os_family == 'Debian'", "roles/bootstrap-os/tasks/bootstrap-debian.yml" },
	{ "python3", TO_219 | V220_224 | V225_227 | SINCE_228,
	  "ansible_distribution == 'Fedora' or ansible_os_family == 'Suse'", "roles/bootstrap-os/tasks/fedora.yml" },
	{ "python3-dnf", TO_219 | V220_224 | V225_227 | SINCE_228, "ansible_distribution == 'Fedora'",
	  "roles/bootstrap-os/tasks/fedora.yml" },
	{ "libselinux-python3", TO_219 | V220_224 | V225_227 | SINCE_228, "ansible_distribution == 'Fedora'",
	  "roles/bootstrap-os/tasks/fedora.yml" },
	{ "python3-libdnf5", SINCE_228,
	  "ansible_distribution == 'Fedora' and (ansible_distribution_major_version | int) >= 41",
	  "roles/system_packages/tasks/main.yml" },
	{ "libselinux-python", TO_219 | V220_224 | V225_227,
	  "ansible_os_family == 'RedHat' and ansible_distribution not in ['Fedora', 'Amazon'] and "
	  "(ansible_distribution_major_version | int) < 8",
	  "roles/bootstrap-os/tasks/centos.yml" },
	{ "python3-libselinux", TO_219 | V220_224 | V225_227,
	  "ansible_os_family == 'RedHat' and ansible_distribution not in ['Fedora', 'Amazon'] and "
	  "(ansible_distribution_major_version | int) >= 8",
	  "roles/bootstrap-os/tasks/centos.yml" },
	{ "iproute", V225_227, "ansible_distribution in ['Fedora', 'Amazon']", "roles/bootstrap-os/tasks/fedora.yml" },
	{ "tzdata", V220_224 | V225_227 | SINCE_228, "true",
	  "roles/kubernetes/preinstall/tasks/0081-ntp-configurations.yml" },
	{ "iputils-ping", V220_224 | V225_227, "ansible_os_family == 'Debian'",
	  "roles/kubernetes/preinstall/tasks/0040-verify-settings.yml" },
	{ "iputils", V220_224 | V225_227, "ansible_os_family != 'Debian'",
	  "roles/kubernetes/preinstall/tasks/0040-verify-settings.yml" },
	{ "ceph-common", TO_219 | V220_224 | V225_227, "rbd_provisioner_enabled | default(false) | bool",
	  "roles/bootstrap-os/tasks/main.yml" },
	{ "epel-release", TO_219 | V220_224 | V225_227 | SINCE_228,
	  "epel_enabled | default(false) | bool and ansible_os_family == 'RedHat' and "
	  "ansible_distribution not in ['Fedora', 'Amazon', 'openEuler']",
	  "roles/kubernetes/preinstall/tasks/0070-system-packages.yml" },
};

static enum era era_of(const struct oci_vars *vars)
{
	if (oci_packages_own_role(vars))
		return SINCE_228;
	if (oci_vars_has(vars, "pkgs"))
		return V225_227;
	return oci_vars_has(vars, "ntp_package") ? V220_224 : TO_219;
}

static int holds(struct oci_vars *vars, const struct literal *l, bool *out, struct oci_err **err)
{
	auto_free char *text = oci_printf("{{ %s }}", l->when);
	auto_buf struct oci_buf b = { 0 };
	struct oci_origin *o = oci_arena_alloc(oci_tmpl_arena(oci_vars_engine(vars)), sizeof(*o));

	*o = (struct oci_origin){ .file = "--bootstrap", .name = l->package };
	if (oci_tmpl_text(oci_vars_engine(vars), oci_slice(text), o, &b, err) < 0)
		return -1;
	*out = oci_streq(oci_buf_text(&b), "True");
	return 0;
}

int oci_packages_bootstrap(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err)
{
	enum era era = era_of(vars);

	for (size_t i = 0; i < OCI_COUNT(literals); i++) {
		bool wanted;

		if (!(literals[i].eras & (int)era))
			continue;
		if (holds(vars, &literals[i], &wanted, err) < 0)
			return -1;
		if (wanted)
			oci_rows_add(out, literals[i].package, "bootstrap", literals[i].source, 0);
	}
	return 0;
}
