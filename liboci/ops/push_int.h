/* What the steps of oci-push share: images become parts with an order, then each level of parts is put in one batch. */
#ifndef OCI_OPS_PUSH_INT_H
#define OCI_OPS_PUSH_INT_H

#include "image/layout.h"
#include "image/rename.h"
#include "ops/push.h"
#include "registry/push.h"

/* When a part is put: what it stands on comes first. */
enum { LEVEL_BLOB, LEVEL_MOUNT, LEVEL_MANIFEST, LEVEL_INDEX };

/* A blob or document in one repository, once; the root of an image once for each tag. */
struct push_part {
	struct oci_ref ref; /* where it goes; with a tag only a root */
	struct oci_desc desc;
	unsigned level;
	OCI_VEC(struct push_part *) below; /* what must be there first */
	char *path;			   /* the bytes: a file, or */
	struct oci_buf bytes;		   /* memory */
	const char **mount;		   /* repositories to mount from, NULL-terminated; borrowed strings */
	struct oci_put put;
	struct oci_digest subject; /* of a manifest that refers to another one */
	struct oci_desc referrer;  /* how it is listed there */
	char *label;		   /* for progress */
	bool needed;		   /* some image that is pushed stands on it */
	bool counted;		   /* in what an image sent */
};

struct push_item {
	char *where;	   /* "names.list:3", or NULL */
	char *name;	   /* the full reference, or what the user wrote when it is none */
	struct oci_ref to; /* in the registry */
	struct oci_desc root;
	struct push_part *part;
	bool kept; /* the registry has this digest under this name */
	uint64_t sent;
	bool mounted, pushed; /* some blob was */
	struct oci_err *err;
};

struct push_plan {
	const struct oci_push *what;
	const struct oci_out *out;
	struct oci_layout layout;
	struct oci_platforms platforms;
	struct oci_rename *rename;
	struct oci_client *client;
	char *host, *prefix; /* of --to; prefix NULL without one */
	OCI_VEC(struct push_item *) items;
	struct oci_map parts; /* "REPOSITORY[:TAG]@DIGEST" -> struct push_part */
	struct oci_map blobs; /* digest -> the part that is put first */
};

/* push_list.c: names in the layout, and what they will be called. */
int push_list(struct push_plan *p, struct oci_err **err);
void push_item_fail(struct push_plan *p, struct push_item *item, struct oci_err **err);
void push_item_free(struct push_item *item);

/* push_graph.c: the parts of one image; a sparse index is refused or flattened. */
int push_graph(struct push_plan *p, struct push_item *item, struct oci_err **err);
void push_part_free(void *part);

/* push_referrers.c: remember what refers to what; list it under a tag where the registry does not do that itself. A
 * failure is a warning: what was pushed is whole. */
void push_note_subject(struct push_part *part, const struct oci_manifest *m);
void push_referrers(struct push_plan *p);

/* push_act.c: put everything, level by level, and report. */
void push_act(struct push_plan *p);
void push_report(struct push_plan *p);

#endif
