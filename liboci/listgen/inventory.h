/* An inventory's say: the variables of its groups, in Ansible's order, for a node that is in each of kubespray's
 * groups. */
#ifndef OCI_LISTGEN_INVENTORY_H
#define OCI_LISTGEN_INVENTORY_H

#include "listgen/vars.h"

/* The sections [GROUP:vars] of an INI inventory; path is for messages. */
int oci_inventory_add_ini(struct oci_vars *v, const char *path, struct oci_slice text, struct oci_err **err);

/* inventory: a file (INI or YAML), or a folder that holds one. Its groups' own variables come first, then those of the
 * folder group_vars beside it. What is there and says nothing of such a node (host_vars, other groups) is named in
 * *unread, each by its path. */
int oci_inventory_add(struct oci_vars *v, const char *inventory, struct oci_strs *unread, struct oci_err **err);

#endif
