#include "bundle/folder_layer.h"

#include "archive/deflate.h"
#include "base/map.h"
#include "base/out.h"
#include "base/path.h"
#include "bundle/xattrs.h"
#include "digest/hasher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024)
#define SAMPLES 64
#define SAMPLE (32 * 1024)
#define WORTH_IT 70 /* percent: packing that leaves more costs more than it saves */

struct pack {
	const struct oci_folder_layers *f;
	struct oci_tar_write *tar;
	struct oci_hasher *hasher;
	struct oci_map links;  /* path -> target of the seal's symlinks */
	struct oci_map firsts; /* files that have hard links -> their place in found->sums, plus one */
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

static int expect_sealed(const struct pack *p, const struct oci_folder_item *item, const struct oci_digest *digest,
			 struct oci_err **err)
{
	const struct oci_seal *seal = p->f->seal;
	const struct oci_sum *sum = sealed_sum(p, item->path);

	if (!seal || oci_starts(item->path, "SHA256SUMS.d/"))
		return 0;
	if (sum && oci_digest_same(&sum->digest, digest))
		return 0;
	return oci_fail(err, OCI_BADDIGEST, "%s: %s since the folder was sealed; seal it again: bundle-seal %s %s",
			item->path, sum ? "changed" : "came", seal->name, p->f->folder->dir);
}

static void note_file(struct pack *p, const char *own, const char *path, const struct oci_digest *digest)
{
	if (!p->f->found)
		return;
	oci_sums_add(&p->f->found->sums, path, digest);
	if (oci_map_has(&p->firsts, own))
		*oci_map_at(&p->firsts, own) = (void *)p->f->found->sums.n;
}

static int copy_data(struct pack *p, int fd, const struct oci_folder_item *item, struct oci_err **err)
{
	ssize_t n;

	oci_hasher_reset(p->hasher);
	while ((n = read(fd, p->chunk, CHUNK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return oci_fail_errno(err, "cannot read %s", item->path);
		oci_hasher_add(p->hasher, p->chunk, (size_t)n);
		if (oci_tar_write_data(p->tar, p->chunk, (size_t)n, err) < 0)
			return oci_fail_in(err, "it grew while it was read");
		oci_progress(p->f->out, OCI_EVENT_BYTES, p->f->folder->dir, (uint64_t)n, NULL);
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
	note_file(p, item->path, e->path, &digest);
	return expect_sealed(p, item, &digest, err);
}

static int check_link(const struct pack *p, const struct oci_folder_item *item, const struct oci_tar_entry *e,
		      struct oci_err **err)
{
	struct oci_seal *found = p->f->found;

	if (p->f->seal && !oci_streq(oci_map_get(&p->links, item->path), item->link))
		return oci_fail(err, OCI_BADDIGEST,
				"%s: changed since the folder was sealed; seal it again: bundle-seal %s %s", item->path,
				p->f->seal->name, p->f->folder->dir);
	if (found)
		*oci_vec_push(&found->symlinks) = (struct oci_pair){ oci_strdup(e->path), oci_strdup(e->link) };
	return 0;
}

/* A second name has the content of the first, which came before it. */
static int check_hardlink(struct pack *p, const struct oci_folder_item *item, const char *path, struct oci_err **err)
{
	const struct oci_sum *own = sealed_sum(p, item->path), *first = sealed_sum(p, item->link);

	if (p->f->seal && (!own || !first || !oci_digest_same(&own->digest, &first->digest)))
		return oci_fail(err, OCI_BADDIGEST,
				"%s: changed since the folder was sealed; seal it again: bundle-seal %s %s", item->path,
				p->f->seal->name, p->f->folder->dir);
	size_t place = (size_t)oci_map_get(&p->firsts, item->link);

	if (place) {
		struct oci_digest digest = p->f->found->sums.v[place - 1].digest;

		note_file(p, item->path, path, &digest);
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
	auto_free char *file = oci_path_join(p->f->folder->dir, item->path);
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

static int write_layer(struct pack *p, bool seal, enum oci_compression compression, struct oci_layers *out,
		       struct oci_err **err)
{
	auto_layer_write struct oci_layer_write *w = NULL;
	struct oci_layer layer = { 0 };

	if (oci_layer_write_open(&w, p->f->blobs, compression, err) < 0)
		return -1;
	p->tar = oci_layer_write_tar(w);
	if (add_prefix(p, err) < 0)
		return -1;
	for (size_t i = 0; i < p->f->folder->items.n; i++) {
		const struct oci_folder_item *item = &p->f->folder->items.v[i];

		if ((p->f->seal && is_seal_path(item->path)) == seal && add_item(p, item, err) < 0)
			return oci_fail_in(err, "%s", p->f->folder->dir);
	}
	if (oci_layer_write_end(w, &layer, err) < 0)
		return -1;
	*oci_vec_push(out) = layer;
	return 0;
}

/* Percent that quick packing leaves of one sample; a file that cannot be read will be found out later. */
static unsigned sample(const struct oci_folder *folder, const struct oci_folder_item *item, char *buf)
{
	auto_free char *file = oci_path_join(folder->dir, item->path);
	auto_fd int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : pread(fd, buf, SAMPLE, (off_t)(item->size > SAMPLE ? (item->size - SAMPLE) / 2 : 0));

	return n > 0 ? oci_deflate_estimate(buf, (size_t)n) : 100;
}

/* A look at the middle of some files, spread over all bytes: packages, images and archives are packed already. */
static enum oci_compression choose(const struct oci_folder *folder)
{
	auto_free char *buf = oci_realloc(NULL, SAMPLE, 1);
	uint64_t total = 0, passed = 0, next = 0, sum = 0, n = 0;

	for (size_t i = 0; i < folder->items.n; i++)
		total += folder->items.v[i].size;
	for (size_t i = 0; i < folder->items.n; i++) {
		const struct oci_folder_item *item = &folder->items.v[i];

		passed += item->size;
		if (item->type != OCI_TAR_FILE || item->size == 0 || passed < next)
			continue;
		sum += sample(folder, item, buf);
		n++;
		next = passed + total / SAMPLES;
	}
	return n && sum / n < WORTH_IT ? OCI_GZIP : OCI_PLAIN;
}

static void pack_clear(struct pack *p)
{
	oci_map_clear(&p->links);
	oci_map_clear(&p->firsts);
	oci_hasher_free(p->hasher);
	free(p->chunk);
}

static void index_links(struct pack *p)
{
	const struct oci_seal *seal = p->f->seal;

	for (size_t i = 0; seal && i < seal->symlinks.n; i++)
		oci_map_add(&p->links, seal->symlinks.v[i].key, seal->symlinks.v[i].value);
}

static void index_firsts(struct pack *p)
{
	for (size_t i = 0; i < p->f->folder->items.n; i++)
		if (p->f->folder->items.v[i].type == OCI_TAR_HARDLINK)
			oci_map_add(&p->firsts, p->f->folder->items.v[i].link, NULL);
}

static int fail_gone(const struct pack *p, const char *path, struct oci_err **err)
{
	return oci_fail(err, OCI_BADDIGEST,
			"%s: %s: went away since the folder was sealed; seal it again: bundle-seal %s %s",
			p->f->folder->dir, path, p->f->seal->name, p->f->folder->dir);
}

/* Everything that the seal names must be there still. */
static int expect_all(const struct pack *p, const struct oci_seal *seal, struct oci_err **err)
{
	auto_free bool *there = oci_calloc(seal->sums.n + 1, sizeof(bool));
	auto_map struct oci_map links = { 0 };

	for (size_t i = 0; i < p->f->folder->items.n; i++) {
		const char *path = p->f->folder->items.v[i].path;
		const struct oci_sum *sum = sealed_sum(p, path);

		if (sum)
			there[sum - seal->sums.v] = true;
		else if (p->f->folder->items.v[i].type == OCI_TAR_SYMLINK)
			oci_map_add(&links, path, NULL);
	}
	for (size_t i = 0; i < seal->sums.n; i++)
		if (!there[i])
			return fail_gone(p, seal->sums.v[i].path, err);
	for (size_t i = 0; i < seal->symlinks.n; i++)
		if (!oci_map_has(&links, seal->symlinks.v[i].key))
			return fail_gone(p, seal->symlinks.v[i].key, err);
	return 0;
}

int oci_folder_layers(const struct oci_folder_layers *f, struct oci_layers *out, struct oci_err **err)
{
	OCI_AUTO(pack_clear)
	struct pack p = { .f = f, .hasher = oci_hasher_new(OCI_SHA256), .chunk = oci_realloc(NULL, CHUNK, 1) };
	enum oci_compression compression =
		f->compression < 0 ? choose(f->folder) : (enum oci_compression)f->compression;

	index_links(&p);
	index_firsts(&p);
	if ((f->seal && expect_all(&p, f->seal, err) < 0) || write_layer(&p, false, compression, out, err) < 0)
		return -1;
	return f->seal ? write_layer(&p, true, OCI_GZIP, out, err) : 0;
}
