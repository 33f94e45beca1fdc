/* What each item stands for now: by its own digest, by the lock, or by asking what its tag points at. */
#include "ops/fetch_int.h"

#include "digest/verify.h"

#include <stdlib.h>

static bool has_digest(const struct fetch_item *item)
{
	return item->from.digest.algorithm != OCI_NO_DIGEST;
}

/* With one source a digest says all; with several somebody must be found who has it. */
static bool must_ask(const struct fetch_plan *p, const struct fetch_item *item)
{
	return !item->err && !item->source && (!has_digest(item) || p->sources.n > 1);
}

/* root's size is what the bytes will have: a registry's word on it is not needed, and wrong at times. Its word on the
 * type counts when it is a document's: plain file servers call every file text or octets. */
static void take(struct fetch_item *item, const struct oci_source *src, struct oci_need *w, struct oci_err **why)
{
	if (w->err) {
		oci_err_clear(why);
		*why = oci_steal(&w->err);
		return;
	}
	item->source = src;
	oci_desc_clear(&item->root);
	item->root = (struct oci_desc){ .media_type = oci_media_is_document(w->desc.media_type)
							      ? oci_strdup(w->desc.media_type)
							      : NULL,
					.digest = w->desc.digest,
					.size = OCI_SIZE_UNKNOWN };
}

static void ask_source(struct fetch_plan *p, const struct oci_source *src, size_t first, bool by_name,
		       struct oci_err **why)
{
	struct oci_need *w = oci_calloc(p->items.n + 1, sizeof(*w));
	auto_free size_t *who = oci_calloc(p->items.n + 1, sizeof(*who));
	size_t n = 0;

	for (size_t i = first; i < p->items.n; i++)
		if (must_ask(p, p->items.v[i])) {
			w[n].ref = &p->items.v[i]->from;
			w[n].by_name = by_name;
			who[n++] = i;
		}
	if (n)
		oci_source_resolve(src, w, n);
	for (size_t k = 0; k < n; k++) {
		take(p->items.v[who[k]], src, &w[k], &why[who[k]]);
		oci_need_clear(&w[k]);
	}
	free(w);
}

static int moved(struct fetch_plan *p, const struct fetch_item *item, const char *text, struct oci_err **err)
{
	if (p->what->tags_must_match)
		return oci_fail(err, OCI_CONFLICT, "%s", text);
	oci_warn(p->out, "%s: %s", item->text, text);
	return 0;
}

/* Replace what the tag says by what the lock says. why: the tag could not be asked. */
static int apply_lock(struct fetch_plan *p, struct fetch_item *item, const struct oci_err *why, struct oci_err **err)
{
	const struct oci_digest *locked = oci_image_lock_find(&p->lock, item->names.v[0]);
	auto_free char *text = NULL;

	if (!locked)
		return oci_fail(err, OCI_NOTFOUND, "%s is not in %s; fetch without --locked to lock it",
				item->names.v[0], p->what->lock);
	if (has_digest(item) && !oci_digest_same(locked, &item->from.digest))
		return oci_fail(err, OCI_CONFLICT, "%s has %s", p->what->lock, OCI_DIGEST(locked));
	if (!item->source && why)
		text = oci_printf("its tag could not be compared with the lock: %s", oci_err_text(why));
	else if (item->source && !oci_digest_same(&item->root.digest, locked))
		text = oci_printf("its tag has moved from %s to %s; the locked one is fetched", OCI_DIGEST(locked),
				  OCI_DIGEST(&item->root.digest));
	item->from.digest = *locked;
	oci_desc_clear(&item->root); /* the type was that of what the tag stands for */
	item->root.digest = *locked;
	return text ? moved(p, item, text, err) : 0;
}

static int settle(struct fetch_plan *p, struct fetch_item *item, struct oci_err **why, struct oci_err **err)
{
	if (p->what->locked && !item->parent && apply_lock(p, item, *why, err) < 0)
		return -1;
	if (!item->source && *why && !has_digest(item))
		return oci_fail_with(err, why);
	if (!item->source)
		item->source = &p->sources.v[0];
	if (has_digest(item))
		item->root.digest = item->from.digest;
	item->root.size = OCI_SIZE_UNKNOWN;
	return 0;
}

void fetch_resolve(struct fetch_plan *p, size_t first_item)
{
	struct oci_err **why = oci_calloc(p->items.n + 1, sizeof(struct oci_err *));

	/* who has an image by its name goes before who has one that may be called anything */
	for (size_t s = 0; s < p->sources.n; s++)
		ask_source(p, &p->sources.v[s], first_item, p->sources.n > 1, why);
	for (size_t s = 0; p->sources.n > 1 && s < p->sources.n; s++)
		ask_source(p, &p->sources.v[s], first_item, false, why);
	for (size_t i = first_item; i < p->items.n; i++) {
		auto_err struct oci_err *e = NULL;

		if (!p->items.v[i]->err && settle(p, p->items.v[i], &why[i], &e) < 0)
			fetch_item_fail(p, p->items.v[i], &e);
		oci_err_free(why[i]);
	}
	free(why);
}
