/* Values as text: as Python's str() and repr() print them, and as JSON. */
#ifndef OCI_TEMPLATE_PRINT_H
#define OCI_TEMPLATE_PRINT_H

#include "base/buf.h"
#include "template/value.h"

void oci_val_print(const struct oci_val *v, struct oci_buf *out); /* str(): a text as it is, True, None, ['a', 1] */
void oci_val_repr(const struct oci_val *v, struct oci_buf *out);  /* repr(): a text in quotes */

struct oci_json_style {
	int indent; /* -1: on one line */
	bool sort_keys;
	const char *comma, *colon;
	bool ascii; /* \uXXXX for all other characters */
};

void oci_val_json(const struct oci_val *v, const struct oci_json_style *style, struct oci_buf *out);

#endif
