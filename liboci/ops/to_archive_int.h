/* What the parts of oci-to-archive share. */
#ifndef OCI_OPS_TO_ARCHIVE_INT_H
#define OCI_OPS_TO_ARCHIVE_INT_H

#include "image/graph.h"
#include "ops/chosen.h"
#include "ops/to_archive.h"

/* One image as docker load sees it; its blobs are the plan's. */
struct ta_image {
	struct oci_strs tags;
	const struct oci_desc *config;
	OCI_VEC(const struct oci_desc *) layers;
};

struct ta_name {
	char *name;		      /* the full reference */
	const struct oci_desc *entry; /* of the layout */
};

struct ta_plan {
	struct oci_layout layout;
	struct oci_chosen chosen;
	struct oci_platforms platforms;
	bool docker;
	OCI_VEC(struct ta_name) names; /* in the layout's order */
	struct oci_map images;	       /* docker's: digest of the manifest -> struct ta_image */
	struct oci_map blobs;	       /* digest -> struct oci_desc, each once */
	uint64_t bytes;		       /* of all blobs */
};

/* Settle what goes into the archive; nothing is written yet. */
int ta_plan_make(struct ta_plan *p, const struct oci_to_archive *what, struct oci_err **err);
void ta_plan_clear(struct ta_plan *p);

/* to_archive_json.c: index.json and manifest.json, an entry at a time, so that thousands of images need no more memory
 * than one. */
struct ta_json {
	const char *path, *head, *tail;
	size_t n;
	void (*print)(const struct ta_plan *p, size_t i, struct oci_buf *out);
};
struct ta_json ta_index(const struct ta_plan *p);
struct ta_json ta_manifest(const struct ta_plan *p);
/* Part i of 0 to n: an entry with what stands before it, in the end the tail. */
void ta_json_part(const struct ta_plan *p, const struct ta_json *j, size_t i, struct oci_buf *out);

/* Where a blob stands in the archive: "blobs/sha256/HEX"; the caller's to free. */
char *ta_blob_path(const struct oci_digest *d);

#endif
