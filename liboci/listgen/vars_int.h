/* What the files of this folder add variables with. */
#ifndef OCI_LISTGEN_VARS_INT_H
#define OCI_LISTGEN_VARS_INT_H

#include "listgen/vars.h"

struct vars_file; /* a file that was read; lives as long as the variables */

int vars_read(struct oci_vars *v, const char *path, struct oci_slice *bytes, struct oci_err **err);
int vars_parse(struct oci_vars *v, const char *path, const struct vars_file **out, const struct oci_yaml **root,
	       struct oci_err **err); /* *root may be NULL */
void vars_add_map(struct oci_vars *v, const struct vars_file *f, const struct oci_yaml *map);
void vars_add_value(struct oci_vars *v, const char *name, const struct oci_val *value);

/* The first of NAME (a folder with all its files), NAME.yml, NAME.yaml, NAME.json that exists in dir; none is fine. */
int vars_add_named(struct oci_vars *v, const char *dir, const char *name, bool folder_first, struct oci_err **err);

#endif
