/* Fetching, group by group, so that a run that is cut leaves whole images behind under their names. */
#include "ops/fetch_int.h"

#include "ops/flatten.h"

#include <stdlib.h>

#define GROUP_BYTES ((uint64_t)512 << 20) /* after so much, or so many images, index.json is saved */
#define GROUP_ITEMS 256

struct gather {
	OCI_VEC(struct fetch_part *) parts;
	uint64_t bytes;
};

static int add_missing(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	struct gather *g = ctx;

	(void)err;
	if (part->have || part->document)
		return 0;
	*oci_vec_push(&g->parts) = part;
	g->bytes += part->desc.size;
	return 0;
}

/* The items from first on whose blobs make one group; gives the end of it. */
static size_t gather(struct fetch_plan *p, size_t first, struct gather *g)
{
	size_t i = first;

	for (; i < p->items.n && i - first < GROUP_ITEMS && g->bytes < GROUP_BYTES; i++)
		if (!p->items.v[i]->err)
			fetch_walk(p, p->items.v[i], add_missing, g, NULL);
	return i;
}

/* The same part may be wanted by several images of a group. */
static size_t drop_twins(struct fetch_plan *p, struct gather *g)
{
	size_t n = 0;

	p->walks++;
	for (size_t i = 0; i < g->parts.n; i++)
		if (g->parts.v[i]->seen != p->walks) {
			g->parts.v[i]->seen = p->walks;
			g->parts.v[n++] = g->parts.v[i];
		}
	return n;
}

static int note_new(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	struct fetch_item *item = ctx;

	(void)err;
	item->changed |= !part->had;
	return 0;
}

static int make_entry(struct fetch_plan *p, struct fetch_item *item, struct oci_err **err)
{
	auto_buf struct oci_buf bytes = { 0 };

	if (!p->what->flatten) {
		item->entry = (struct oci_desc){ .media_type = oci_strdup(item->part->desc.media_type),
						 .digest = item->part->desc.digest,
						 .size = item->part->desc.size };
		return 0;
	}
	if (oci_flatten(p->layout.blobs, &item->part->desc, &p->platforms, &item->entry, &bytes, err) < 0)
		return -1;
	return bytes.len ? oci_blobs_put(p->layout.blobs, bytes.data, bytes.len, &item->entry.digest, NULL, err) : 0;
}

static void name_item(struct fetch_plan *p, struct fetch_item *item)
{
	auto_err struct oci_err *e = NULL;

	if (fetch_walk(p, item, note_new, item, &e) < 0 || make_entry(p, item, &e) < 0) {
		fetch_item_fail(p, item, &e);
		return;
	}
	for (size_t i = 0; i < item->names.n; i++)
		item->changed |= oci_layout_set(&p->layout, item->names.v[i], &item->entry);
}

static int finish_group(struct fetch_plan *p, size_t first, size_t end, bool wrote, struct oci_err **err)
{
	bool changed = false;

	for (size_t i = first; i < end; i++)
		if (!p->items.v[i]->err) {
			name_item(p, p->items.v[i]);
			changed |= p->items.v[i]->changed;
		}
	if ((wrote || changed) && oci_blobs_settle(p->layout.blobs, err) < 0)
		return -1;
	return oci_layout_save(&p->layout, err);
}

int fetch_act(struct fetch_plan *p, struct oci_err **err)
{
	oci_progress_plan(p->out, p->totals.blobs, p->totals.missing);
	oci_blobs_hold_names(p->layout.blobs);
	for (size_t first = 0, end = 0; first < p->items.n; first = end) {
		struct gather g = { 0 };

		end = gather(p, first, &g);
		size_t n = drop_twins(p, &g);

		if (n)
			fetch_blobs(p, g.parts.v, n);
		free(g.parts.v);
		if (finish_group(p, first, end, n > 0, err) < 0)
			return -1;
	}
	return oci_layout_save(&p->layout, err);
}
