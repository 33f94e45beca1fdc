/* Text back to values: "['a', 1]" and "{'k': True}", as Ansible reads back what str() printed;
 * the words of JSON (true, false, null) count, too. */
#ifndef OCI_TEMPLATE_LITERAL_H
#define OCI_TEMPLATE_LITERAL_H

#include "base/buf.h"
#include "template/value.h"

/* NULL when it is no literal; then the text stays a text. */
const struct oci_val *oci_literal_parse(struct oci_arena *a, struct oci_slice text);

/* Undo the escapes of a quoted text (\n, \x41, \u00e9); an unknown one stays as it is. False for one that is broken. */
bool oci_literal_unescape(struct oci_slice text, struct oci_buf *out);

#endif
