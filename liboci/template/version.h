/* Versions in the orders that Ansible's version test knows. */
#ifndef OCI_TEMPLATE_VERSION_H
#define OCI_TEMPLATE_VERSION_H

#include "base/err.h"
#include "base/slice.h"

enum oci_version_order {
	OCI_VERSION_LOOSE,  /* part by part, numbers as numbers; a number beside a word has no order */
	OCI_VERSION_STRICT, /* 1.2 or 1.2.3, perhaps with a1 or b1 */
	OCI_VERSION_SEMVER, /* https://semver.org/spec/v2.0.0.html */
	OCI_VERSION_PEP440, /* https://peps.python.org/pep-0440/ */
};

/* *order is <0, 0 or >0. */
int oci_version_compare(enum oci_version_order kind, struct oci_slice a, struct oci_slice b, int *order,
			struct oci_err **err);

#endif
