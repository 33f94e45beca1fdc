#include "pkgrepo/asks.h"

#include <stdlib.h>

struct oci_ask *oci_asks_add(struct oci_asks *asks, const struct oci_want *w)
{
	struct oci_ask *a = oci_vec_push(asks);

	a->text = oci_strdup(w->text);
	a->where = oci_strdup(w->where);
	queue_init(&a->one_of);
	return a;
}

void oci_asks_clear(struct oci_asks *asks)
{
	for (size_t i = 0; i < asks->n; i++) {
		free(asks->v[i].text);
		free(asks->v[i].where);
		queue_free(&asks->v[i].one_of);
	}
	free(asks->v);
	*asks = (struct oci_asks){ 0 };
}
