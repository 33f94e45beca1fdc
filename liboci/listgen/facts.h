/* The facts of a host that Ansible would gather, made up for a CPU and an operating system. */
#ifndef OCI_LISTGEN_FACTS_H
#define OCI_LISTGEN_FACTS_H

#include "base/yaml.h"
#include "template/value.h"

/* What is known of an operating system, in the words of Ansible's setup module. */
struct oci_facts {
	char *architecture;  /* x86_64, aarch64 */
	char *distribution;  /* Debian, Rocky, openEuler */
	char *version;	     /* 12.11, 9.6, 22.03 */
	char *major_version; /* 12, 9, 22 */
	char *release;	     /* bookworm, Blue Onyx */
	char *os_family;     /* Debian, RedHat, Suse */
	char *pkg_mgr;	     /* apt, dnf, yum */
	bool arch_given;

	struct oci_yaml_doc *doc;    /* the file of facts, or NULL */
	const struct oci_yaml *more; /* all that it says, below ansible_facts or at its top */
};

/* arch: amd64, arm64 and Ansible's own names for them (OCI_USAGE for none); NULL: this machine's. */
int oci_facts_set_arch(struct oci_facts *f, const char *arch, struct oci_err **err);
const char *oci_facts_arch(const struct oci_facts *f); /* as images name it: amd64, arm64, … */

/* os: a name (debian12, ubuntu2204, rocky9, openeuler2203, …), or a file: facts ("ansible_distribution": …, or
 * "distribution" with "os_family"; its CPU counts when none was given), or the description of a system as repo-pack
 * takes it (distribution: debian, release: "12"). NULL: a plain Debian. */
int oci_facts_set_os(struct oci_facts *f, const char *os, struct oci_err **err);
void oci_facts_clear(struct oci_facts *f);

#define auto_facts OCI_AUTO(oci_facts_clear)

/* Calls back for each fact by its name without "ansible_": all the above, what a file says, and the sensible rest. */
void oci_facts_each(const struct oci_facts *f, void (*fn)(void *ctx, const char *name, const struct oci_val *v),
		    void *ctx, struct oci_arena *arena);

#endif
