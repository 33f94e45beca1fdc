/* Modules of rpm-md repositories: of the streams of a module only one is there to choose from.
 * https://github.com/fedora-modularity/libmodulemd/tree/main/yaml_specs describes the documents. */
#ifndef OCI_PKGREPO_YUM_MODULES_H
#define OCI_PKGREPO_YUM_MODULES_H

#include "pkgrepo/yum_pool.h"

struct oci_rpm_stream {
	char *module, *stream;
	struct oci_strs artifacts; /* "name-epoch:version-release.arch" */
};

struct oci_rpm_modules {
	OCI_VEC(struct oci_rpm_stream) streams; /* a stream may stand here several times: its builds */
	struct oci_map defaults;		/* module -> its default stream, owned */
};

/* Add what a modules.yaml says: documents after one another; those of other kinds are passed over. */
int oci_rpm_modules_parse(struct oci_rpm_modules *m, const char *what, const char *text, size_t n,
			  struct oci_err **err);
void oci_rpm_modules_clear(struct oci_rpm_modules *m);
#define auto_rpm_modules OCI_AUTO(oci_rpm_modules_clear)

/* Hide what dnf would: packages of streams that are neither named by the OS's repositories ("name:stream") nor their
 * module's default, and what stands outside modules under a name that a stream in use has. A stream that is named and
 * not there is an error. Before the pool is ready. */
int oci_yum_modules_apply(struct oci_yum_pool *p, const struct oci_rpm_modules *m, const struct oci_os *os,
			  struct oci_err **err);

#endif
