/* Python's two ways to put values into a text: "%s" % x and "{}".format(x). */
#ifndef OCI_TEMPLATE_FORMAT_INT_H
#define OCI_TEMPLATE_FORMAT_INT_H

#include "template/tmpl_int.h"

int oci_format_percent(struct oci_tmpl *t, const struct oci_val *format, const struct oci_val *args,
		       const struct oci_val **out, struct oci_err **err);

struct oci_args;
int oci_format_braces(struct oci_tmpl *t, const struct oci_val *format, const struct oci_args *args,
		      const struct oci_val **out, struct oci_err **err);

#endif
