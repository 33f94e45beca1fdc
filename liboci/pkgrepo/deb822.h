/* Debian control data: stanzas of "Name: value" fields, parsed in place.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#syntax-of-control-files */
#ifndef OCI_PKGREPO_DEB822_H
#define OCI_PKGREPO_DEB822_H

#include "base/slice.h"

struct oci_field822 {
	struct oci_slice name;
	struct oci_slice value; /* outer blanks cut off; continuation lines, with their line ends, included */
	struct oci_slice whole; /* from the name to the end of its last line, the newline included */
};

/* Take the next stanza, without the blank lines around it, off *rest; false at the end. Comment lines stay in it. */
bool oci_stanza_next(struct oci_slice *rest, struct oci_slice *stanza);

/* Take the next field off *stanza; false at its end. A line that is no field, no comment and no continuation comes as a
 * field with an empty name. */
bool oci_stanza_field(struct oci_slice *stanza, struct oci_field822 *field);

/* The value of a field (its name in any case), empty when it is absent. */
struct oci_slice oci_stanza_get(struct oci_slice stanza, const char *name);

bool oci_field_is(struct oci_slice name, const char *want); /* in any case */

#endif
