/* What the entries of a list ask the solver for. */
#ifndef OCI_PKGREPO_ASKS_H
#define OCI_PKGREPO_ASKS_H

#include "pkgrepo/wants.h"

#include <solv/pooltypes.h>
#include <solv/queue.h>

struct oci_ask {
	char *text, *where; /* for messages */
	Queue one_of;	    /* packages that can fulfil it */
	Id dep;		    /* not 0: the solver looks for whoever fulfils this; yum: where this wants one of them */
};

struct oci_asks {
	struct oci_ask *v;
	size_t n, cap;
};

struct oci_ask *oci_asks_add(struct oci_asks *asks, const struct oci_want *w); /* for no package yet */
void oci_asks_clear(struct oci_asks *asks);
#define auto_asks OCI_AUTO(oci_asks_clear)

#endif
