/* Modules of rpm-md repositories: of the streams of a module only one is there to choose from.
 * https://github.com/fedora-modularity/libmodulemd/tree/main/yaml_specs describes the documents. */
#ifndef OCI_PKGREPO_YUM_MODULES_H
#define OCI_PKGREPO_YUM_MODULES_H

#include "base/slice.h"
#include "pkgrepo/yum_pool.h"

struct oci_buf;

/* What a stream requires of another module. */
struct oci_rpm_need {
	char *module;
	struct oci_strs streams; /* that will do; empty: any */
};

struct oci_rpm_stream {
	char *module, *stream;
	struct oci_strs artifacts; /* "name-epoch:version-release.arch" */
	OCI_VEC(struct oci_rpm_need) needs;
};

struct oci_rpm_modules {
	OCI_VEC(struct oci_rpm_stream) streams; /* a stream may stand here several times: its builds */
	struct oci_map defaults;		/* module -> its default stream, owned */
};

/* A document of a modules.yaml, without what parts it from others; it may be blank. */
typedef int oci_rpm_modules_fn(void *ctx, const char *what, struct oci_slice text, struct oci_err **err);

int oci_rpm_modules_each(const char *what, const char *text, size_t n, oci_rpm_modules_fn *fn, void *ctx,
			 struct oci_err **err);

/* Add what one document says; those of other kinds are passed over. */
int oci_rpm_modules_take(struct oci_rpm_modules *m, const char *what, struct oci_slice text, struct oci_err **err);

/* Add what a modules.yaml says. */
int oci_rpm_modules_parse(struct oci_rpm_modules *m, const char *what, const char *text, size_t n,
			  struct oci_err **err);
void oci_rpm_modules_clear(struct oci_rpm_modules *m);
#define auto_rpm_modules OCI_AUTO(oci_rpm_modules_clear)

/* Add to chosen (module -> stream, borrowed from m) the streams that chosen ones require, where none of their module is
 * chosen yet, and what these require. */
void oci_rpm_modules_need(const struct oci_rpm_modules *m, struct oci_map *chosen);

/* Hide what dnf would: packages of streams that are neither named by the OS's repositories ("name:stream") nor their
 * module's default nor required by such a one, and what outside modules provides a name that a stream in use has. A
 * stream that is named and cannot be had is an error. Before the pool is ready. */
int oci_yum_modules_apply(struct oci_yum_pool *p, const struct oci_rpm_modules *m, const struct oci_os *os,
			  struct oci_err **err);

/* Add to out what a modules.yaml says of the streams that packages were taken from, and of those that they require:
 * have holds these packages as artifacts are called, and the lists of artifacts are cut to them. Such a stream becomes
 * its module's default, so that a node takes the packages without more ado. */
int oci_rpm_modules_cut(const char *what, const char *text, size_t n, const struct oci_map *have, struct oci_buf *out,
			struct oci_err **err);

#endif
