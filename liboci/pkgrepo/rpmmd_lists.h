/* filelists.xml and other.xml: what a repository says of its packages beside primary. */
#ifndef OCI_PKGREPO_RPMMD_LISTS_H
#define OCI_PKGREPO_RPMMD_LISTS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/stream.h"

struct oci_rpm_list_events {
	/* A package begins; false: nothing more of it is wanted. */
	bool (*package)(void *ctx, const char *pkgid);
	void (*file)(void *ctx, struct oci_slice path);	      /* of it; NULL: none are wanted */
	void (*element)(void *ctx, struct oci_slice element); /* all of it, as it is written; NULL: not wanted */
};

/* max: more bytes are an error. root: "filelists" or "otherdata". */
int oci_rpm_list_read(struct oci_reader *r, const char *what, const char *root, uint64_t max,
		      const struct oci_rpm_list_events *events, void *ctx, struct oci_err **err);

#endif
