#include "image/blobs.h"

#include "base/outfile.h"
#include "base/path.h"
#include "digest/hasher.h"
#include "digest/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

struct oci_blobs {
	char *dir;     /* LAYOUT/blobs */
	char *partial; /* LAYOUT/blobs/.partial */
	bool fanned;   /* as a registry stores them: ALGORITHM/ab/HEX/data */
	bool holds;
	OCI_VEC(struct oci_digest) held; /* whole in their partial files, and not yet named */
};

int oci_blobs_open(struct oci_blobs **out, const char *layout_dir, bool create, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(layout_dir, "blobs"), *partial = oci_path_join(dir, ".partial");
	auto_free char *sha256 = oci_path_join(dir, "sha256");

	if (create) {
		if (oci_path_mkdirs(sha256, err) < 0)
			return -1;
	} else if (!oci_path_is_dir(dir)) {
		return oci_fail(err, OCI_NOTFOUND, "%s: not an OCI layout (no blobs folder)", layout_dir);
	}
	struct oci_blobs *b = oci_calloc(1, sizeof(*b));

	*b = (struct oci_blobs){ .dir = oci_steal(&dir), .partial = oci_steal(&partial) };
	*out = b;
	return 0;
}

int oci_blobs_open_fanned(struct oci_blobs **out, const char *dir, struct oci_err **err)
{
	if (!oci_path_is_dir(dir))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", dir);
	*out = oci_calloc(1, sizeof(**out));
	**out = (struct oci_blobs){ .dir = oci_strdup(dir), .partial = oci_path_join(dir, ".partial"), .fanned = true };
	return 0;
}

void oci_blobs_close(struct oci_blobs *b)
{
	if (b) {
		free(b->held.v);
		free(b->dir);
		free(b->partial);
		free(b);
	}
}

void oci_blobs_closep(struct oci_blobs **b)
{
	oci_blobs_close(*b);
	*b = NULL;
}

char *oci_blobs_path(const struct oci_blobs *b, const struct oci_digest *d)
{
	const char *hex = OCI_HEX(d);

	if (b->fanned)
		return oci_printf("%s/%s/%.2s/%s/data", b->dir, oci_digest_algorithm(d), hex, hex);
	return oci_printf("%s/%s/%s", b->dir, oci_digest_algorithm(d), hex);
}

char *oci_blobs_partial(const struct oci_blobs *b, const struct oci_digest *d)
{
	return oci_printf("%s/%s-%s", b->partial, oci_digest_algorithm(d), OCI_HEX(d));
}

static bool file_size(const char *path, uint64_t *size)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	*size = (uint64_t)st.st_size;
	return true;
}

bool oci_blobs_has(const struct oci_blobs *b, const struct oci_digest *d, uint64_t size)
{
	auto_free char *path = oci_blobs_path(b, d);
	uint64_t have;

	return file_size(path, &have) && (size == OCI_SIZE_UNKNOWN || have == size);
}

bool oci_blobs_has_desc(const struct oci_blobs *b, const struct oci_desc *d)
{
	return oci_blobs_has(b, &d->digest, d->size);
}

uint64_t oci_blobs_partial_size(const struct oci_blobs *b, const struct oci_digest *d)
{
	auto_free char *path = oci_blobs_partial(b, d);
	uint64_t size = 0;

	return file_size(path, &size) ? size : 0;
}

/* Folders are made when first needed: sha512 is rare, and an absent .partial shows that nothing is under way. */
static int make_folders(const struct oci_blobs *b, const struct oci_digest *d, struct oci_err **err)
{
	auto_free char *sub = oci_path_join(b->dir, oci_digest_algorithm(d));

	return oci_path_mkdirs(sub, err);
}

static void digest_of(const void *data, size_t n, enum oci_algorithm algorithm, struct oci_digest *out)
{
	auto_hasher struct oci_hasher *h = oci_hasher_new(algorithm);

	oci_hasher_add(h, data, n);
	oci_hasher_end(h, out);
}

int oci_blobs_put(struct oci_blobs *b, const void *data, size_t n, const struct oci_digest *expect,
		  struct oci_digest *out, struct oci_err **err)
{
	struct oci_digest digest;

	digest_of(data, n, expect ? expect->algorithm : OCI_SHA256, &digest);
	if (expect &&
	    oci_verify(&(struct oci_expect){ OCI_DIGEST(expect), *expect, OCI_SIZE_UNKNOWN }, &digest, n, err) < 0)
		return -1;
	if (out)
		*out = digest;
	auto_free char *path = oci_blobs_path(b, &digest);
	auto_outfile struct oci_outfile *f = NULL;

	if (oci_blobs_has(b, &digest, n))
		return 0;
	if (make_folders(b, &digest, err) < 0 || oci_outfile_open(&f, path, err) < 0 ||
	    oci_outfile_write(f, data, n, err) < 0)
		return -1;
	oci_outfile_unsynced(f);
	return oci_outfile_commit(f, err);
}

int oci_blobs_reader(const struct oci_blobs *b, const struct oci_desc *d, struct oci_reader *out, struct oci_err **err)
{
	auto_free char *path = oci_blobs_path(b, &d->digest);
	struct oci_reader file;

	if (oci_reader_of_path(&file, path, err) < 0)
		return -1;
	*out = oci_verify_reader(file, &(struct oci_expect){ path, d->digest, d->size });
	return 0;
}

int oci_blobs_read(const struct oci_blobs *b, const struct oci_desc *d, size_t max, struct oci_buf *out,
		   struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };

	if (d->size > max)
		return oci_fail(err, OCI_BADINPUT, "%s: %llu bytes are more than the %zu allowed here",
				OCI_DIGEST(&d->digest), (unsigned long long)d->size, max);
	if (oci_blobs_reader(b, d, &r, err) < 0)
		return -1;
	return oci_reader_all(&r, OCI_DIGEST(&d->digest), max, out, err);
}

int oci_blobs_check(const struct oci_blobs *b, const struct oci_desc *d, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };

	return oci_blobs_reader(b, d, &r, err) < 0 ? -1 : oci_reader_drain(&r, err);
}

int oci_blobs_link(struct oci_blobs *b, const struct oci_desc *d, const char *file, bool *linked, struct oci_err **err)
{
	auto_free char *path = oci_blobs_path(b, &d->digest);

	if (make_folders(b, &d->digest, err) < 0)
		return -1;
	*linked = link(file, path) == 0 || (errno == EEXIST && oci_blobs_has_desc(b, d));
	return 0;
}

void oci_blobs_hold_names(struct oci_blobs *b)
{
	b->holds = true;
}

char *oci_blobs_landing(const struct oci_blobs *b, const struct oci_digest *d)
{
	return b->holds ? oci_blobs_partial(b, d) : oci_blobs_path(b, d);
}

void oci_blobs_landed(struct oci_blobs *b, const struct oci_digest *d)
{
	if (b->holds)
		*oci_vec_push(&b->held) = *d;
}

int oci_blobs_store(struct oci_blobs *b, const struct oci_desc *d, struct oci_reader *from, struct oci_err **err)
{
	auto_free char *path = oci_blobs_landing(b, &d->digest);
	auto_outfile struct oci_outfile *f = NULL;
	auto_hasher struct oci_hasher *h = oci_hasher_new(d->digest.algorithm);
	auto_free char *chunk = oci_realloc(NULL, CHUNK, 1);
	struct oci_digest got;
	uint64_t size = 0;
	ssize_t n;

	if (oci_path_mkdirs_for(path, err) < 0 || oci_outfile_open(&f, path, err) < 0)
		return -1;
	while ((n = oci_reader_read(from, chunk, CHUNK, err)) > 0) {
		oci_hasher_add(h, chunk, (size_t)n);
		size += (uint64_t)n;
		if (oci_outfile_write(f, chunk, (size_t)n, err) < 0)
			return -1;
	}
	oci_hasher_end(h, &got);
	if (n < 0 || oci_verify(&(struct oci_expect){ path, d->digest, d->size }, &got, size, err) < 0)
		return -1;
	oci_outfile_unsynced(f);
	if (oci_outfile_commit(f, err) < 0)
		return -1;
	oci_blobs_landed(b, &d->digest);
	return 0;
}

/* A blob without a digest yet cannot be continued: what a killed run left of one is of no use. */
static int drop_new(void *ctx, const char *name, struct oci_err **err)
{
	const struct oci_blobs *b = ctx;
	auto_free char *path = oci_path_join(b->partial, name);

	if (oci_starts(name, "new-") && unlink(path) < 0 && errno != ENOENT)
		return oci_fail_errno(err, "cannot remove %s", path);
	return 0;
}

static int name_held(struct oci_blobs *b, struct oci_err **err)
{
	for (; b->held.n; b->held.n--) {
		const struct oci_digest *d = &b->held.v[b->held.n - 1];
		auto_free char *partial = oci_blobs_partial(b, d), *path = oci_blobs_path(b, d);

		if (make_folders(b, d, err) < 0)
			return -1;
		if (rename(partial, path) < 0)
			return oci_fail_errno(err, "cannot write %s", path);
	}
	return 0;
}

int oci_blobs_settle(struct oci_blobs *b, struct oci_err **err)
{
	if (oci_path_is_dir(b->partial) && oci_path_each(b->partial, drop_new, b, err) < 0)
		return -1;
	if (oci_path_sync_all(b->dir, err) < 0 || name_held(b, err) < 0)
		return -1;
	if (rmdir(b->partial) < 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
		return oci_fail_errno(err, "cannot remove %s", b->partial);
	return 0;
}

static int drop_partial(void *ctx, const char *name, struct oci_err **err)
{
	auto_free char *path = oci_path_join(ctx, name);

	if (oci_ends(name, ".partial") && unlink(path) < 0 && errno != ENOENT)
		return oci_fail_errno(err, "cannot remove %s", path);
	return 0;
}

/* Those on their way from elsewhere have a folder; those that were written at once stand beside the whole ones. */
int oci_blobs_tidy(struct oci_blobs *b, struct oci_err **err)
{
	for (enum oci_algorithm a = OCI_SHA256; a <= OCI_SHA512; a++) {
		auto_free char *dir =
			oci_path_join(b->dir, oci_digest_algorithm(&(struct oci_digest){ .algorithm = a }));

		if (oci_path_is_dir(dir) && oci_path_each(dir, drop_partial, dir, err) < 0)
			return -1;
	}
	return oci_path_remove_tree(b->partial, err);
}

struct oci_blob_new {
	struct oci_blobs *blobs;
	char *path;
	int fd;
	struct oci_hasher *hasher;
	uint64_t size;
};

int oci_blob_new_open(struct oci_blob_new **out, struct oci_blobs *b, struct oci_err **err)
{
	auto_free char *path = oci_printf("%s/new-XXXXXX", b->partial);

	if (oci_path_mkdirs(b->partial, err) < 0)
		return -1;
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		return oci_fail_errno(err, "cannot write %s", path);
	fchmod(fd, 0644);
	struct oci_blob_new *w = oci_calloc(1, sizeof(*w));

	*w = (struct oci_blob_new){ b, oci_steal(&path), fd, oci_hasher_new(OCI_SHA256), 0 };
	*out = w;
	return 0;
}

int oci_blob_new_write(struct oci_blob_new *w, const void *data, size_t n, struct oci_err **err)
{
	oci_hasher_add(w->hasher, data, n);
	w->size += n;
	return oci_file_write_fd(w->fd, w->path, data, n, err);
}

int oci_blob_new_end(struct oci_blob_new *w, struct oci_digest *digest, uint64_t *size, struct oci_err **err)
{
	oci_hasher_end(w->hasher, digest);
	*size = w->size;
	auto_free char *path = oci_blobs_path(w->blobs, digest);

	if (make_folders(w->blobs, digest, err) < 0)
		return -1;
	if (rename(w->path, path) < 0)
		return oci_fail_errno(err, "cannot write %s", path);
	free(oci_steal(&w->path));
	return 0;
}

void oci_blob_new_closep(struct oci_blob_new **w)
{
	if (!*w)
		return;
	if ((*w)->path)
		unlink((*w)->path);
	close((*w)->fd);
	oci_hasher_free((*w)->hasher);
	free((*w)->path);
	free(*w);
	*w = NULL;
}
