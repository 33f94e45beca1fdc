/* What is asked for: entries of packages.yaml or of a plain list. */
#ifndef OCI_PKGREPO_WANTS_H
#define OCI_PKGREPO_WANTS_H

#include "base/err.h"
#include "base/vec.h"

struct oci_list;
struct oci_os;

struct oci_want {
	char *text;  /* "curl", "containerd.io=1.6*", "@development", "/usr/bin/nc" */
	char *where; /* "packages.yaml:12:5", "stdin:3", "argument" */
};

struct oci_wants {
	struct oci_want *v;
	size_t n, cap;
};

/* The groups of a packages.yaml that an OS takes: common, its family, its distribution, its release (debian12) and its
 * name, the same below kubespray, and those of `groups` ("tools", "kubespray.extra"); of a group that is a map, the
 * same names inside it. A name of `groups` that is not there is an error. */
int oci_wants_load(struct oci_wants *w, const char *path, const struct oci_os *os, const struct oci_strs *groups,
		   struct oci_err **err);
int oci_wants_parse(struct oci_wants *w, const char *what, const char *text, size_t n, const struct oci_os *os,
		    const struct oci_strs *groups, struct oci_err **err);

void oci_wants_add(struct oci_wants *w, const char *text, const char *where); /* unless it is there */
void oci_wants_add_list(struct oci_wants *w, const struct oci_list *list);
void oci_wants_clear(struct oci_wants *w);

#define auto_wants OCI_AUTO(oci_wants_clear)

#endif
