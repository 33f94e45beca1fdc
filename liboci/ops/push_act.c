/* Putting: what is there is found by HEAD, then every level in one batch. */
#include "ops/push_int.h"

#include "registry/pull.h"

#include <stdlib.h>

/* A root that the registry has under its name stands on all that belongs to it, as registries see to that. */
static void find_kept(struct push_plan *p)
{
	struct oci_want *w = oci_calloc(p->items.n + 1, sizeof(*w));

	for (size_t i = 0; i < p->items.n; i++) {
		struct push_item *item = p->items.v[i];

		if (item->err)
			continue;
		w[i] = (struct oci_want){ .kind = OCI_WANT_RESOLVE, .ref = &item->part->ref };
		if (!item->part->ref.tag)
			w[i].digest = item->root.digest;
		oci_client_want(p->client, &w[i]);
	}
	oci_client_run(p->client);
	for (size_t i = 0; i < p->items.n; i++) {
		if (w[i].ref && !w[i].err)
			p->items.v[i]->kept = oci_digest_same(&w[i].digest, &p->items.v[i]->root.digest);
		oci_want_clear(&w[i]);
	}
	free(w);
}

/* Mark what must be put: the parts below a root that is not there. */
static void need(struct push_part *part)
{
	if (part->needed)
		return;
	part->needed = true;
	for (size_t i = 0; i < part->below.n; i++)
		need(part->below.v[i]);
}

static bool inherit_failure(struct push_part *part)
{
	for (size_t i = 0; i < part->below.n; i++)
		if (part->below.v[i]->put.err) {
			part->put.err = oci_err_dup(part->below.v[i]->put.err);
			return true;
		}
	return false;
}

static void begin_put(struct push_plan *p, struct push_part *part)
{
	bool document = part->level >= LEVEL_MANIFEST;

	part->put = (struct oci_put){ .kind = document ? OCI_PUT_MANIFEST : OCI_PUT_BLOB,
				      .ref = &part->ref,
				      .digest = part->desc.digest,
				      .size = part->desc.size,
				      .media_type = part->desc.media_type,
				      .path = part->path,
				      .bytes = part->path ? NULL : part->bytes.data,
				      .mount_from = document || !part->mount[0] ? NULL : part->mount };
	if (!document) {
		part->label = oci_printf("%s %.19s", part->ref.repository, OCI_DIGEST(&part->desc.digest));
		part->put.progress = part->label;
	}
	oci_client_put(p->client, &part->put);
}

static unsigned top_level(const struct push_plan *p)
{
	unsigned top = 0;

	for (size_t i = 0; i < p->parts.n; i++) {
		const struct push_part *part = p->parts.items[i].value;

		if (part->level > top)
			top = part->level;
	}
	return top;
}

static void announce(const struct push_plan *p)
{
	uint64_t n = 0, bytes = 0;

	for (size_t i = 0; i < p->parts.n; i++) {
		const struct push_part *part = p->parts.items[i].value;

		if (part->needed && part->level == LEVEL_BLOB) {
			n++;
			bytes += part->desc.size;
		}
	}
	oci_progress_plan(p->out, n, bytes);
}

void push_act(struct push_plan *p)
{
	find_kept(p);
	for (size_t i = 0; i < p->items.n; i++)
		if (!p->items.v[i]->err && !p->items.v[i]->kept)
			need(p->items.v[i]->part);
	announce(p);
	for (unsigned level = 0, top = top_level(p); level <= top; level++) {
		for (size_t i = 0; i < p->parts.n; i++) {
			struct push_part *part = p->parts.items[i].value;

			if (part->needed && part->level == level && !inherit_failure(part))
				begin_put(p, part);
		}
		oci_client_run(p->client);
	}
}

/* Bytes of a part that several images share are the first one's. */
static void account(struct push_item *item, struct push_part *part)
{
	item->mounted |= part->put.how == OCI_PUT_MOUNTED;
	item->pushed |= part->put.how == OCI_PUT_SENT && part->level < LEVEL_MANIFEST && !part->counted;
	if (part->counted)
		return;
	part->counted = true;
	item->sent += part->put.sent;
	for (size_t i = 0; i < part->below.n; i++)
		account(item, part->below.v[i]);
}

static const char *state_of(const struct push_item *item)
{
	if (item->kept || item->part->put.how == OCI_PUT_KEPT)
		return "kept";
	return item->mounted && !item->pushed ? "mounted" : "pushed";
}

void push_report(struct push_plan *p)
{
	for (size_t i = 0; i < p->items.n; i++) {
		struct push_item *item = p->items.v[i];
		auto_err struct oci_err *e = NULL;

		if (item->err)
			continue;
		if (!item->kept)
			account(item, item->part);
		if (item->part->put.err) {
			oci_fail(&e, oci_err_code(item->part->put.err), "%s", oci_err_text(item->part->put.err));
			push_item_fail(p, item, &e);
			continue;
		}
		oci_say(p->out, OCI_TEXT("name", item->name), OCI_TEXT("digest", OCI_DIGEST(&item->root.digest)),
			OCI_NUM("bytes_sent", item->sent), OCI_TEXT("state", state_of(item)));
	}
}
