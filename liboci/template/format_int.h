/* Python's two ways to put values into a text: "%s" % x and "{}".format(x). */
#ifndef OCI_TEMPLATE_FORMAT_INT_H
#define OCI_TEMPLATE_FORMAT_INT_H

#include "template/tmpl_int.h"

int oci_format_percent(struct oci_tmpl *t, const struct oci_val *format, const struct oci_val *args,
		       const struct oci_val **out, struct oci_err **err);

struct oci_args;
int oci_format_braces(struct oci_tmpl *t, const struct oci_val *format, const struct oci_args *args,
		      const struct oci_val **out, struct oci_err **err);

#define OCI_SPEC_WIDTH_MAX 10000

/* How one value is to be written. */
struct oci_spec {
	char fill, align; /* align 0: by kind of value */
	bool plus, space, zero, alternate, comma;
	int64_t width, precision; /* precision -1: none */
	char type;		  /* 0: none */
};

int oci_spec_add(struct oci_buf *out, const struct oci_val *v, const struct oci_spec *s, struct oci_err **err);

#endif
