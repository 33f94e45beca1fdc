/* The OS packages that a kubespray release installs on one system, from its own tables. */
#ifndef OCI_LISTGEN_PACKAGES_H
#define OCI_LISTGEN_PACKAGES_H

#include "listgen/rows.h"

/* The names' place and form changed: required_pkgs up to v2.24; the table `pkgs` with families and
 * distributions in v2.25 and v2.26; with conditions in v2.27; in a role of its own, system_packages, since v2.28. */
int oci_packages_list(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err);

bool oci_packages_own_role(const struct oci_vars *vars); /* is the table in system_packages, as since v2.28? */

/* What the tasks install by name and no table holds: see bootstrap.c. Both only append: sort afterwards. */
int oci_packages_bootstrap(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err);

#endif
