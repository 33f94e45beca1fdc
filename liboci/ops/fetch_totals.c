/* What a run will do, before it does it: bytes, pulls, space. */
#include "ops/fetch_int.h"

#include "base/path.h"

#include <string.h>
#include <sys/stat.h>

#define BLOCK 4096 /* files take whole blocks */

/* The device of a local source's folder; false for archives and registries, whose bytes are always copied. */
static bool source_device(const struct oci_source *src, dev_t *device)
{
	static const char *const linkable[] = { "oci:", "registry:", "dir:" };
	struct stat st;

	for (size_t i = 0; i < OCI_COUNT(linkable); i++) {
		if (!oci_starts(src->spec, linkable[i]))
			continue;
		auto_free char *path = oci_strdup(src->spec + strlen(linkable[i]));
		char *colon = strrchr(path, ':');

		if (stat(path, &st) < 0 && colon)
			*colon = '\0';
		if (stat(path, &st) < 0)
			return false;
		*device = st.st_dev;
		return true;
	}
	return false;
}

struct counting {
	struct fetch_plan *plan;
	struct fetch_item *item;
	dev_t device; /* of the layout */
};

static bool is_linked(const struct counting *c, const struct fetch_part *part)
{
	dev_t device;

	return source_device(part->users[0]->source, &device) && device == c->device;
}

static void count_missing(struct counting *c, const struct fetch_part *part)
{
	struct fetch_totals *t = &c->plan->totals;
	uint64_t partial =
		c->plan->layout.blobs ? oci_blobs_partial_size(c->plan->layout.blobs, &part->desc.digest) : 0;

	if (partial > part->desc.size)
		partial = part->desc.size;
	t->blobs++;
	t->partial += partial;
	t->missing += part->desc.size - partial;
	if (!is_linked(c, part))
		t->space += (part->desc.size - partial + BLOCK - 1) / BLOCK * BLOCK;
}

static int count(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	struct counting *c = ctx;

	(void)err;
	c->item->bytes += part->desc.size;
	if (part->counted)
		return 0;
	part->counted = true;
	c->plan->totals.unique += part->desc.size;
	if (!part->have && !part->loaded) /* what the plan has read costs nothing more */
		count_missing(c, part);
	return 0;
}

static size_t count_items(const struct fetch_plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->items.n; i++)
		n += !p->items.v[i]->err;
	return n;
}

static char *platforms_text(const struct oci_platforms *list)
{
	auto_buf struct oci_buf b = { 0 };

	if (list->all)
		return oci_strdup("all platforms");
	for (size_t i = 0; i < list->n; i++)
		oci_buf_addf(&b, "%s%s", i ? ", " : "", OCI_PLATFORM(&list->v[i]));
	return oci_buf_take(&b);
}

static void say(const struct fetch_plan *p)
{
	const struct fetch_totals *t = &p->totals;
	auto_free char *platforms = platforms_text(&p->platforms), *unique = oci_bytes_text(t->unique);
	auto_free char *missing = oci_bytes_text(t->missing), *partial = oci_bytes_text(t->partial);
	auto_free char *room = oci_bytes_text(t->free);

	oci_note(p->out,
		 "plan: %zu images for %s: %s in all, %s to fetch in %llu blobs%s%s%s; %llu manifests pulled; %s free "
		 "in %s",
		 count_items(p), platforms, unique, missing, (unsigned long long)t->blobs, t->partial ? " (" : "",
		 t->partial ? partial : "", t->partial ? " of them are here already)" : "",
		 (unsigned long long)t->pulls, room, p->what->output);
	if (p->what->dry_run && p->out->json)
		oci_say(p->out, OCI_TEXT("plan", p->what->output), OCI_TEXT("platforms", platforms),
			OCI_NUM("images", count_items(p)), OCI_NUM("bytes", t->unique),
			OCI_NUM("bytes_to_fetch", t->missing), OCI_NUM("bytes_partial", t->partial),
			OCI_NUM("blobs_to_fetch", t->blobs), OCI_NUM("manifest_pulls", t->pulls),
			OCI_NUM("bytes_needed", t->space), OCI_NUM("bytes_free", t->free));
}

static int check_space(const struct fetch_plan *p, struct oci_err **err)
{
	const struct fetch_totals *t = &p->totals;

	if (t->space <= t->free)
		return 0;
	auto_free char *need = oci_bytes_text(t->space), *room = oci_bytes_text(t->free);
	auto_free char *short_of = oci_bytes_text(t->space - t->free);

	return oci_fail(err, OCI_NOSPACE,
			"%s: the images need %s and its file system has %s free: %s are missing; nothing was fetched",
			p->what->output, need, room, short_of);
}

/* An image that cannot be had is found out first, so that none of its parts is counted. */
static int count_item(struct counting *c, struct oci_err **err)
{
	if (fetch_walk(c->plan, c->item, NULL, NULL, err) < 0)
		return -1;
	return fetch_walk(c->plan, c->item, count, c, err);
}

int fetch_totals(struct fetch_plan *p, struct oci_err **err)
{
	struct counting c = { .plan = p };

	if (oci_path_free_space(p->what->output, &p->totals.free, &c.device, err) < 0)
		return -1;
	for (size_t i = 0; i < p->items.n; i++) {
		auto_err struct oci_err *e = NULL;

		c.item = p->items.v[i];
		if (!c.item->err && count_item(&c, &e) < 0)
			fetch_item_fail(p, c.item, &e);
	}
	say(p);
	return check_space(p, err);
}
