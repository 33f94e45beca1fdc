#include "storage/store.h"

#include "base/path.h"
#include "base/stream.h"
#include "digest/verify.h"
#include "storage/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NESTING_MAX 64 /* components of a repository's name */

struct oci_store {
	char *dir, *top;
	int fd; /* of top */
};

static int open_top(struct oci_store **out, const char *dir, struct oci_err **err)
{
	auto_free char *top = oci_path_join(dir, OCI_TREE_TOP);
	auto_fd int fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return oci_fail(err, OCI_NOTFOUND, "%s: not a registry store (no folder " OCI_TREE_TOP ")", dir);
	if (fd < 0)
		return oci_fail_errno(err, "%s", top);
	struct oci_store *s = oci_calloc(1, sizeof(*s));

	*s = (struct oci_store){ oci_strdup(dir), oci_steal(&top), oci_steal_fd(&fd) };
	*out = s;
	return 0;
}

int oci_store_open(struct oci_store **out, const char *dir, struct oci_err **err)
{
	if (!oci_path_is_dir(dir))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", dir);
	return open_top(out, dir, err);
}

int oci_store_create(struct oci_store **out, const char *dir, struct oci_err **err)
{
	auto_free char *marker = oci_path_join(dir, "oci-layout"), *top = oci_path_join(dir, OCI_TREE_TOP);

	if (oci_path_exists(marker))
		return oci_fail(err, OCI_CONFLICT,
				"%s: an OCI layout, so no place for a registry store; name another folder", dir);
	if (oci_path_mkdirs(top, err) < 0)
		return -1;
	return open_top(out, dir, err);
}

void oci_store_close(struct oci_store *s)
{
	if (!s)
		return;
	close(s->fd);
	free(s->dir);
	free(s->top);
	free(s);
}

void oci_store_closep(struct oci_store **s)
{
	oci_store_close(*s);
	*s = NULL;
}

int oci_store_fd(const struct oci_store *s)
{
	return s->fd;
}

const char *oci_store_dir(const struct oci_store *s)
{
	return s->dir;
}

int oci_store_repository_fd(const struct oci_store *s, const char *repository)
{
	auto_free char *path = oci_printf("repositories/%s", repository);

	return openat(s->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

struct walk {
	const struct oci_store *store;
	const char *repository; /* "" at the top */
	unsigned depth;
	struct oci_strs *out;
};

static int list_repositories(struct walk *w, struct oci_err **err);

static int meet_folder(void *ctx, const char *name, struct oci_err **err)
{
	const struct walk *w = ctx;

	if (oci_streq(name, "_manifests")) {
		if (*w->repository)
			oci_strs_add(w->out, w->repository);
		return 0;
	}
	/* _layers, _uploads, and whatever no repository can be called */
	if (!oci_ref_valid_repository(oci_slice(name)) || w->depth == NESTING_MAX)
		return 0;
	auto_free char *below = oci_path_join(w->repository, name);
	struct walk deeper = { w->store, below, w->depth + 1, w->out };

	return list_repositories(&deeper, err);
}

static int list_repositories(struct walk *w, struct oci_err **err)
{
	auto_free char *path = oci_printf("%s/repositories/%s", w->store->top, w->repository);

	return oci_path_is_dir(path) ? oci_path_each(path, meet_folder, w, err) : 0;
}

int oci_store_repositories(const struct oci_store *s, struct oci_strs *out, struct oci_err **err)
{
	struct walk w = { s, "", 0, out };

	if (list_repositories(&w, err) < 0)
		return -1;
	oci_strs_sort(out);
	return 0;
}

static int meet_tag(void *ctx, const char *name, struct oci_err **err)
{
	(void)err;
	if (oci_ref_valid_tag(oci_slice(name)))
		oci_strs_add(ctx, name);
	return 0;
}

int oci_store_tags(const struct oci_store *s, const char *repository, struct oci_strs *out, struct oci_err **err)
{
	auto_free char *path = oci_printf("%s/repositories/%s/_manifests/tags", s->top, repository);

	return oci_path_is_dir(path) ? oci_path_each(path, meet_tag, out, err) : 0;
}

struct collect {
	enum oci_algorithm algorithm;
	struct oci_digests *out;
};

static int meet_hex(void *ctx, const char *name, struct oci_err **err)
{
	const struct collect *c = ctx;
	struct oci_digest d;

	(void)err;
	if (oci_digest_parse_hex(c->algorithm, oci_slice(name), &d, NULL) == 0)
		*oci_vec_push(c->out) = d;
	return 0;
}

/* The digests that have a folder ALGORITHM/HEX in a folder of a repository. */
static int list_digests(const struct oci_store *s, const char *repository, const char *folder, struct oci_digests *out,
			struct oci_err **err)
{
	for (int a = OCI_SHA256; a <= OCI_SHA512; a++) {
		const struct oci_digest some = { .algorithm = a };
		auto_free char *path =
			oci_printf("%s/repositories/%s/%s/%s", s->top, repository, folder, oci_digest_algorithm(&some));
		struct collect c = { a, out };

		if (oci_path_is_dir(path) && oci_path_each(path, meet_hex, &c, err) < 0)
			return -1;
	}
	return 0;
}

int oci_store_revisions(const struct oci_store *s, const char *repository, struct oci_digests *out,
			struct oci_err **err)
{
	return list_digests(s, repository, "_manifests/revisions", out, err);
}

int oci_store_tag_history(const struct oci_store *s, const char *repository, const char *tag, struct oci_digests *out,
			  struct oci_err **err)
{
	auto_free char *folder = oci_printf("_manifests/tags/%s/index", tag);

	return list_digests(s, repository, folder, out, err);
}

int oci_store_tag(const struct oci_store *s, const char *repository, const char *tag, struct oci_digest *out,
		  struct oci_err **err)
{
	auto_fd int fd = oci_store_repository_fd(s, repository);

	if (fd < 0)
		return oci_fail(err, OCI_NOTFOUND, "%s: no repository %s", s->dir, repository);
	if (!oci_tree_link_read(fd, oci_tree_current((char[OCI_TREE_PATH]){ 0 }, tag), out))
		return oci_fail(err, OCI_NOTFOUND, "%s: no tag %s in repository %s", s->dir, tag, repository);
	return 0;
}

static bool has_link(const struct oci_store *s, const char *repository, const char *folder, const struct oci_digest *d)
{
	auto_fd int fd = oci_store_repository_fd(s, repository);
	struct oci_digest got;

	return fd >= 0 && oci_tree_link_read(fd, folder, &got) && oci_digest_same(&got, d);
}

bool oci_store_has_revision(const struct oci_store *s, const char *repository, const struct oci_digest *d)
{
	return has_link(s, repository, oci_tree_revision((char[OCI_TREE_PATH]){ 0 }, d), d);
}

bool oci_store_has_layer(const struct oci_store *s, const char *repository, const struct oci_digest *d)
{
	return has_link(s, repository, oci_tree_layer((char[OCI_TREE_PATH]){ 0 }, d), d);
}

char *oci_store_blob_path(const struct oci_store *s, const struct oci_digest *d)
{
	return oci_printf("%s/%s/data", s->top, oci_tree_blob((char[OCI_TREE_PATH]){ 0 }, d));
}

bool oci_store_blob_size(const struct oci_store *s, const struct oci_digest *d, uint64_t *size)
{
	auto_free char *path = oci_store_blob_path(s, d);
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	*size = (uint64_t)st.st_size;
	return true;
}

int oci_store_blob_read(const struct oci_store *s, const struct oci_digest *d, size_t max, struct oci_buf *out,
			struct oci_err **err)
{
	auto_free char *path = oci_store_blob_path(s, d);
	auto_reader struct oci_reader r = { 0 };
	struct oci_reader file;

	if (oci_reader_of_path(&file, path, err) < 0)
		return -1;
	r = oci_verify_reader(file, &(struct oci_expect){ path, *d, OCI_SIZE_UNKNOWN });
	return oci_reader_all(&r, path, max, out, err);
}

int oci_store_manifest(const struct oci_store *s, const struct oci_digest *d, struct oci_manifest *out,
		       struct oci_buf *bytes, struct oci_err **err)
{
	auto_buf struct oci_buf own = { 0 };
	struct oci_buf *b = bytes ? bytes : &own;

	if (oci_store_blob_read(s, d, OCI_MANIFEST_MAX, b, err) < 0)
		return -1;
	return oci_manifest_parse(OCI_DIGEST(d), b->data, b->len, NULL, out, err);
}

void oci_digests_clear(struct oci_digests *d)
{
	free(d->v);
	*d = (struct oci_digests){ 0 };
}
