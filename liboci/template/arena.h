/* Memory that is given back all at once: values and syntax trees live as long as their engine. */
#ifndef OCI_TEMPLATE_ARENA_H
#define OCI_TEMPLATE_ARENA_H

#include "base/auto.h"

struct oci_arena {
	struct oci_arena_chunk *head;
	size_t total; /* bytes handed out, for limits */
};

void *oci_arena_alloc(struct oci_arena *a, size_t n); /* zeroed, aligned for everything */
char *oci_arena_strndup(struct oci_arena *a, const char *s, size_t n);
void oci_arena_clear(struct oci_arena *a);

#define auto_arena OCI_AUTO(oci_arena_clear)

#endif
