/* Borrowed runs of text: parsers look at slices and copy only what they keep. */
#ifndef OCI_BASE_SLICE_H
#define OCI_BASE_SLICE_H

#include "base/auto.h"

#include <string.h>

struct oci_slice {
	const char *p; /* not NUL-terminated */
	size_t len;
};

#define OCI_SLICE(literal) ((struct oci_slice){ (literal), sizeof(literal) - 1 })

static inline struct oci_slice oci_slice(const char *s)
{
	return (struct oci_slice){ s, s ? strlen(s) : 0 };
}

bool oci_slice_eq(struct oci_slice a, const char *s);
bool oci_slice_same(struct oci_slice a, struct oci_slice b);
bool oci_slice_starts(struct oci_slice a, const char *prefix);
struct oci_slice oci_slice_trim(struct oci_slice s); /* without blanks, tabs, CR and LF at both ends */
char *oci_slice_dup(struct oci_slice s);	     /* the caller's to free */

/* Cut at the first c: *head is what stands before it, *rest what follows. Without a c: false, *head is all, *rest is
 * empty. */
bool oci_slice_cut(struct oci_slice s, char c, struct oci_slice *head, struct oci_slice *rest);

/* Take the next line (without LF and CR) off *rest; false at the end. */
bool oci_slice_line(struct oci_slice *rest, struct oci_slice *line);

/* Take the next word (separated by blanks and tabs) off *rest; false when there is none. */
bool oci_slice_word(struct oci_slice *rest, struct oci_slice *word);

/* Decimal digits only, no sign; false when it is empty, not a number or does not fit. */
bool oci_slice_u64(struct oci_slice s, uint64_t *out);

#endif
