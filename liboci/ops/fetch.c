#include "ops/fetch_int.h"
#include "ops/input.h"

#include "base/lock.h"
#include "base/path.h"

#include <stdlib.h>

static int check(const struct oci_fetch *what, struct oci_err **err)
{
	if (!what->output)
		return oci_fail(err, OCI_USAGE, "no layout given: -o DIR says where the images go");
	if (what->locked && !what->lock)
		return oci_fail(err, OCI_USAGE, "--locked needs --lock FILE");
	if (what->tags_must_match && !what->locked)
		return oci_fail(err, OCI_USAGE, "--tags-must-match compares tags with a lock: it needs --locked");
	for (size_t i = 0; i < what->from.n; i++)
		if (oci_source_is_remote(what->from.v[i]))
			return oci_fail(err, OCI_USAGE,
					"--from %s: no local source; name images of registries in the list, and send a "
					"registry's "
					"requests elsewhere with --mirror HOST=URL",
					what->from.v[i]);
	return 0;
}

static int open_sources(struct fetch_plan *p, struct oci_err **err)
{
	const struct oci_fetch *what = p->what;

	for (size_t i = 0; i < what->from.n; i++) {
		struct oci_source src = { 0 };

		if (oci_source_open(what->from.v[i], p->out, &src, err) < 0)
			return -1;
		*oci_vec_push(&p->sources) = src;
	}
	if (what->from.n)
		return 0;
	struct oci_source remote = { 0 };

	if (oci_remote_open(&what->remote, p->out, &remote, err) < 0)
		return -1;
	*oci_vec_push(&p->sources) = remote;
	return 0;
}

static int load_lock(struct fetch_plan *p, struct oci_err **err)
{
	if (!p->what->lock || (!p->what->locked && !oci_path_is_file(p->what->lock)))
		return 0;
	return oci_image_lock_load(p->what->lock, &p->lock, err);
}

/* A dry run looks at the layout when there is one, and makes none. */
static int open_layout(struct fetch_plan *p, struct oci_err **err)
{
	auto_err struct oci_err *e = NULL;
	bool empty;

	if (!p->what->dry_run)
		return oci_layout_create(p->what->output, &p->layout, err);
	if (oci_path_is_empty_dir(p->what->output, &empty, err) < 0)
		return -1;
	if (empty)
		return 0;
	if (oci_layout_open(p->what->output, &p->layout, &e) == 0)
		return 0;
	auto_free char *index = oci_path_join(p->what->output, "index.json");

	if (oci_err_code(e) != OCI_NOTFOUND || oci_path_exists(index) ||
	    oci_blobs_open(&p->layout.blobs, p->what->output, false, NULL) < 0)
		return oci_fail_with(err, &e);
	return 0; /* begun by a run that was cut */
}

/* Two lines of a list may not give one name to different images. */
static void check_names(struct fetch_plan *p)
{
	auto_map struct oci_map owner = { 0 };

	for (size_t i = 0; i < p->items.n; i++) {
		struct fetch_item *item = p->items.v[i], *other = NULL;

		for (size_t k = 0; !item->err && k < item->names.n; k++) {
			other = oci_map_get(&owner, item->names.v[k]);
			oci_map_add(&owner, item->names.v[k], item);
			if (!other || oci_digest_same(&other->root.digest, &item->root.digest))
				continue;
			auto_err struct oci_err *e = NULL;

			oci_fail(&e, OCI_CONFLICT, "%s would be %s here and %s by %s%s%s", item->names.v[k],
				 OCI_DIGEST(&item->root.digest), OCI_DIGEST(&other->root.digest),
				 other->where ? other->where : "", other->where ? ": " : "", other->text);
			fetch_item_fail(p, item, &e);
		}
	}
}

static int prepare(struct fetch_plan *p, struct oci_err **err)
{
	const struct oci_fetch *what = p->what;

	if (oci_platforms_parse(what->platform, &p->platforms, err) < 0 || load_lock(p, err) < 0 ||
	    (what->map && oci_rename_load(what->map, &p->rename, err) < 0) || open_sources(p, err) < 0)
		return -1;
	return fetch_list(p, err);
}

static bool is_complete(const struct fetch_plan *p)
{
	for (size_t i = 0; i < p->items.n; i++)
		if (p->items.v[i]->err)
			return false;
	return true;
}

static int run(struct fetch_plan *p, struct oci_err **err)
{
	fetch_resolve(p, 0);
	check_names(p);
	fetch_graph(p, 0);
	if (p->what->referrers)
		fetch_extras(p);
	if (p->what->verify && p->layout.blobs)
		fetch_verify(p);
	if (fetch_totals(p, err) < 0 || (!p->what->dry_run && fetch_act(p, err) < 0))
		return -1;
	fetch_report(p);
	if (!p->what->dry_run && is_complete(p) && oci_blobs_tidy(p->layout.blobs, err) < 0)
		return -1;
	if (p->what->lock && !p->what->locked && !p->what->dry_run && fetch_save_lock(p, err) < 0)
		return -1;
	return fetch_failures(p, err);
}

static void clear(struct fetch_plan *p)
{
	for (size_t i = 0; i < p->items.n; i++)
		fetch_item_free(p->items.v[i]);
	free(p->items.v);
	oci_map_clear_with(&p->parts, fetch_part_free);
	for (size_t i = 0; i < p->sources.n; i++)
		oci_source_close(&p->sources.v[i]);
	free(p->sources.v);
	oci_layout_close(&p->layout);
	oci_rename_free(p->rename);
	oci_image_lock_clear(&p->lock);
	oci_platforms_clear(&p->platforms);
}

int oci_fetch_run(const struct oci_fetch *what, struct oci_err **err)
{
	struct oci_fetch own = *what;
	struct fetch_plan p = { .what = &own, .out = &what->out };
	auto_fd int turn = -1;

	if (check(what, err) < 0 || oci_output_path(what->output, "oci:", &own.output, err) < 0)
		return -1;
	int rc = prepare(&p, err);

	if (rc == 0 && !what->dry_run)
		rc = oci_lock_dir(own.output, &what->out, &turn, err);
	if (rc == 0)
		rc = open_layout(&p, err);
	if (rc == 0)
		rc = run(&p, err);
	clear(&p);
	return rc;
}
