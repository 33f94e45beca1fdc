/* Lists in order, and the attribute by which a filter looks at their items. */
#ifndef OCI_TEMPLATE_SEQUENCE_INT_H
#define OCI_TEMPLATE_SEQUENCE_INT_H

#include "template/tmpl_int.h"

/* "a.b.0" or a number, from an item; undefined when it has none. */
int oci_seq_attribute(struct oci_tmpl *t, const struct oci_val *item, const struct oci_val *attribute,
		      const struct oci_val **out, struct oci_err **err);

struct oci_seq_order {
	struct oci_tmpl *t;
	const struct oci_val *attribute; /* sort by this, or NULL; "a,b" sorts by both */
	bool case_sensitive, reverse;
};

int oci_seq_sort(struct oci_vals *vs, const struct oci_seq_order *how, struct oci_err **err); /* stable */
const struct oci_val *oci_seq_folded(struct oci_tmpl *t, const struct oci_val *v); /* a text in small letters */

#endif
