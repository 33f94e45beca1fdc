/* Values out of documents: YAML with the types of YAML 1.1 that Ansible knows, and JSON. */
#ifndef OCI_TEMPLATE_DATA_H
#define OCI_TEMPLATE_DATA_H

#include "base/json.h"
#include "base/yaml.h"
#include "template/value.h"

/* A node as a value. Texts with template marks become raw and remember where they stand; what is tagged !unsafe never
 * is. name is the variable that it belongs to, source the file's bytes (for places; may be empty). Both documents and
 * bytes must outlive the value. */
struct oci_data {
	struct oci_arena *arena;
	const struct oci_yaml_doc *doc;
	const char *name;
	struct oci_slice source;
};

int oci_data_of_yaml(const struct oci_data *d, const struct oci_yaml *node, const struct oci_val **out,
		     struct oci_err **err);
const struct oci_val *oci_data_of_json(struct oci_arena *a, const json_t *json);
const struct oci_val *oci_data_of_scalar(struct oci_arena *a,
					 struct oci_slice plain); /* a plain scalar: 1.5, yes, ~, text */

/* A text that is to be rendered when it holds {{, {% or {#. */
const struct oci_val *oci_data_template(struct oci_arena *a, struct oci_slice text, const struct oci_origin *origin);

#endif
