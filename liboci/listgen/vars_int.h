/* What the files of this folder add variables with. */
#ifndef OCI_LISTGEN_VARS_INT_H
#define OCI_LISTGEN_VARS_INT_H

#include "base/buf.h"
#include "listgen/vars.h"

/* A file that was read; lives as long as the variables. */
struct vars_file {
	char *path;
	struct oci_buf bytes;
	struct oci_yaml_doc *doc;
	bool extra; /* given by -e @FILE */
};

int vars_read(struct oci_vars *v, const char *path, struct oci_slice *bytes, struct oci_err **err);
int vars_parse(struct oci_vars *v, const char *path, const struct vars_file **out, const struct oci_yaml **root,
	       struct oci_err **err); /* *root may be NULL */
struct vars_file *vars_file_new(struct oci_vars *v, const char *path, bool extra);
int vars_add_file(struct oci_vars *v, const char *path, bool extra, struct oci_err **err);
int vars_add_document(struct oci_vars *v, struct vars_file *f, struct oci_err **err); /* of f->bytes */
void vars_add_map(struct oci_vars *v, const struct vars_file *f, const struct oci_yaml *map);
void vars_add_value(struct oci_vars *v, const char *name, const struct oci_val *value, bool extra);

/* The first of NAME (a folder with all its files), NAME.yml, NAME.yaml, NAME.json that exists in dir; none is fine. */
int vars_add_named(struct oci_vars *v, const char *dir, const char *name, bool folder_first, struct oci_err **err);

#endif
