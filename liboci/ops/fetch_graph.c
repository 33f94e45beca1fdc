/* The graph of what the items need: read level by level, each level in one batch, then walked item by item. */
#include "ops/fetch_int.h"

#include "digest/verify.h"

#include <stdlib.h>

/* One item's way to one document, or to a config that says for which platform it is. */
struct visit {
	struct fetch_part *part;
	struct fetch_item *item;
	unsigned depth;
	bool has_platform; /* an index entry has said it */
};

struct visits {
	struct visit *v;
	size_t n, cap;
};

static void add_visit(struct visits *next, const struct visit *from, struct fetch_part *part, bool has_platform)
{
	*oci_vec_push(next) = (struct visit){ part, from->item, from->depth + 1, has_platform };
}

static void expand_index(struct fetch_plan *p, const struct visit *v, struct visits *next)
{
	const struct oci_manifest *m = &v->part->m;
	auto_free bool *want = oci_calloc(m->children.n + 1, sizeof(bool));

	fetch_select(m, &p->platforms, v->item->any_platform, want);
	for (size_t i = 0; i < m->children.n; i++) {
		const struct oci_desc *child = &m->children.v[i];

		if (!want[i])
			continue;
		struct fetch_part *part = fetch_part_at(p, child, v->item);

		if (oci_media_is_document(child->media_type)) {
			part->document = true;
			add_visit(next, v, part, v->has_platform || child->has_platform);
		}
	}
}

static void expand_manifest(struct fetch_plan *p, const struct visit *v, struct visits *next)
{
	const struct oci_manifest *m = &v->part->m;
	struct fetch_part *config = fetch_part_at(p, &m->config, v->item);

	for (size_t i = 0; i < m->children.n; i++)
		fetch_part_at(p, &m->children.v[i], v->item);
	if (!v->has_platform && !p->platforms.all && !v->item->any_platform && oci_manifest_is_image(m))
		add_visit(next, v, config, true);
}

static void expand(struct fetch_plan *p, const struct visit *v, struct visits *next)
{
	if (!v->part->loaded || !v->part->document || v->depth > OCI_NESTING_MAX)
		return;
	if (v->part->m.is_index)
		expand_index(p, v, next);
	else
		expand_manifest(p, v, next);
}

static void load_level(struct fetch_plan *p, const struct visits *level)
{
	auto_free struct fetch_part **parts = oci_calloc(level->n + 1, sizeof(struct fetch_part *));
	size_t n = 0;

	p->walks++;
	for (size_t i = 0; i < level->n; i++)
		if (!level->v[i].part->loaded && level->v[i].part->seen != p->walks) {
			level->v[i].part->seen = p->walks;
			parts[n++] = level->v[i].part;
		}
	fetch_load(p, parts, n);
}

void fetch_graph(struct fetch_plan *p, size_t first_item)
{
	struct visits level = { 0 };

	for (size_t i = first_item; i < p->items.n; i++) {
		struct fetch_item *item = p->items.v[i];

		if (item->err)
			continue;
		item->part = fetch_part_at(p, &item->root, item);
		item->part->document = true;
		*oci_vec_push(&level) = (struct visit){ .part = item->part, .item = item };
	}
	while (level.n) {
		struct visits next = { 0 };

		load_level(p, &level);
		for (size_t i = 0; i < level.n; i++)
			expand(p, &level.v[i], &next);
		free(level.v);
		level = next;
	}
	free(level.v);
}

struct walk {
	struct fetch_plan *plan;
	struct fetch_item *item;
	fetch_part_fn *visit;
	void *ctx;
	struct fetch_seen seen; /* platforms that the image has */
};

static int walk(struct walk *w, const struct oci_desc *desc, bool has_platform, unsigned depth, struct oci_err **err);

static int walk_index(struct walk *w, const struct oci_manifest *m, bool has_platform, unsigned depth,
		      struct oci_err **err)
{
	auto_free bool *want = oci_calloc(m->children.n + 1, sizeof(bool));

	fetch_select(m, &w->plan->platforms, w->item->any_platform, want);
	for (size_t i = 0; i < m->children.n; i++) {
		const struct oci_desc *child = &m->children.v[i];

		if (child->has_platform && !oci_platform_is_unknown(&child->platform))
			fetch_seen_add(&w->seen, &child->platform);
		if (want[i] && walk(w, child, has_platform || child->has_platform, depth + 1, err) < 0)
			return -1;
	}
	return 0;
}

static int walk_manifest(struct walk *w, const struct oci_manifest *m, bool has_platform, unsigned depth,
			 struct oci_err **err)
{
	const struct fetch_part *config = oci_map_get(&w->plan->parts, OCI_DIGEST(&m->config.digest));

	if (walk(w, &m->config, true, depth + 1, err) < 0)
		return -1;
	if (!has_platform && config->platform.os && oci_manifest_is_image(m))
		fetch_seen_add(&w->seen, &config->platform);
	else if (!has_platform)
		w->seen.any = true;
	for (size_t i = 0; i < m->children.n; i++)
		if (walk(w, &m->children.v[i], true, depth + 1, err) < 0)
			return -1;
	return 0;
}

static int walk_inside(struct walk *w, const struct fetch_part *part, bool has_platform, unsigned depth,
		       struct oci_err **err)
{
	if (!part->document)
		return 0;
	if (part->m.is_index)
		return walk_index(w, &part->m, has_platform, depth, err);
	return walk_manifest(w, &part->m, has_platform, depth, err);
}

static int walk(struct walk *w, const struct oci_desc *desc, bool has_platform, unsigned depth, struct oci_err **err)
{
	struct fetch_part *part = oci_map_get(&w->plan->parts, OCI_DIGEST(&desc->digest));

	if (depth > OCI_NESTING_MAX + 2 || !part)
		return oci_fail(err, OCI_BADINPUT, "%s: indexes nested more than %d deep", OCI_DIGEST(&desc->digest),
				OCI_NESTING_MAX);
	if (part->err)
		return oci_fail(err, oci_err_code(part->err), "%s", oci_err_text(part->err));
	if (desc->size != OCI_SIZE_UNKNOWN && desc->size != part->desc.size)
		return oci_fail(err, OCI_BADDIGEST, "%s: has %llu bytes, and its descriptor says %llu",
				OCI_DIGEST(&desc->digest), (unsigned long long)part->desc.size,
				(unsigned long long)desc->size);
	if (part->seen == w->plan->walks)
		return 0;
	part->seen = w->plan->walks;
	if (walk_inside(w, part, has_platform, depth, err) < 0)
		return -1;
	return w->visit ? w->visit(w->ctx, part, err) : 0;
}

int fetch_walk(struct fetch_plan *p, struct fetch_item *item, fetch_part_fn *visit, void *ctx, struct oci_err **err)
{
	struct walk w = { .plan = p, .item = item, .visit = visit, .ctx = ctx };

	p->walks++;
	int rc = walk(&w, &item->root, false, 0, err);

	if (rc == 0 && !item->any_platform)
		rc = fetch_seen_check(&w.seen, &p->platforms, err);
	fetch_seen_clear(&w.seen);
	return rc;
}
