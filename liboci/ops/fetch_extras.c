/* With --referrers: what refers to the images, as further items behind them. */
#include "ops/fetch_int.h"

#include "digest/verify.h"

#include <stdlib.h>

#define ROUNDS 3 /* a signature of an SBOM of an image, and no further */

/* One manifest whose referrers are asked for. */
struct subject {
	struct fetch_item *item;
	struct fetch_part *part;
};

struct subjects {
	struct subject *v;
	size_t n, cap;
	struct fetch_item *item; /* that is being walked */
	struct oci_map *known;	 /* digests that were asked for already */
};

static int add_subject(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	struct subjects *s = ctx;
	auto_free char *key = oci_ref_digested(&s->item->to, &part->desc.digest);

	(void)err;
	if (part->document && oci_map_add(s->known, key, s))
		*oci_vec_push(s) = (struct subject){ s->item, part };
	return 0;
}

static void add_item(struct fetch_plan *p, struct fetch_item *of, const struct oci_desc *d)
{
	const char *tag = oci_pairs_get(&d->annotations, OCI_REF_NAME);
	auto_free char *text = tag ? oci_printf("%s/%s:%s", of->to.host, of->to.repository, tag)
				   : oci_ref_digested(&of->to, &d->digest);
	struct fetch_item *item;

	for (size_t i = 0; i < p->items.n; i++)
		if (p->items.v[i]->names.n && oci_streq(p->items.v[i]->names.v[0], text))
			return;
	item = fetch_item_new(p, of->where, text);
	oci_ref_parse(text, &item->to, NULL);
	item->from = (struct oci_ref){ .host = oci_strdup(of->from.host),
				       .repository = oci_strdup(of->from.repository),
				       .tag = oci_strdup(item->to.tag),
				       .digest = d->digest };
	oci_strs_add(&item->names, text);
	item->source = of->source;
	item->any_platform = true;
	item->parent = of;
}

static void take(struct fetch_plan *p, struct subject *s, struct oci_need *need)
{
	if (need->err && !s->item->err) {
		fetch_item_fail(p, s->item, &need->err);
		return;
	}
	for (size_t i = 0; i < need->found.n; i++)
		add_item(p, s->item, &need->found.v[i]);
}

static void ask_source(struct fetch_plan *p, const struct oci_source *src, struct subjects *all)
{
	struct oci_need *needs = oci_calloc(all->n + 1, sizeof(*needs));
	auto_free size_t *who = oci_calloc(all->n + 1, sizeof(*who));
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].item->source == src) {
			needs[n].ref = &all->v[i].item->from;
			oci_desc_copy(&needs[n].desc, &all->v[i].part->desc);
			who[n++] = i;
		}
	oci_source_referrers(src, needs, n);
	for (size_t k = 0; k < n; k++) {
		take(p, &all->v[who[k]], &needs[k]);
		oci_need_clear(&needs[k]);
	}
	free(needs);
}

/* Items from first on: who refers to them? Gives how many items that added. */
static size_t extend(struct fetch_plan *p, size_t first, struct oci_map *known)
{
	struct subjects s = { .known = known };
	size_t before = p->items.n;

	for (size_t i = first; i < before; i++) {
		s.item = p->items.v[i];
		if (!s.item->err)
			fetch_walk(p, s.item, add_subject, &s, NULL);
	}
	for (size_t i = 0; i < p->sources.n; i++)
		ask_source(p, &p->sources.v[i], &s);
	free(s.v);
	return p->items.n - before;
}

void fetch_extras(struct fetch_plan *p)
{
	auto_map struct oci_map known = { 0 };
	size_t first = 0, added = 1;

	for (unsigned round = 0; round < ROUNDS && added; round++) {
		size_t end = p->items.n;

		added = extend(p, first, &known);
		fetch_resolve(p, end);
		fetch_graph(p, end);
		first = end;
	}
}
