/* What stands in a repository's metadata beside the packages' own entries: groups, modules, advisories. */
#ifndef OCI_PKGREPO_YUM_EXTRA_H
#define OCI_PKGREPO_YUM_EXTRA_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

struct oci_repo_result;

/* One file of repodata, not yet packed. */
struct oci_yum_doc {
	const char *type; /* "primary", "group", "modules", "updateinfo": what repomd.xml calls it */
	const char *name; /* "primary.xml", "comps.xml": what the file's name ends in before it is packed */
	bool plain;	  /* is not packed: comps for old readers */
	struct oci_buf text;
};

struct oci_yum_docs {
	struct oci_yum_doc *v;
	size_t n, cap;
};

/* Add what the repositories of a result say besides, cut to the packages that were taken. */
int oci_yum_extra_add(const struct oci_repo_result *result, struct oci_yum_docs *docs, struct oci_err **err);

#endif
