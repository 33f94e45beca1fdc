/* A kubespray checkout (or only its variable files in their places), or variable files by name, as variables. */
#ifndef OCI_LISTGEN_TREE_H
#define OCI_LISTGEN_TREE_H

#include "listgen/vars.h"

struct oci_tree {
	const char *kubespray;	      /* the checkout, or NULL */
	const struct oci_strs *files; /* without a checkout: variable files, the later one wins */
	const char *inventory;	      /* a folder, or a file with group_vars beside it, or NULL */
	struct oci_strs *unread;      /* gets what of the inventory says nothing of a node in every group */
	const struct oci_strs *extra; /* -e, in order */
	const struct oci_facts *facts;
	bool packages; /* also the roles that install the system's packages */
};

int oci_tree_open(const struct oci_tree *tree, struct oci_vars **out, struct oci_err **err);

/* A role's folder under the names that it has had; the caller's to free. NULL when the checkout has none. */
char *oci_tree_role(const char *kubespray, const char *role);

#endif
