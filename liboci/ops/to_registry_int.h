/* What the parts of oci-to-registry share: the plan, and the run that carries it out. */
#ifndef OCI_OPS_TO_REGISTRY_INT_H
#define OCI_OPS_TO_REGISTRY_INT_H

#include "image/graph.h"
#include "image/rename.h"
#include "ops/chosen.h"
#include "ops/to_registry.h"
#include "storage/fallback.h"
#include "storage/writer.h"

/* An entry of a layout that one name stands for; several layouts may each hold some platforms of it. */
struct tr_part {
	const struct oci_layout *layout;
	const struct oci_desc *entry;
};

struct tr_job {
	char *name;	       /* the full reference, as printed; NULL for a referrer without one */
	struct oci_ref target; /* where it goes: repository, tag, digest (no host) */
	struct oci_digest digest;
	OCI_VEC(struct tr_part) parts;
	bool waits;		   /* comes along only when what it refers to does */
	struct oci_digest subject; /* with waits */
	bool done;
};

struct tr_plan {
	struct oci_layout *layouts;
	size_t n_layouts;
	OCI_VEC(struct tr_job *) jobs; /* in order of output */
	struct oci_map by_name;	       /* name -> job */
	struct oci_platforms platforms;
	bool filtered; /* platforms were named */
	struct oci_rename *map;
	struct oci_chosen chosen;
};

/* Open the layouts and settle which images go where. Images that cannot be placed are added to failures; two that claim
 * one tag fail the plan. */
int tr_plan_make(struct tr_plan *p, const struct oci_to_registry *what, struct oci_failures *failures,
		 struct oci_err **err);
void tr_plan_clear(struct tr_plan *p);

struct tr_run {
	const struct oci_to_registry *what;
	const struct tr_plan *plan;
	struct oci_store *store;
	struct oci_store_writer *writer;
	struct oci_fallback *fallback;
	struct oci_map placed; /* digest of a manifest or index -> struct oci_strs of repositories */
};

/* Place one job in a repository; *result is "linked", "copied", "kept" or "moved". */
int tr_place(struct tr_run *r, const struct tr_job *job, const char *repository, const char **result,
	     struct oci_err **err);
/* Repositories that got a digest in this run, or NULL. */
const struct oci_strs *tr_placed(const struct tr_run *r, const struct oci_digest *d);
void tr_run_clear(struct tr_run *r);

#endif
