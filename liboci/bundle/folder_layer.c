#include "bundle/folder_layer.h"

#include "base/map.h"
#include "base/out.h"
#include "base/path.h"
#include "bundle/folder_look.h"
#include "bundle/xattrs.h"
#include "digest/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

struct pack {
	const struct oci_folder_layers *f;
	struct oci_tar_write *tar;
	struct oci_hasher *hasher;
	bool seal;		/* the layer of the seal is being written, not that of the content */
	bool *there;		/* which of the seal's sums, and behind them of its symlinks, were met */
	struct oci_map links;	/* path -> one of the seal's symlinks */
	OCI_VEC(size_t) inodes; /* files that have several names, by number: their place in found->sums, plus one */
	struct oci_folder_look look;
	char *chunk;
};

static bool is_seal_path(const char *path)
{
	return oci_streq(path, "modules.d") || oci_streq(path, "SHA256SUMS.d") || oci_starts(path, "modules.d/") ||
	       oci_starts(path, "SHA256SUMS.d/");
}

static const struct oci_sum *sealed_sum(const struct pack *p, const char *path)
{
	return p->f->seal ? oci_sums_find(&p->f->seal->sums, path) : NULL;
}

static int fail_since(const struct pack *p, const char *path, const char *what, struct oci_err **err)
{
	return oci_fail(err, OCI_BADDIGEST, "%s: %s since the folder was sealed; seal it again: bundle-seal %s %s",
			path, what, p->f->seal->name, p->f->dir);
}

static int expect_sealed(const struct pack *p, const struct oci_folder_item *item, const struct oci_digest *digest,
			 struct oci_err **err)
{
	const struct oci_sum *sum = sealed_sum(p, item->path);

	if (!p->f->seal || oci_starts(item->path, "SHA256SUMS.d/"))
		return 0;
	if (sum && oci_digest_same(&sum->digest, digest))
		return 0;
	return fail_since(p, item->path, sum ? "changed" : "came", err);
}

static void note_file(struct pack *p, const struct oci_folder_item *item, const char *path,
		      const struct oci_digest *digest)
{
	if (!p->f->found)
		return;
	oci_sums_add(&p->f->found->sums, path, digest);
	if (item->inode && item->type == OCI_TAR_FILE)
		*oci_vec_push(&p->inodes) = p->f->found->sums.n;
}

static int copy_data(struct pack *p, int fd, const struct oci_folder_item *item, struct oci_err **err)
{
	uint64_t left = item->size;
	ssize_t n;

	oci_hasher_reset(p->hasher);
	while ((n = read(fd, p->chunk, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return oci_fail_errno(err, "cannot read %s", item->path);
		if ((uint64_t)n > left)
			return oci_fail(err, OCI_FAILED, "%s: it grew while it was read", item->path);
		left -= (uint64_t)n;
		oci_hasher_add(p->hasher, p->chunk, (size_t)n);
		if (oci_tar_write_data(p->tar, p->chunk, (size_t)n, err) < 0)
			return -1;
		oci_progress(p->f->out, OCI_EVENT_BYTES, p->f->dir, (uint64_t)n, NULL);
	}
	return 0;
}

static int add_file(struct pack *p, const char *file, const struct oci_folder_item *item, const struct oci_tar_entry *e,
		    struct oci_err **err)
{
	auto_fd int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct oci_digest digest;

	if (fd < 0)
		return oci_fail_errno(err, "%s", item->path);
	if (oci_tar_write_entry(p->tar, e, err) < 0 || copy_data(p, fd, item, err) < 0)
		return -1;
	oci_hasher_end(p->hasher, &digest);
	note_file(p, item, e->path, &digest);
	return expect_sealed(p, item, &digest, err);
}

static bool is_sealed_link(const struct pack *p, const struct oci_folder_item *item)
{
	const struct oci_pair *link = oci_map_get(&p->links, item->path);

	return link && oci_streq(link->value, item->link);
}

static int check_link(const struct pack *p, const struct oci_folder_item *item, const struct oci_tar_entry *e,
		      struct oci_err **err)
{
	struct oci_seal *found = p->f->found;

	if (p->f->seal && !is_sealed_link(p, item))
		return fail_since(p, item->path, "changed", err);
	if (found)
		*oci_vec_push(&found->symlinks) = (struct oci_pair){ oci_strdup(e->path), oci_strdup(e->link) };
	return 0;
}

/* A second name has the content of the first, which came before it. */
static int check_hardlink(struct pack *p, const struct oci_folder_item *item, const char *path, struct oci_err **err)
{
	const struct oci_sum *own = sealed_sum(p, item->path), *first = sealed_sum(p, item->link);

	if (p->f->seal && (!own || !first || !oci_digest_same(&own->digest, &first->digest)))
		return fail_since(p, item->path, "changed", err);
	if (p->f->found) {
		struct oci_digest digest = p->f->found->sums.v[p->inodes.v[item->inode - 1] - 1].digest;

		note_file(p, item, path, &digest);
	}
	return 0;
}

static int refuse(const struct oci_folder_item *item, struct oci_err **err)
{
	if (oci_starts(oci_path_base(item->path), ".wh."))
		return oci_fail(err, OCI_BADINPUT, "%s: in an image this name would delete another file; rename it",
				item->path);
	if (item->type == OCI_TAR_CHAR || item->type == OCI_TAR_BLOCK || item->type == OCI_TAR_FIFO)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: neither file, folder nor link; remove it", item->path);
	return 0;
}

static int add_item(struct pack *p, const struct oci_folder_item *item, struct oci_err **err)
{
	auto_free char *file = oci_path_join(p->f->dir, item->path);
	auto_free char *path = p->f->prefix ? oci_path_join(p->f->prefix, item->path) : oci_strdup(item->path);
	auto_free char *link = item->type == OCI_TAR_HARDLINK && p->f->prefix ? oci_path_join(p->f->prefix, item->link)
									      : oci_strdup(item->link);
	auto_xattrs struct oci_xattrs xattrs = { 0 };
	struct oci_tar_entry e = { .type = item->type,
				   .path = path,
				   .link = link,
				   .size = item->size,
				   .mode = item->mode,
				   .mtime = p->f->mtime };

	if (refuse(item, err) < 0 || oci_xattrs_read(file, &xattrs, err) < 0)
		return -1;
	e.xattrs = xattrs.v;
	e.n_xattrs = xattrs.n;
	if (item->type == OCI_TAR_FILE)
		return add_file(p, file, item, &e, err);
	if (item->type == OCI_TAR_SYMLINK && check_link(p, item, &e, err) < 0)
		return -1;
	if (item->type == OCI_TAR_HARDLINK && check_hardlink(p, item, path, err) < 0)
		return -1;
	if (item->empty && p->f->found)
		oci_strs_add(&p->f->found->empty, path);
	return oci_tar_write_entry(p->tar, &e, err);
}

/* Cross off what the seal names. */
static void meet(struct pack *p, const struct oci_folder_item *item)
{
	const struct oci_seal *seal = p->f->seal;

	if (!seal)
		return;
	const struct oci_sum *sum = sealed_sum(p, item->path);
	const struct oci_pair *link = item->type == OCI_TAR_SYMLINK ? oci_map_get(&p->links, item->path) : NULL;

	if (sum && item->type != OCI_TAR_DIR)
		p->there[sum - seal->sums.v] = true;
	if (link)
		p->there[seal->sums.n + (size_t)(link - seal->symlinks.v)] = true;
}

static int expect_met(struct pack *p, size_t i, const char *path, bool seal, struct oci_err **err)
{
	bool met = p->there[i];

	p->there[i] = false; /* for the next time */
	if (met || is_seal_path(path) != seal)
		return 0;
	fail_since(p, path, "went away", err);
	return oci_fail_in(err, "%s", p->f->dir);
}

/* Everything that the seal names must be there still: of the content, or of the seal itself. */
static int expect_all(struct pack *p, bool seal, struct oci_err **err)
{
	const struct oci_seal *s = p->f->seal;

	for (size_t i = 0; i < s->sums.n; i++)
		if (expect_met(p, i, s->sums.v[i].path, seal, err) < 0)
			return -1;
	for (size_t i = 0; i < s->symlinks.n; i++)
		if (expect_met(p, s->sums.n + i, s->symlinks.v[i].key, seal, err) < 0)
			return -1;
	return 0;
}

/* The folders of the prefix have no member of their own yet. */
static int add_prefix(struct pack *p, struct oci_err **err)
{
	const char *prefix = p->f->prefix;

	for (size_t n = 0; prefix && prefix[n];) {
		n += strcspn(prefix + n + (n > 0), "/") + (n > 0);
		auto_free char *path = oci_strndup(prefix, n);
		struct oci_tar_entry e = { .type = OCI_TAR_DIR, .path = path, .mode = 0755, .mtime = p->f->mtime };

		if (oci_tar_write_entry(p->tar, &e, err) < 0)
			return -1;
	}
	return 0;
}

static int write_item(void *ctx, struct oci_folder_item *item, struct oci_err **err)
{
	struct pack *p = ctx;

	if ((p->f->seal && is_seal_path(item->path)) != p->seal)
		return OCI_FOLDER_SKIP;
	meet(p, item);
	return add_item(p, item, err);
}

static int write_layer(struct pack *p, bool seal, enum oci_compression compression, struct oci_layers *out,
		       struct oci_err **err)
{
	auto_layer_write struct oci_layer_write *w = NULL;
	struct oci_layer layer = { 0 };

	if (oci_layer_write_open(&w, p->f->blobs, compression, err) < 0)
		return -1;
	p->tar = oci_layer_write_tar(w);
	p->seal = seal;
	if (add_prefix(p, err) < 0 || oci_folder_each(p->f->dir, write_item, p, err) < 0 ||
	    (p->f->seal && expect_all(p, seal, err) < 0) || oci_layer_write_end(w, &layer, err) < 0)
		return -1;
	*oci_vec_push(out) = layer;
	return 0;
}

static void pack_clear(struct pack *p)
{
	oci_map_clear(&p->links);
	oci_hasher_free(p->hasher);
	oci_folder_look_clear(&p->look);
	free(p->inodes.v);
	free(p->there);
	free(p->chunk);
}

static int look(void *ctx, struct oci_folder_item *item, struct oci_err **err)
{
	struct pack *p = ctx;

	(void)err;
	meet(p, item);
	oci_folder_look_at(&p->look, item);
	return 0;
}

static void index_seal(struct pack *p)
{
	const struct oci_seal *seal = p->f->seal;

	p->there = oci_calloc(seal->sums.n + seal->symlinks.n + 1, sizeof(bool));
	for (size_t i = 0; i < seal->symlinks.n; i++)
		oci_map_add(&p->links, seal->symlinks.v[i].key, &seal->symlinks.v[i]);
}

/* What is gone is said before anything is packed; what goes meanwhile is met no more. */
static int prepare(struct pack *p, enum oci_compression *compression, struct oci_err **err)
{
	const struct oci_folder_layers *f = p->f;

	*compression = (enum oci_compression)f->compression;
	if (f->seal)
		index_seal(p);
	if (!f->seal && f->compression >= 0)
		return 0;
	if (oci_folder_each(f->dir, look, p, err) < 0 || (f->seal && expect_all(p, false, err) < 0))
		return -1;
	if (f->compression < 0)
		*compression = oci_folder_look_end(&p->look, f->dir);
	return 0;
}

int oci_folder_layers(const struct oci_folder_layers *f, struct oci_layers *out, struct oci_err **err)
{
	OCI_AUTO(pack_clear)
	struct pack p = { .f = f, .hasher = oci_hasher_new(OCI_SHA256), .chunk = oci_realloc(NULL, CHUNK, 1) };
	enum oci_compression compression;

	if (prepare(&p, &compression, err) < 0 || write_layer(&p, false, compression, out, err) < 0)
		return -1;
	return f->seal ? write_layer(&p, true, OCI_GZIP, out, err) : 0;
}
