/* Python's regular expressions, through PCRE2: the two agree on all that variable files use. */
#ifndef OCI_TEMPLATE_REGEX_H
#define OCI_TEMPLATE_REGEX_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct oci_regex;

enum { OCI_REGEX_IGNORECASE = 1, OCI_REGEX_MULTILINE = 2 };

int oci_regex_new(struct oci_regex **out, struct oci_slice pattern, unsigned flags, struct oci_err **err);
void oci_regex_freep(struct oci_regex **re);
#define auto_regex OCI_AUTO(oci_regex_freep)

/* Look for a match from an offset on; *found tells. anchored: only right there. A pattern that takes too many steps is
 * an error. */
int oci_regex_find(struct oci_regex *re, struct oci_slice text, size_t from, bool anchored, bool *found,
		   struct oci_err **err);

/* Of the last match: a group's text (0: all of it); false when there is no such group or it took no part. */
bool oci_regex_group(const struct oci_regex *re, size_t i, struct oci_slice *out);
size_t oci_regex_groups(const struct oci_regex *re);			/* number of groups in the pattern */
int oci_regex_named(const struct oci_regex *re, struct oci_slice name); /* a group's number; -1 */

/* As re.sub(): \1 and \g<name> in the replacement; count 0 replaces all. */
int oci_regex_replace(struct oci_regex *re, struct oci_slice text, struct oci_slice with, size_t count,
		      struct oci_buf *out, struct oci_err **err);

#endif
