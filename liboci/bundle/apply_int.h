/* The state of one oci_apply_run. */
#ifndef OCI_BUNDLE_APPLY_INT_H
#define OCI_BUNDLE_APPLY_INT_H

#include "base/map.h"
#include "bundle/apply.h"
#include "bundle/tree.h"
#include "digest/hasher.h"
#include "digest/sumfile.h"

/* What a seal says of one path. */
struct oci_apply_said {
	const struct oci_claim *claim;
	uint32_t seal; /* in seals */
	uint8_t sha256[32];
};

struct oci_apply_sums {
	struct oci_strs seals; /* SHA256SUMS.d/NAME of those that came */
	OCI_VEC(struct oci_apply_said) said;
	size_t seal; /* the one that passes by */
	struct oci_sum_lines lines;
};

struct oci_apply_run {
	struct oci_apply *a;
	struct oci_tree tree;
	struct oci_hasher *hasher;
	unsigned layer;		/* the current one, from 1 */
	bool links_only;	/* the second reading of a layer, for its hard links */
	struct oci_map waiting; /* path that must come -> struct oci_strs of hard links to it */
	struct oci_map again;	/* the same, for data that has passed by in the current layer */
	struct oci_map aliases; /* a hard link that passed by unused -> its target; of the current layer */
	struct oci_apply_sums sums;
};

bool oci_apply_selects(const struct oci_apply *a, const char *path);
/* Write a member under path and remember its content's digest. tar gives a FILE's data. */
int oci_apply_emit(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e, const char *path,
		   struct oci_err **err);

/* A visible hard link, which has its claim: link it now, or let it wait for its target. */
int oci_apply_link(struct oci_apply_run *r, const char *path, const char *target, struct oci_err **err);
/* path has come: so do the links that wait for it. */
int oci_apply_arrived(struct oci_apply_run *r, const char *path, struct oci_err **err);
/* A member that the tree has no use for: unless hard links wait for its data. */
int oci_apply_unseen(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e, const char *path,
		     struct oci_err **err);
/* At the end of the bottom layer: nothing waits any more? */
int oci_apply_links_end(const struct oci_apply_run *r, struct oci_err **err);
void oci_apply_links_clear(struct oci_map *waiting);

/* Note what a SHA256SUMS.d file says as it passes; data comes in runs. */
bool oci_apply_is_sums(const char *path);
bool oci_apply_sums_has(const struct oci_apply_sums *s, const char *path);
void oci_apply_sums_begin(struct oci_apply_run *r, const char *path);
int oci_apply_sums_add(struct oci_apply_run *r, const void *data, size_t n, struct oci_err **err);
int oci_apply_sums_end(struct oci_apply_run *r, struct oci_err **err);
int oci_apply_sums_check(struct oci_apply_run *r, struct oci_err **err); /* behind the last layer */
void oci_apply_sums_clear(struct oci_apply_sums *s);

#endif
