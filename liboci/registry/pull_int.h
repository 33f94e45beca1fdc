/* The kinds of wants that take more than one answer. */
#ifndef OCI_REGISTRY_PULL_INT_H
#define OCI_REGISTRY_PULL_INT_H

#include "base/json.h"
#include "base/vec.h"
#include "registry/client_int.h"
#include "registry/pull.h"

/* A want while it is worked on. */
struct pull {
	struct oci_client *c;
	struct server *server;
	struct oci_want *w;
	/* paged answers */
	char *url;
	unsigned pages;
	json_t *found; /* an index that grows */
};

void pull_end(struct pull *p, struct oci_err **err); /* gives the outcome to the want's owner; frees p */
struct call *pull_call(struct pull *p, const char *url);
void pull_note(struct pull *p, const struct oci_response *r);				  /* counts, media type */
char *pull_next_page(struct pull *p, const struct oci_response *r, struct oci_err **err); /* NULL: the last one */

void tags_start(struct pull *p);
void referrers_start(struct pull *p);

#endif
