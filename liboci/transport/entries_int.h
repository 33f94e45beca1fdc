/* The names of a layout's index.json, whether it lies in a folder or in an archive. */
#ifndef OCI_TRANSPORT_ENTRIES_INT_H
#define OCI_TRANSPORT_ENTRIES_INT_H

#include "transport/local_int.h"

#include "base/map.h"

struct oci_entries {
	const char *what;	  /* for messages; borrowed */
	char *only;		  /* the one entry that was asked for (oci:DIR:REF), or NULL */
	const struct oci_desc *v; /* borrowed */
	size_t n;
	struct oci_map by_name;	   /* full reference -> entry */
	struct oci_map by_subject; /* digest -> struct oci_strs of referrers' entries; filled at first need */
	bool subjects_known;
};

/* Take note of n entries. only: the value of a name as it stands there, or a reference; an absent one is OCI_NOTFOUND.
 */
int oci_entries_init(struct oci_entries *e, const char *what, const struct oci_desc *v, size_t n, const char *only,
		     struct oci_err **err);
int oci_entries_names(const struct oci_entries *e, struct oci_strs *out, struct oci_err **err);
int oci_entries_find(const struct oci_entries *e, const struct oci_ref *ref, struct oci_desc *out,
		     struct oci_err **err);
/* The entry that was asked for, or the only one when it has no more than a tag. */
int oci_entries_nameless(const struct oci_entries *e, struct oci_desc *out, struct oci_err **err);
/* Append what refers to w->desc; documents are read through ops. */
int oci_entries_referrers(struct oci_entries *e, const struct oci_local_ops *ops, void *ctx, struct oci_need *w,
			  struct oci_err **err);
void oci_entries_clear(struct oci_entries *e);

#endif
