/* Documents made of named units that list items (comps.xml, updateinfo.xml), cut to the items that are wanted: a unit
 * of which none is left goes, what else stands in a unit stays as it is written. */
#ifndef OCI_PKGREPO_RPMMD_CUT_H
#define OCI_PKGREPO_RPMMD_CUT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/vec.h"

struct oci_rpm_cut_rules {
	const char *root;
	const char *const *units; /* elements below the root, NULL at the end; others go */
	const char *const *lists; /* elements that hold items */
	const char *item;
	/* The key of an item by its attributes, the caller's to free; NULL: the item's text is its key. */
	char *(*key)(const char **atts);
	bool (*keep)(void *ctx, const char *key);
	void *ctx;
};

struct oci_rpm_cut_list {
	char *name;
	size_t end; /* behind its last item, in the unit's text */
	struct oci_strs keys, texts;
};

struct oci_rpm_cut_unit {
	char *kind, *id;
	struct oci_buf text;
	OCI_VEC(struct oci_rpm_cut_list) lists;
};

struct oci_rpm_cut {
	OCI_VEC(struct oci_rpm_cut_unit) units;
};

/* Add what a document has. A unit that is there already (of the same kind and <id>) gets the items that it lacks. */
int oci_rpm_cut_read(struct oci_rpm_cut *c, const struct oci_rpm_cut_rules *rules, const char *what,
		     struct oci_slice text, struct oci_err **err);
void oci_rpm_cut_print(const struct oci_rpm_cut *c, struct oci_buf *out); /* the units, a line break behind each */
void oci_rpm_cut_clear(struct oci_rpm_cut *c);
#define auto_rpm_cut OCI_AUTO(oci_rpm_cut_clear)

#endif
