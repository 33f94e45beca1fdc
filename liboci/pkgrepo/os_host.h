/* OS descriptions made from a system's own settings instead of a file of ours. */
#ifndef OCI_PKGREPO_OS_HOST_H
#define OCI_PKGREPO_OS_HOST_H

#include "base/err.h"

struct oci_os;

/* From ROOT/etc/apt/sources.list and sources.list.d (.list and deb822 .sources) and ROOT/etc/os-release, or from
 * ROOT/etc/yum.repos.d where there is one. */
int oci_os_host(const char *root, struct oci_os *out, struct oci_err **err);

/* Name, release, output and CPUs of a system of os->family from its os-release. */
int oci_os_release_read(struct oci_os *os, const char *path, struct oci_err **err);

/* The repositories of ROOT/etc/apt/sources.list and ROOT/etc/apt/sources.list.d. */
int oci_os_sources_read(struct oci_os *os, const char *root, struct oci_err **err);

/* From a folder of .repo files: a system's etc/yum.repos.d, or one that they were copied to, with os-release, vars/ and
 * keys beside them. */
int oci_os_repo_dir(const char *dir, struct oci_os *out, struct oci_err **err);

#endif
