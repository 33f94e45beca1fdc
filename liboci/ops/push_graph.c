/* The parts of one image in its repository, and what each of them stands on. */
#include "ops/push_int.h"

#include "image/graph.h"
#include "image/present.h"
#include "ops/flatten.h"

#include <stdlib.h>

struct growing {
	struct push_plan *plan;
	struct push_item *item;
	const struct oci_digest *root; /* whose part gets the tag; NULL: none does */
	struct oci_buf absent;	       /* platforms of children that are not pushed */
};

void push_part_free(void *pointer)
{
	struct push_part *part = pointer;

	oci_ref_clear(&part->ref);
	oci_desc_clear(&part->desc);
	oci_desc_clear(&part->referrer);
	free(part->below.v);
	free(part->path);
	oci_buf_clear(&part->bytes);
	free(part->mount);
	free(part->label);
	oci_err_free(part->put.err);
	free(part);
}

static char *key_of(const struct push_item *item, const struct oci_digest *d, bool tagged)
{
	const char *tag = tagged ? item->to.tag : NULL;

	return oci_printf("%s%s%s@%s", item->to.repository, tag ? ":" : "", tag ? tag : "", OCI_DIGEST(d));
}

static struct push_part *find(const struct growing *g, const struct oci_digest *d)
{
	auto_free char *key = key_of(g->item, d, false);

	return oci_map_get(&g->plan->parts, key);
}

static struct push_part *part_at(struct growing *g, const struct oci_desc *desc, bool tagged, bool *fresh)
{
	auto_free char *key = key_of(g->item, &desc->digest, tagged);
	void **at = oci_map_at(&g->plan->parts, key);

	*fresh = !*at;
	if (!*fresh)
		return *at;
	struct push_part *part = *at = oci_calloc(1, sizeof(*part));

	part->ref = (struct oci_ref){ .host = oci_strdup(g->item->to.host),
				      .repository = oci_strdup(g->item->to.repository),
				      .tag = tagged ? oci_strdup(g->item->to.tag) : NULL };
	oci_desc_copy(&part->desc, desc);
	part->path = oci_blobs_path(g->plan->layout.blobs, &desc->digest);
	return part;
}

/* One repository gets the bytes; the others mount them from there, and all may mount from where the user says. */
static void set_mounts(struct growing *g, struct push_part *part)
{
	const struct oci_strs *given = &g->plan->what->mount_from;
	void **first = oci_map_at(&g->plan->blobs, OCI_DIGEST(&part->desc.digest));
	size_t n = 0;

	part->mount = oci_calloc(given->n + 2, sizeof(char *));
	part->level = LEVEL_BLOB;
	if (*first) {
		part->mount[n++] = ((struct push_part *)*first)->ref.repository;
		part->level = LEVEL_MOUNT;
	} else {
		*first = part;
	}
	for (size_t i = 0; i < given->n; i++)
		part->mount[n++] = given->v[i];
}

static void add_blob(struct growing *g, const struct oci_desc *desc)
{
	bool fresh;
	struct push_part *part = part_at(g, desc, false, &fresh);

	if (fresh)
		set_mounts(g, part);
}

static void stand_on(struct push_part *part, struct push_part *below)
{
	*oci_vec_push(&part->below) = below;
	if (below->level >= part->level)
		part->level = below->level + 1;
}

static void note_absent(struct growing *g, const struct oci_desc *child)
{
	oci_buf_addf(&g->absent, "%s%s", g->absent.len ? ", " : "",
		     child->has_platform ? OCI_PLATFORM(&child->platform) : OCI_DIGEST(&child->digest));
}

static struct push_part *add_document(struct growing *g, const struct oci_desc *desc, const struct oci_manifest *m)
{
	bool fresh, tagged = g->root && oci_digest_same(g->root, &desc->digest);
	struct push_part *part = part_at(g, desc, tagged, &fresh);

	if (!fresh)
		return part;
	free(part->desc.media_type);
	part->desc.media_type = oci_strdup(m->media_type);
	part->level = m->is_index ? LEVEL_INDEX : LEVEL_MANIFEST;
	push_note_subject(part, m);
	if (!m->is_index && find(g, &m->config.digest))
		stand_on(part, find(g, &m->config.digest));
	for (size_t i = 0; i < m->children.n; i++) {
		struct push_part *below = find(g, &m->children.v[i].digest);

		if (below)
			stand_on(part, below);
		else if (m->is_index)
			note_absent(g, &m->children.v[i]);
	}
	return part;
}

static int visit(void *ctx, const struct oci_node *node, struct oci_err **err)
{
	(void)err;
	if (node->self)
		add_document(ctx, node->desc, node->self);
	else
		add_blob(ctx, node->desc);
	return 0;
}

static int grow(struct growing *g, const struct oci_desc *root, struct oci_err **err)
{
	struct push_plan *p = g->plan;
	struct oci_walk w = { .blobs = p->layout.blobs,
			      .platforms = p->what->platform ? &p->platforms : NULL,
			      .visit = visit,
			      .ctx = g };

	return oci_graph_walk(&w, root, err);
}

/* A new index has no file: its children are walked one by one, and it is put from memory. */
static int grow_new_index(struct growing *g, const struct oci_desc *root, struct oci_buf *bytes, struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };

	if (oci_manifest_parse("the new index", bytes->data, bytes->len, root->media_type, &m, err) < 0)
		return -1;
	for (size_t i = 0; i < m.children.n; i++)
		if (grow(g, &m.children.v[i], err) < 0)
			return -1;
	g->root = &root->digest;
	struct push_part *part = add_document(g, root, &m);

	if (!part->bytes.len) {
		free(oci_steal(&part->path));
		part->bytes = *bytes;
		*bytes = (struct oci_buf){ 0 };
	}
	return 0;
}

static int grow_flat(struct growing *g, struct push_item *item, struct oci_err **err)
{
	struct push_plan *p = g->plan;
	struct oci_platforms all = { .all = true };
	auto_buf struct oci_buf bytes = { 0 };
	auto_desc struct oci_desc root = { 0 };

	if (oci_flatten(p->layout.blobs, &item->root, p->what->platform ? &p->platforms : &all, &root, &bytes, err) < 0)
		return -1;
	oci_desc_clear(&item->root);
	oci_desc_copy(&item->root, &root);
	if (bytes.len)
		return grow_new_index(g, &item->root, &bytes, err);
	g->root = &item->root.digest;
	return grow(g, &item->root, err);
}

/* A platform that was asked for and is not there would else pass for one that was pushed. */
static int check_platforms(const struct push_plan *p, const struct push_item *item, struct oci_err **err)
{
	auto_present struct oci_present present = { 0 };

	if (!p->platforms.n)
		return 0;
	if (oci_present_collect(&p->layout, &item->root, &present, err) < 0)
		return -1;
	return oci_present_match(&present, &p->platforms, err);
}

int push_graph(struct push_plan *p, struct push_item *item, struct oci_err **err)
{
	struct growing g = { .plan = p, .item = item };
	int rc;

	if (check_platforms(p, item, err) < 0)
		return -1;
	if (p->what->flatten) {
		rc = grow_flat(&g, item, err);
	} else {
		g.root = &item->root.digest;
		rc = grow(&g, &item->root, err);
	}
	if (rc == 0 && g.absent.len)
		rc = oci_fail(
			err, OCI_NOTFOUND,
			"sparse index: %s would be missing, and registries want every child of an index; fetch with "
			"--platform all, or push with --flatten what is present, under a new digest",
			oci_buf_text(&g.absent));
	oci_buf_clear(&g.absent);
	if (rc < 0)
		return -1;
	auto_free char *key = key_of(item, &item->root.digest, true);

	item->part = oci_map_get(&p->parts, key);
	return 0;
}
