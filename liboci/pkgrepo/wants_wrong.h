/* Wants that cannot be had, each with its reason: all of them become one error. */
#ifndef OCI_PKGREPO_WANTS_WRONG_H
#define OCI_PKGREPO_WANTS_WRONG_H

#include "base/buf.h"
#include "pkgrepo/wants.h"

struct oci_wants_wrong {
	struct oci_buf lines;
	size_t n;
};

void oci_wants_wrong_add(struct oci_wants_wrong *wrong, const struct oci_want *w, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What either family says. near: names like it, "" when there are none. */
void oci_wants_wrong_name(struct oci_wants_wrong *wrong, const struct oci_want *w, const char *near);
void oci_wants_wrong_cpu(struct oci_wants_wrong *wrong, const struct oci_want *w);
void oci_wants_wrong_lock(struct oci_wants_wrong *wrong, const struct oci_want *w);

/* 0 when there are none, else -1 with all of them. They are gone then. */
int oci_wants_wrong_end(struct oci_wants_wrong *wrong, struct oci_err **err);

#endif
