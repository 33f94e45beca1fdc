/* What the steps of oci-fetch share: the list becomes items, items become a graph of parts, and missing parts are
 * fetched. The steps in their order: list, resolve, graph, extras, verify, totals, act, report. */
#ifndef OCI_OPS_FETCH_INT_H
#define OCI_OPS_FETCH_INT_H

#include "base/list.h"
#include "image/layout.h"
#include "image/rename.h"
#include "ops/fetch.h"
#include "ops/lockfile.h"

struct fetch_plan;
struct fetch_part;

/* One image to fetch: a line of the list, or something that refers to an image. */
struct fetch_item {
	char *where;			 /* "images.list:12", for messages */
	char *text;			 /* the line as the user wrote it */
	struct oci_ref from;		 /* where it is looked up */
	struct oci_ref to;		 /* where it stands in the layout */
	struct oci_strs names;		 /* its names there: by tag, by digest, or both */
	const struct oci_source *source; /* that has it; NULL while none was found to */
	bool any_platform;		 /* take it whatever platform it is for */
	struct oci_desc root;		 /* what from stands for */
	struct fetch_part *part;	 /* root in the graph */
	struct oci_desc entry;		 /* what stands in the layout: root, or what --flatten made of it */
	uint64_t bytes;			 /* of all its parts */
	bool changed;			 /* a name or part of it was not in the layout before */
	struct fetch_item *parent;	 /* of a referrer; NULL */
	struct oci_err *err;
};

#define PART_USERS                                                                                                     \
	8 /* repositories that are tried for one part: more would be no use, and cost time with many images */

/* A manifest, index, config or layer: once, however many images share it. */
struct fetch_part {
	struct oci_desc desc;
	struct fetch_item *users[PART_USERS]; /* images of distinct repositories that it can be had from */
	size_t n_users, tried;
	bool document; /* a manifest or index */
	bool loaded;   /* m, or platform, is there */
	bool had;      /* whole in the layout before this run */
	bool have;     /* whole in the layout now */
	bool counted;  /* in the totals */
	struct oci_manifest m;
	struct oci_platform platform; /* of a config that was read; os NULL: none is named */
	unsigned seen;		      /* number of the last walk that met it */
	struct oci_err *err;
};

struct fetch_totals {
	uint64_t unique;  /* bytes of all parts */
	uint64_t missing; /* bytes that must come */
	uint64_t partial; /* bytes of those that are here from an earlier run */
	uint64_t blobs;	  /* parts that must come */
	uint64_t pulls;	  /* manifests asked of registries: what pull quotas count */
	uint64_t space;	  /* bytes that the file system must still take */
	uint64_t free;	  /* bytes that it can take */
};

struct fetch_plan {
	const struct oci_fetch *what;
	const struct oci_out *out;
	struct oci_platforms platforms;
	OCI_VEC(struct oci_source) sources;
	struct oci_layout layout;  /* open; of an absent folder in a dry run: empty, without blobs */
	struct oci_rename *rename; /* NULL without --map */
	struct oci_image_lock lock;
	OCI_VEC(struct fetch_item *) items;
	struct oci_map parts; /* digest -> struct fetch_part */
	struct fetch_totals totals;
	unsigned walks;
};

/* fetch_list.c: the list, or everything the sources hold, into items; a bad line is an item with an error. */
int fetch_list(struct fetch_plan *p, struct oci_err **err);
struct fetch_item *fetch_item_new(struct fetch_plan *p, const char *where, const char *text);
void fetch_item_free(struct fetch_item *item);

/* fetch_resolve.c: what each item stands for now (no manifest is read yet), and what the lock says about that. */
void fetch_resolve(struct fetch_plan *p, size_t first_item);

/* fetch_graph.c: read manifests from the items' roots downwards, level by level. */
void fetch_graph(struct fetch_plan *p, size_t first_item);

/* Call back for each part that an item needs, once, children first. A part that could not be read, -1 of the callback
 * and what makes the item unusable (nested too deep, a platform it lacks) end the walk with an error. visit may be
 * NULL. */
typedef int fetch_part_fn(void *ctx, struct fetch_part *part, struct oci_err **err);
int fetch_walk(struct fetch_plan *p, struct fetch_item *item, fetch_part_fn *visit, void *ctx, struct oci_err **err);

/* fetch_part.c */
struct fetch_part *fetch_part_at(struct fetch_plan *p, const struct oci_desc *desc, struct fetch_item *user);
void fetch_part_free(void *part);
/* Read documents and configs: from the layout, else from the sources (and keep them, unless in a dry run). */
void fetch_load(struct fetch_plan *p, struct fetch_part **parts, size_t n);
/* The layout has it damaged: say why, and let it be fetched again. */
void fetch_part_drop(struct fetch_plan *p, struct fetch_part *part, const struct oci_err *why);
/* Bring blobs into the layout; each that fails in one repository is tried in the next. */
void fetch_blobs(struct fetch_plan *p, struct fetch_part **parts, size_t n);

/* fetch_select.c: which children of an index are wanted. */
void fetch_select(const struct oci_manifest *index, const struct oci_platforms *platforms, bool any, bool *want);
/* The platforms of an image that were met on a walk, and whether they are what is wanted. */
struct fetch_seen {
	OCI_VEC(struct oci_platform) v;
	bool any; /* something is there that is for no platform in particular */
};
void fetch_seen_add(struct fetch_seen *s, const struct oci_platform *platform);
int fetch_seen_check(const struct fetch_seen *s, const struct oci_platforms *platforms, struct oci_err **err);
void fetch_seen_clear(struct fetch_seen *s);

/* fetch_extras.c: with --referrers, items for what refers to the items there are. */
void fetch_extras(struct fetch_plan *p);

/* fetch_verify.c: with --verify, hash what the layout has of the items; what is damaged is missing from then on. */
void fetch_verify(struct fetch_plan *p);

/* fetch_totals.c: what is to be done, said to the user; fails when it cannot fit. */
int fetch_totals(struct fetch_plan *p, struct oci_err **err);

/* fetch_act.c: fetch blobs, give whole images their names. */
int fetch_act(struct fetch_plan *p, struct oci_err **err);

/* fetch_report.c */
void fetch_report(struct fetch_plan *p);
int fetch_save_lock(struct fetch_plan *p, struct oci_err **err);
int fetch_failures(struct fetch_plan *p,
		   struct oci_err **err); /* 0 without any, else -1 with all of them in one error */

/* Record why an item failed: "images.list:12: NAME: …". err is taken. */
void fetch_item_fail(struct fetch_plan *p, struct fetch_item *item, struct oci_err **err);

#define auto_seen OCI_AUTO(fetch_seen_clear)

#endif
