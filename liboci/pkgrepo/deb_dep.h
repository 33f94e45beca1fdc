/* Relations between packages: "a (>= 1), b | c:any".
 * https://www.debian.org/doc/debian-policy/ch-relationships.html */
#ifndef OCI_PKGREPO_DEB_DEP_H
#define OCI_PKGREPO_DEB_DEP_H

#include "base/err.h"
#include "base/slice.h"

enum { OCI_DEB_LT = 1, OCI_DEB_EQ = 2, OCI_DEB_GT = 4 }; /* any version: 0 */

struct oci_deb_dep {
	struct oci_slice name;
	struct oci_slice arch; /* behind the colon: "any", "native", "amd64"; empty: none */
	struct oci_slice version;
	unsigned op;
	bool more; /* "|" follows: the next one is another way to fulfil the same relation */
};

/* Take the next relation off *rest: 1, 0 at the end, -1 when it is malformed. */
int oci_deb_dep_next(struct oci_slice *rest, struct oci_deb_dep *dep, struct oci_err **err);

#endif
