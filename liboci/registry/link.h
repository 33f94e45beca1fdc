/* Link headers of paged answers (RFC 8288). */
#ifndef OCI_REGISTRY_LINK_H
#define OCI_REGISTRY_LINK_H

#include "base/auto.h"

/* The target of the link whose rel is "next", as written, or NULL; the caller's to free. */
char *oci_link_next(const char *value);

#endif
