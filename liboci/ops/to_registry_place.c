#include "ops/to_registry_int.h"

#include "image/present.h"

#include <stdlib.h>

/* One walk: into a repository, out of one layout. */
struct placing {
	struct tr_run *run;
	const struct tr_part *part;
	const char *repository;
	const struct oci_digest *offer_for; /* the root is an index of referrers of this digest; NULL: it is not */
};

static void note_placed(struct tr_run *r, const struct oci_digest *d, const char *repository)
{
	void **at = oci_map_at(&r->placed, OCI_DIGEST(d));

	if (!*at)
		*at = oci_calloc(1, sizeof(struct oci_strs));
	if (!oci_strs_has(*at, repository))
		oci_strs_add(*at, repository);
}

const struct oci_strs *tr_placed(const struct tr_run *r, const struct oci_digest *d)
{
	return oci_map_get(&r->placed, OCI_DIGEST(d));
}

static int place_node(void *ctx, const struct oci_node *node, struct oci_err **err)
{
	const struct placing *p = ctx;
	struct tr_run *r = p->run;
	auto_free char *file = oci_blobs_path(p->part->layout->blobs, &node->desc->digest);

	if (!node->self)
		return oci_store_writer_layer(r->writer, node->desc, file, err);
	if (oci_store_writer_revision(r->writer, node->desc, file, err) < 0)
		return -1;
	note_placed(r, &node->desc->digest, p->repository);
	if (node->self->subject)
		oci_fallback_add(r->fallback, p->repository, node->desc, node->self);
	if (p->offer_for && !node->parent && node->self->is_index)
		oci_fallback_offer(r->fallback, p->repository, p->offer_for, node->desc, node->self);
	return 0;
}

/* Is each platform that was named there? What has none (an artifact) passes. */
static int check_platforms(const struct tr_run *r, const struct tr_job *job, struct oci_err **err)
{
	auto_present struct oci_present present = { 0 };

	for (size_t i = 0; i < job->parts.n; i++)
		if (oci_present_collect(job->parts.v[i].layout, job->parts.v[i].entry, &present, err) < 0)
			return -1;
	return oci_present_match(&present, &r->plan->platforms, err);
}

static int walk_part(struct placing *p, struct oci_err **err)
{
	const struct tr_plan *plan = p->run->plan;
	struct oci_walk walk = { .blobs = p->part->layout->blobs,
				 .platforms = plan->filtered ? &plan->platforms : NULL,
				 .visit = place_node,
				 .ctx = p };

	return oci_graph_walk(&walk, p->part->entry, err);
}

static const char *result_of(const struct oci_store_done *done)
{
	if (done->moved)
		return "moved";
	if (done->copied)
		return "copied";
	return done->linked || done->links ? "linked" : "kept";
}

static int check_tag(const struct tr_run *r, const char *tag, const struct oci_digest *d, struct oci_err **err)
{
	return tag && r->what->keep_tags ? oci_store_writer_keeps(r->writer, tag, d, err) : 0;
}

static bool is_index(const struct tr_job *job)
{
	return oci_media_kind(job->parts.v[0].entry->media_type) == OCI_KIND_INDEX;
}

int tr_place(struct tr_run *r, const struct tr_job *job, const char *repository, const char **result,
	     struct oci_err **err)
{
	const char *tag = job->name ? job->target.tag : NULL;
	struct oci_digest subject;
	bool offer = tag && is_index(job) && oci_fallback_subject(tag, &subject);

	if ((r->plan->filtered && check_platforms(r, job, err) < 0) ||
	    oci_store_writer_begin(r->writer, repository, err) < 0)
		return -1;
	/* The tag of an index of referrers grows, and waits for all that this run brings. */
	if (offer)
		tag = NULL;
	if (check_tag(r, tag, &job->digest, err) < 0)
		return -1;
	for (size_t i = 0; i < job->parts.n; i++) {
		struct placing p = { r, &job->parts.v[i], repository, offer ? &subject : NULL };

		if (walk_part(&p, err) < 0)
			return -1;
	}
	/* A registry may have moved it meanwhile. */
	if (check_tag(r, tag, &job->digest, err) < 0 ||
	    (tag && oci_store_writer_tag(r->writer, tag, &job->digest, err) < 0))
		return -1;
	*result = result_of(oci_store_writer_done(r->writer));
	return 0;
}

static void free_strs(void *p)
{
	oci_strs_clear(p);
	free(p);
}

void tr_run_clear(struct tr_run *r)
{
	oci_fallback_free(r->fallback);
	oci_store_writer_free(r->writer);
	oci_store_close(r->store);
	oci_map_clear_with(&r->placed, free_strs);
}
