/* Hard links when layers are read from the top one down: a link may come before its target, and the target may be one
 * that an upper layer has replaced, in which case the link keeps the data alone. */
#include "bundle/apply_int.h"

#include <stdlib.h>
#include <string.h>

#define ALIASES_MAX 64

static void wait_for(struct oci_map *m, const char *target, const char *path)
{
	void **at = oci_map_at(m, target);

	if (!*at)
		*at = oci_calloc(1, sizeof(struct oci_strs));
	oci_strs_add(*at, path);
}

static int link_now(struct oci_apply_run *r, const char *path, const char *target, struct oci_err **err)
{
	struct oci_claim *own = oci_tree_at(&r->tree, path);
	const struct oci_claim *theirs = oci_tree_at(&r->tree, target);
	struct oci_tar_entry e = { .type = OCI_TAR_HARDLINK, .path = path, .link = target };

	own->waits = false;
	own->hash = theirs->hash;
	if (r->a->sink.begin(r->a->sink.ctx, &e, err) < 0)
		return -1;
	return oci_apply_arrived(r, path, err);
}

/* Follow links of this layer that passed by unused. */
static const char *real_target(const struct oci_apply_run *r, const char *target)
{
	for (int i = 0; i < ALIASES_MAX; i++) {
		const char *next = oci_map_get(&r->aliases, target);

		if (!next)
			break;
		target = next;
	}
	return target;
}

static int link_to(struct oci_apply_run *r, const char *path, const char *wanted, struct oci_err **err)
{
	const char *target = real_target(r, wanted);
	const struct oci_claim *c = oci_tree_find(&r->tree, target);

	if (!*target || oci_streq(target, path) ||
	    (c && c->layer == r->layer && (c->kind == OCI_CLAIM_FOLDER || c->kind == OCI_CLAIM_IMPLIED)))
		return oci_fail(err, OCI_BADINPUT, "%s: a hard link to %s, which is no file", path,
				*target ? target : "/");
	if (c && c->layer == r->layer && c->kind == OCI_CLAIM_OTHER && !c->waits)
		return link_now(r, path, target, err);
	oci_tree_at(&r->tree, path)->waits = true;
	wait_for(c && c->skipped == r->layer ? &r->again : &r->waiting, target, path);
	return 0;
}

int oci_apply_link(struct oci_apply_run *r, const char *path, const char *target, struct oci_err **err)
{
	auto_free char *clean = NULL;

	if (oci_tree_path(target, &clean, err) < 0)
		return oci_fail_in(err, "%s: hard link to", path);
	return link_to(r, path, clean, err);
}

/* Take the links that wait for path out of the map. */
static struct oci_strs *take_waiting(struct oci_apply_run *r, const char *path)
{
	if (!oci_map_get(&r->waiting, path))
		return NULL;
	void **at = oci_map_at(&r->waiting, path);

	return oci_steal(at);
}

static void free_strs(void *p)
{
	if (p)
		oci_strs_clear(p);
	free(p);
}

static void drop_strs(struct oci_strs **s)
{
	free_strs(*s);
}

int oci_apply_arrived(struct oci_apply_run *r, const char *path, struct oci_err **err)
{
	OCI_AUTO(drop_strs) struct oci_strs *links = take_waiting(r, path);

	for (size_t i = 0; links && i < links->n; i++)
		if (link_now(r, links->v[i], path, err) < 0)
			return -1;
	return 0;
}

/* The first link that waits gets the data, the others become links to it. */
static int hand_over(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e,
		     const struct oci_strs *links, struct oci_err **err)
{
	const char *first = links->v[0];

	oci_tree_at(&r->tree, first)->waits = false;
	if (oci_apply_emit(r, tar, e, first, err) < 0)
		return -1;
	for (size_t i = 1; i < links->n; i++)
		if (link_now(r, links->v[i], first, err) < 0)
			return -1;
	return oci_apply_arrived(r, first, err);
}

static int send_on(struct oci_apply_run *r, const char *target, const struct oci_strs *links, struct oci_err **err)
{
	for (size_t i = 0; i < links->n; i++)
		if (oci_apply_link(r, links->v[i], target, err) < 0)
			return -1;
	return 0;
}

static int keep_sums(struct oci_apply_run *r, struct oci_tar_read *tar, const char *path, struct oci_err **err)
{
	const void *data;
	size_t n;

	oci_apply_sums_begin(r, path);
	do {
		if (oci_tar_read_block(tar, &data, &n, err) < 0 || oci_apply_sums_add(r, data, n, err) < 0)
			return -1;
	} while (n);
	return oci_apply_sums_end(r, err);
}

/* Not wanted by --path, but needed to check what is. */
static bool is_left_out_sums(const struct oci_apply_run *r, const struct oci_tar_entry *e, const char *path)
{
	return r->a->check && e->type == OCI_TAR_FILE && oci_apply_is_sums(path) && !r->links_only &&
	       !oci_apply_selects(r->a, path) && !oci_tree_hides(&r->tree, path, r->layer) &&
	       !oci_apply_sums_has(&r->sums, path);
}

int oci_apply_unseen(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e, const char *path,
		     struct oci_err **err)
{
	OCI_AUTO(drop_strs) struct oci_strs *links = take_waiting(r, path);

	if (links)
		return e->type == OCI_TAR_HARDLINK ? send_on(r, e->link, links, err) : hand_over(r, tar, e, links, err);
	if (r->links_only)
		return 0;
	if (is_left_out_sums(r, e, path))
		return keep_sums(r, tar, path, err);
	oci_tree_at(&r->tree, path)->skipped = (uint16_t)r->layer;
	if (e->type == OCI_TAR_HARDLINK) {
		auto_free char *target = NULL;

		if (oci_tree_path(e->link, &target, err) < 0)
			return oci_fail_in(err, "%s: hard link to", path);
		void **at = oci_map_at(&r->aliases, path);

		free(*at);
		*at = oci_steal(&target);
	}
	return 0;
}

int oci_apply_links_end(const struct oci_apply_run *r, struct oci_err **err)
{
	for (size_t i = 0; i < r->waiting.n; i++) {
		const struct oci_strs *links = r->waiting.items[i].value;

		if (links)
			return oci_fail(err, OCI_BADINPUT, "%s: a hard link to %s, which no layer has", links->v[0],
					r->waiting.items[i].key);
	}
	return 0;
}

void oci_apply_links_clear(struct oci_map *waiting)
{
	oci_map_clear_with(waiting, free_strs);
}
