/* $name and ${name} in texts, as dnf's and apt's configuration have them. */
#ifndef OCI_PKGREPO_EXPAND_H
#define OCI_PKGREPO_EXPAND_H

#include "base/slice.h"

/* value gives a name's value, or NULL: then the text stays as it is. The result is the caller's to free. */
char *oci_expand(const char *text, const char *(*value)(const void *ctx, struct oci_slice name), const void *ctx);

#endif
