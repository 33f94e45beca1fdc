#include "pkgrepo/want_cpu.h"

#include "pkgrepo/yum_pool.h"

static bool apt_takes(const char *cpu, const char *word)
{
	return oci_streq(word, "all") || oci_streq(word, "any") || oci_streq(word, "noarch") ||
	       oci_streq(oci_os_arch(OCI_OS_APT, word), cpu);
}

/* Can a system of this CPU have packages of what the word says? */
static bool takes(enum oci_os_family family, const char *cpu, const char *word)
{
	const char *native = oci_os_arch(family, word);

	if (family == OCI_OS_APT)
		return apt_takes(cpu, word);
	return oci_yum_cpu_takes(cpu, native ? native : word);
}

enum oci_want_cpu oci_want_cpu(enum oci_os_family family, const char *word, const char *cpu, const struct oci_strs *all)
{
	if (takes(family, cpu, word))
		return OCI_CPU_OURS;
	for (size_t i = 0; all && i < all->n; i++) {
		const char *other = oci_os_arch(family, all->v[i]);

		if (other && takes(family, other, word))
			return OCI_CPU_ANOTHERS;
	}
	return oci_os_arch(family, word) ? OCI_CPU_NOBODYS : OCI_CPU_NONE;
}

int oci_want_cpu_local(enum oci_os_family family, const char *path, const char *word, const char *cpu,
		       const struct oci_strs *all, struct oci_err **err)
{
	enum oci_want_cpu whose = oci_want_cpu(family, word, cpu, all);

	if (whose == OCI_CPU_OURS || whose == OCI_CPU_ANOTHERS)
		return whose == OCI_CPU_OURS;
	return oci_fail(err, OCI_BADINPUT, "--with %s: for the CPU \"%s\", which is not made here; see --arch", path,
			word);
}
