#include "bundle/apply_int.h"

#include "archive/whiteout.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

/* Is path below dir, or dir itself? */
static bool is_within(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return n == 0 || (strncmp(path, dir, n) == 0 && (path[n] == '\0' || path[n] == '/'));
}

bool oci_apply_selects(const struct oci_apply *a, const char *path)
{
	for (size_t i = 0; i < a->only.n; i++)
		if (is_within(path, a->only.v[i]))
			return true;
	return a->only.n == 0;
}

/* A folder is also wanted for what is below it. */
static bool selects_folder(const struct oci_apply *a, const char *path)
{
	for (size_t i = 0; i < a->only.n; i++)
		if (is_within(a->only.v[i], path))
			return true;
	return oci_apply_selects(a, path);
}

static int emit_data(struct oci_apply_run *r, struct oci_tar_read *tar, const char *path, struct oci_err **err)
{
	bool is_sums = r->a->check && oci_apply_is_sums(path);
	const void *data;
	size_t n;

	oci_hasher_reset(r->hasher);
	if (is_sums)
		oci_apply_sums_begin(r, path);
	for (;;) {
		if (oci_tar_read_block(tar, &data, &n, err) < 0)
			return -1;
		if (n == 0)
			break;
		if (r->a->check)
			oci_hasher_add(r->hasher, data, n);
		if (is_sums && oci_apply_sums_add(r, data, n, err) < 0)
			return -1;
		if (r->a->sink.data(r->a->sink.ctx, data, n, err) < 0)
			return -1;
		oci_progress(r->a->out, OCI_EVENT_BYTES, "layers", n, NULL);
		r->a->bytes += n;
	}
	if (is_sums && oci_apply_sums_end(r, err) < 0)
		return -1;
	return r->a->sink.end(r->a->sink.ctx, err);
}

int oci_apply_emit(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e, const char *path,
		   struct oci_err **err)
{
	struct oci_tar_entry out = *e;
	struct oci_digest digest;

	out.path = path;
	if (r->a->sink.begin(r->a->sink.ctx, &out, err) < 0)
		return -1;
	if (e->type != OCI_TAR_FILE)
		return 0;
	if (emit_data(r, tar, path, err) < 0)
		return -1;
	r->a->files++;
	if (!r->a->check)
		return 0;
	oci_hasher_end(r->hasher, &digest);
	oci_tree_set_hash(&r->tree, oci_tree_at(&r->tree, path), &digest);
	return 0;
}

static int take_whiteout(struct oci_apply_run *r, enum oci_whiteout kind, const char *target)
{
	if (kind == OCI_WHITEOUT_OTHER)
		return 0;
	if (r->a->deletes)
		oci_strs_add_take(r->a->deletes, oci_printf("%s%s", target, kind == OCI_WHITEOUT_OPAQUE ? "/" : ""));
	struct oci_claim *c = oci_tree_at(&r->tree, target);
	uint16_t *mark = kind == OCI_WHITEOUT_PATH ? &c->whited : &c->opaque;

	if (*mark < r->layer)
		*mark = (uint16_t)r->layer;
	return 0;
}

/* The uppermost layer with a member for a folder says its mode and owner; the others only what stands in it. */
static int take_folder(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e,
		       const char *path, struct oci_err **err)
{
	struct oci_claim *c = oci_tree_find(&r->tree, path);
	bool replaced;

	if (oci_tree_hides(&r->tree, path, r->layer) || !selects_folder(r->a, path))
		return 0;
	if (c && c->layer > r->layer && c->kind != OCI_CLAIM_IMPLIED && c->kind != OCI_CLAIM_NONE)
		return 0;
	if (oci_tree_claim(&r->tree, path, r->layer, true, &c, &replaced, err) < 0)
		return -1;
	return oci_apply_emit(r, tar, e, path, err);
}

static bool is_device(const struct oci_tar_entry *e)
{
	return e->type == OCI_TAR_CHAR || e->type == OCI_TAR_BLOCK;
}

/* Read from the top one down, a layer cannot know that a folder it only implies is a link further below. */
static void tell_link(const struct oci_apply_run *r, const struct oci_tar_entry *e, const char *path)
{
	const struct oci_claim *c = oci_tree_find(&r->tree, path);

	if (e->type == OCI_TAR_SYMLINK && c && c->kind == OCI_CLAIM_IMPLIED && c->layer > r->layer &&
	    !oci_tree_hides(&r->tree, path, r->layer))
		oci_warn(r->a->out,
			 "%s: a link to %s in layer %u, and layer %u has files behind it: it becomes a folder, where a "
			 "container runtime would follow the link",
			 path, e->link, r->layer, c->layer);
}

static int take_other(struct oci_apply_run *r, struct oci_tar_read *tar, const struct oci_tar_entry *e,
		      const char *path, struct oci_err **err)
{
	struct oci_claim *c = oci_tree_find(&r->tree, path);
	bool replaced;

	tell_link(r, e, path);
	if (oci_tree_hides(&r->tree, path, r->layer) || (c && c->kind != OCI_CLAIM_NONE && c->layer > r->layer) ||
	    !oci_apply_selects(r->a, path))
		return oci_apply_unseen(r, tar, e, path, err);
	if (oci_tree_claim(&r->tree, path, r->layer, false, &c, &replaced, err) < 0)
		return -1;
	if (is_device(e) && !r->a->special) {
		c->waits = true; /* nothing can be linked to it */
		r->a->left_out++;
		return 0;
	}
	if (replaced && r->a->sink.drop && r->a->sink.drop(r->a->sink.ctx, path, err) < 0)
		return -1;
	if (e->type == OCI_TAR_HARDLINK)
		return oci_apply_link(r, path, e->link, err);
	if (oci_apply_emit(r, tar, e, path, err) < 0)
		return -1;
	return oci_apply_arrived(r, path, err);
}

static int take(void *ctx, struct oci_tar_read *tar, const struct oci_tar_entry *e, struct oci_err **err)
{
	struct oci_apply_run *r = ctx;
	auto_free char *path = NULL, *target = NULL;
	enum oci_whiteout kind;

	if (oci_tree_path(e->path, &path, err) < 0 || oci_whiteout_of(path, &kind, &target, err) < 0)
		return -1;
	if (r->links_only)
		return e->type == OCI_TAR_FILE ? oci_apply_unseen(r, tar, e, path, err) : 0;
	if (kind != OCI_WHITEOUT_NONE)
		return take_whiteout(r, kind, target);
	if (e->type == OCI_TAR_DIR)
		return take_folder(r, tar, e, path, err);
	if (!*path)
		return oci_fail(err, OCI_BADINPUT, "%s: the root cannot be anything but a folder", e->path);
	return take_other(r, tar, e, path, err);
}

static int read_layer(struct oci_apply_run *r, struct oci_err **err)
{
	const struct oci_layer *layer = &r->a->layers->v[r->layer - 1];

	if (oci_layer_each(&r->a->from, layer, take, r, err) < 0)
		return oci_fail_in(err, "layer %u of %zu", r->layer, r->a->layers->n);
	return 0;
}

static int apply_layer(struct oci_apply_run *r, struct oci_err **err)
{
	if (read_layer(r, err) < 0)
		return -1;
	oci_map_clear_with(&r->aliases, free);
	if (r->again.n == 0)
		return 0;
	struct oci_map waiting = r->waiting;

	r->waiting = r->again;
	r->links_only = true;
	int rc = read_layer(r, err);

	r->links_only = false;
	r->again = r->waiting;
	r->waiting = waiting;
	if (rc == 0 && oci_apply_links_end(&(struct oci_apply_run){ .waiting = r->again }, err) < 0)
		rc = -1;
	oci_apply_links_clear(&r->again);
	return rc;
}

static void run_clear(struct oci_apply_run *r)
{
	oci_tree_clear(&r->tree);
	oci_hasher_free(r->hasher);
	oci_apply_links_clear(&r->waiting);
	oci_apply_links_clear(&r->again);
	oci_map_clear_with(&r->aliases, free);
	oci_apply_sums_clear(&r->sums);
}

/* A sub-tree of another name would be an empty package. */
static int expect_selected(const struct oci_apply_run *r, struct oci_err **err)
{
	for (size_t i = 0; i < r->a->only.n; i++) {
		const char *path = r->a->only.v[i];
		const struct oci_claim *c = oci_tree_find(&r->tree, path);

		if (*path && (!c || c->kind == OCI_CLAIM_NONE))
			return oci_fail(err, OCI_NOTFOUND, "%s: no such file or folder in the image", path);
	}
	return 0;
}

int oci_apply_run(struct oci_apply *a, struct oci_err **err)
{
	OCI_AUTO(run_clear)
	struct oci_apply_run r = { .a = a, .tree = OCI_TREE, .hasher = oci_hasher_new(OCI_SHA256) };

	for (r.layer = (unsigned)a->layers->n; r.layer > 0; r.layer--)
		if (apply_layer(&r, err) < 0)
			return -1;
	if (oci_apply_links_end(&r, err) < 0 || expect_selected(&r, err) < 0)
		return -1;
	return a->check ? oci_apply_sums_check(&r, err) : 0;
}
