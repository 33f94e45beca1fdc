/* What comes out of a run: a record for each name, the lock, and the list of failures. */
#include "ops/fetch_int.h"

static int find_missing(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	bool *missing = ctx;

	(void)err;
	*missing |= !part->had;
	return 0;
}

/* In a dry run nothing was named: new is what lacks a part or a name. */
static bool would_change(struct fetch_plan *p, struct fetch_item *item)
{
	bool missing = false;

	fetch_walk(p, item, find_missing, &missing, NULL);
	for (size_t i = 0; i < item->names.n; i++) {
		const struct oci_desc *entry = oci_layout_find(&p->layout, item->names.v[i]);

		missing |= !entry || (!p->what->flatten && !oci_digest_same(&entry->digest, &item->root.digest));
	}
	return missing;
}

/* "name:1@DIGEST" and "name:2@DIGEST" share a name, which is said once. */
static void report_item(struct fetch_plan *p, struct fetch_item *item, struct oci_map *said)
{
	bool changed = p->what->dry_run ? would_change(p, item) : item->changed;
	const struct oci_digest *digest = p->what->dry_run ? &item->root.digest : &item->entry.digest;

	for (size_t i = 0; i < item->names.n; i++)
		if (oci_map_add(said, item->names.v[i], item))
			oci_say(p->out, OCI_TEXT("name", item->names.v[i]), OCI_TEXT("digest", OCI_DIGEST(digest)),
				OCI_NUM("bytes", item->bytes), OCI_TEXT("state", changed ? "new" : "kept"));
}

/* The list's order; what refers to an image stands behind it. */
static void report_family(struct fetch_plan *p, struct fetch_item *of, struct oci_map *said)
{
	if (!of->err)
		report_item(p, of, said);
	for (size_t i = 0; p->what->referrers && i < p->items.n; i++)
		if (p->items.v[i]->parent == of)
			report_family(p, p->items.v[i], said);
}

void fetch_report(struct fetch_plan *p)
{
	auto_map struct oci_map said = { 0 };

	for (size_t i = 0; i < p->items.n; i++)
		if (!p->items.v[i]->parent)
			report_family(p, p->items.v[i], &said);
}

struct locking {
	struct oci_image_lock *lock;
	const struct fetch_item *item;
};

static int lock_manifest(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	struct locking *l = ctx;
	auto_free char *name = oci_ref_digested(&l->item->to, &part->desc.digest);

	(void)err;
	if (part->document && part != l->item->part)
		oci_image_lock_set(l->lock, name, &part->desc.digest);
	return 0;
}

/* What failed keeps the line it had. */
static void lock_item(struct fetch_plan *p, struct fetch_item *item, const struct oci_image_lock *old,
		      struct oci_image_lock *lock)
{
	struct locking l = { lock, item };

	for (size_t i = 0; i < item->names.n; i++) {
		const struct oci_digest *before = oci_image_lock_find(old, item->names.v[i]);

		if (!item->err)
			oci_image_lock_set(lock, item->names.v[i], &item->root.digest);
		else if (before)
			oci_image_lock_set(lock, item->names.v[i], before);
	}
	if (!item->err)
		fetch_walk(p, item, lock_manifest, &l, NULL);
}

int fetch_save_lock(struct fetch_plan *p, struct oci_err **err)
{
	auto_image_lock struct oci_image_lock lock = { 0 };

	for (size_t i = 0; i < p->items.n; i++)
		lock_item(p, p->items.v[i], &p->lock, &lock);
	return lock.names.n ? oci_image_lock_save(&lock, p->what->lock, err) : 0;
}

int fetch_failures(struct fetch_plan *p, struct oci_err **err)
{
	auto_failures struct oci_failures f = { 0 };

	for (size_t i = 0; i < p->items.n; i++)
		if (p->items.v[i]->err)
			*oci_vec_push(&f) = oci_steal(&p->items.v[i]->err);
	return oci_failures_end(&f, p->items.n, err);
}
