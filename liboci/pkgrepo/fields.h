/* Maps of a YAML document into structs: one row a key. Unknown keys and wrong kinds are errors with their place. */
#ifndef OCI_PKGREPO_FIELDS_H
#define OCI_PKGREPO_FIELDS_H

#include "base/err.h"

struct oci_yaml;
struct oci_yaml_doc;

enum oci_yaml_field_kind {
	OCI_YAML_FIELD_STR = 1, /* char * */
	OCI_YAML_FIELD_STRS,	/* struct oci_strs: a list, or one scalar */
	OCI_YAML_FIELD_BOOL,
	OCI_YAML_FIELD_NOT,   /* bool: true when the document says false */
	OCI_YAML_FIELD_INT,   /* int64_t */
	OCI_YAML_FIELD_OTHER, /* allowed, read elsewhere */
};

struct oci_yaml_field {
	const char *key; /* NULL ends the table */
	enum oci_yaml_field_kind kind;
	size_t offset;
};

#define OCI_YAML_STR(key, type, field)                                                                                 \
	{                                                                                                              \
		key, OCI_YAML_FIELD_STR, offsetof(struct type, field)                                                  \
	}
#define OCI_YAML_STRS(key, type, field)                                                                                \
	{                                                                                                              \
		key, OCI_YAML_FIELD_STRS, offsetof(struct type, field)                                                 \
	}
#define OCI_YAML_BOOL(key, type, field)                                                                                \
	{                                                                                                              \
		key, OCI_YAML_FIELD_BOOL, offsetof(struct type, field)                                                 \
	}
#define OCI_YAML_NOT(key, type, field)                                                                                 \
	{                                                                                                              \
		key, OCI_YAML_FIELD_NOT, offsetof(struct type, field)                                                  \
	}
#define OCI_YAML_INT(key, type, field)                                                                                 \
	{                                                                                                              \
		key, OCI_YAML_FIELD_INT, offsetof(struct type, field)                                                  \
	}

int oci_yaml_fields_read(const struct oci_yaml_doc *doc, const struct oci_yaml *map,
			 const struct oci_yaml_field *fields, void *into, struct oci_err **err);
void oci_yaml_fields_clear(const struct oci_yaml_field *fields, void *from); /* frees strings and lists */

#endif
