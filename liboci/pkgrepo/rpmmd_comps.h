/* comps.xml: groups of packages, and environments, which are groups of groups. */
#ifndef OCI_PKGREPO_RPMMD_COMPS_H
#define OCI_PKGREPO_RPMMD_COMPS_H

#include "base/err.h"
#include "base/vec.h"

struct oci_reader;

struct oci_rpm_group {
	char *id, *name;
	struct oci_strs packages; /* mandatory and default ones; conditional ones as "(NAME if OTHER)" */
	struct oci_strs groups;	  /* of an environment: those that it always has */
};

struct oci_rpm_comps {
	OCI_VEC(struct oci_rpm_group) groups;
};

/* Add what a document says; groups of one id are joined. */
int oci_rpm_comps_read(struct oci_rpm_comps *c, struct oci_reader *r, const char *what, uint64_t max,
		       struct oci_err **err);
/* Packages of the groups and environments of this id or name, or where there is none of those that the pattern fits,
 * capital letters or not; false when nothing does. */
bool oci_rpm_comps_members(const struct oci_rpm_comps *c, const char *pattern, struct oci_strs *out);
char *oci_rpm_comps_names(const struct oci_rpm_comps *c); /* ids, "a, b, c"; the caller's to free */
void oci_rpm_comps_clear(struct oci_rpm_comps *c);
#define auto_rpm_comps OCI_AUTO(oci_rpm_comps_clear)

#endif
