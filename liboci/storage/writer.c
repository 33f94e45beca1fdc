#include "storage/writer.h"

#include "base/file.h"
#include "base/map.h"
#include "base/outfile.h"
#include "base/path.h"
#include "base/stream.h"
#include "digest/verify.h"
#include "storage/tree.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct oci_store_writer {
	struct oci_store *store;
	bool copy;
	struct oci_map placed; /* digests whose blob is known to be in the store; of all repositories */
	struct oci_map linked; /* folders of link files known to be right; of this repository */
	char *repository;
	int fd; /* of the repository's folder */
	struct oci_store_done done;
};

struct oci_store_writer *oci_store_writer_new(struct oci_store *store, bool copy)
{
	struct oci_store_writer *w = oci_calloc(1, sizeof(*w));

	w->store = store;
	w->copy = copy;
	w->fd = -1;
	return w;
}

static void leave_repository(struct oci_store_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	free(oci_steal(&w->repository));
	oci_map_clear(&w->linked);
}

void oci_store_writer_free(struct oci_store_writer *w)
{
	if (!w)
		return;
	leave_repository(w);
	oci_map_clear(&w->placed);
	free(w);
}

void oci_store_writer_freep(struct oci_store_writer **w)
{
	oci_store_writer_free(*w);
	*w = NULL;
}

int oci_store_writer_begin(struct oci_store_writer *w, const char *repository, struct oci_err **err)
{
	auto_free char *path = oci_printf("repositories/%s", repository);
	bool made;

	w->done = (struct oci_store_done){ 0 };
	if (oci_streq(w->repository, repository))
		return 0;
	leave_repository(w);
	if (oci_tree_mkdir(oci_store_fd(w->store), path, &made, err) < 0)
		return oci_fail_in(err, "%s", oci_store_dir(w->store));
	w->fd = oci_store_repository_fd(w->store, repository);
	if (w->fd < 0)
		return oci_fail_errno(err, "%s: %s", oci_store_dir(w->store), path);
	w->repository = oci_strdup(repository);
	return 0;
}

const struct oci_store_done *oci_store_writer_done(const struct oci_store_writer *w)
{
	return &w->done;
}

/* A link file in folder `in` of the repository, unless it is there and right. */
static int write_link(struct oci_store_writer *w, const char *in, const struct oci_digest *d, struct oci_err **err)
{
	struct oci_digest now;
	bool made;

	if (oci_tree_mkdir(w->fd, in, &made, err) < 0)
		return oci_fail_in(err, "%s: %s", oci_store_dir(w->store), w->repository);
	if (!made && oci_tree_link_read(w->fd, in, &now) && oci_digest_same(&now, d))
		return 0;
	if (oci_tree_link_write(w->fd, in, d, err) < 0)
		return oci_fail_in(err, "%s: %s", oci_store_dir(w->store), w->repository);
	w->done.links++;
	return 0;
}

/* As write_link, for link files whose place tells what they say, so that once is enough for many images. */
static int put_link(struct oci_store_writer *w, const char *in, const struct oci_digest *d, struct oci_err **err)
{
	if (oci_map_has(&w->linked, in))
		return 0;
	if (write_link(w, in, d, err) < 0)
		return -1;
	oci_map_add(&w->linked, in, NULL);
	return 0;
}

/* Stream the file aside, checking it: there its bytes are read anyway. */
static int copy_checked(const char *from, struct oci_outfile *to, const struct oci_desc *d, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };
	struct oci_writer w = oci_outfile_writer(to);
	struct oci_reader file;

	if (oci_reader_of_path(&file, from, err) < 0)
		return -1;
	r = oci_verify_reader(file, &(struct oci_expect){ from, d->digest, d->size });
	return oci_stream_copy(&r, &w, NULL, err);
}

static int copy_blob(const char *from, const char *to, const struct oci_desc *d, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;
	auto_fd int in = open(from, O_RDONLY | O_CLOEXEC);

	if (in < 0)
		return oci_fail_errno(err, "%s", from);
	if (oci_outfile_open(&f, to, err) < 0)
		return -1;
	if (ioctl(oci_outfile_fd(f), FICLONE, in) < 0 && copy_checked(from, f, d, err) < 0)
		return -1;
	oci_outfile_unsynced(f);
	return oci_outfile_commit(f, err);
}

static bool may_link(const struct oci_store_writer *w, const char *file)
{
	struct stat st;

	return !w->copy && stat(file, &st) == 0 && (st.st_mode & 0444) == 0444;
}

static int place_blob(struct oci_store_writer *w, const struct oci_desc *d, const char *file, const char *folder,
		      struct oci_err **err)
{
	char data[OCI_TREE_PATH + 8];
	int top = oci_store_fd(w->store);
	struct stat st;

	snprintf(data, sizeof(data), "%s/data", folder);
	if (may_link(w, file) && linkat(AT_FDCWD, file, top, data, AT_SYMLINK_FOLLOW) == 0) {
		w->done.linked++;
		return 0;
	}
	/* What stands there with another size is a remnant of a crash; a copy replaces it. */
	if (fstatat(top, data, &st, 0) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == d->size)
		return 0;
	auto_free char *to = oci_store_blob_path(w->store, &d->digest);

	w->done.copied++;
	return copy_blob(file, to, d, err);
}

static int put_blob(struct oci_store_writer *w, const struct oci_desc *d, const char *file, struct oci_err **err)
{
	char folder[OCI_TREE_PATH];
	bool made;

	oci_tree_blob(folder, &d->digest);
	if (oci_map_has(&w->placed, folder))
		return 0;
	if (oci_tree_mkdir(oci_store_fd(w->store), folder, &made, err) < 0)
		return oci_fail_in(err, "%s", oci_store_dir(w->store));
	if (place_blob(w, d, file, folder, err) < 0)
		return -1;
	oci_map_add(&w->placed, folder, NULL);
	return 0;
}

int oci_store_writer_layer(struct oci_store_writer *w, const struct oci_desc *d, const char *file, struct oci_err **err)
{
	if (put_blob(w, d, file, err) < 0)
		return -1;
	return put_link(w, oci_tree_layer((char[OCI_TREE_PATH]){ 0 }, &d->digest), &d->digest, err);
}

int oci_store_writer_revision(struct oci_store_writer *w, const struct oci_desc *d, const char *file,
			      struct oci_err **err)
{
	if (put_blob(w, d, file, err) < 0)
		return -1;
	return put_link(w, oci_tree_revision((char[OCI_TREE_PATH]){ 0 }, &d->digest), &d->digest, err);
}

int oci_store_writer_document(struct oci_store_writer *w, const struct oci_buf *bytes, struct oci_desc *d,
			      struct oci_err **err)
{
	bool made;

	oci_digest_of(bytes->data, bytes->len, &d->digest);
	d->size = bytes->len;
	auto_free char *path = oci_store_blob_path(w->store, &d->digest);

	if (oci_tree_mkdir(oci_store_fd(w->store), oci_tree_blob((char[OCI_TREE_PATH]){ 0 }, &d->digest), &made, err) <
		    0 ||
	    oci_file_replace(path, bytes->data, bytes->len, err) < 0)
		return -1;
	return put_link(w, oci_tree_revision((char[OCI_TREE_PATH]){ 0 }, &d->digest), &d->digest, err);
}

/* What tag stands for now; false when it is not there. */
static bool read_tag(const struct oci_store_writer *w, const char *tag, struct oci_digest *now)
{
	return oci_tree_link_read(w->fd, oci_tree_current((char[OCI_TREE_PATH]){ 0 }, tag), now);
}

int oci_store_writer_keeps(const struct oci_store_writer *w, const char *tag, const struct oci_digest *d,
			   struct oci_err **err)
{
	struct oci_digest now;

	if (!read_tag(w, tag, &now) || oci_digest_same(&now, d))
		return 0;
	return oci_fail(err, OCI_CONFLICT, "%s: tag %s of %s is %s there and %s here; leave out --keep-tags to move it",
			oci_store_dir(w->store), tag, w->repository, OCI_DIGEST(&now), OCI_DIGEST(d));
}

int oci_store_writer_tag(struct oci_store_writer *w, const char *tag, const struct oci_digest *d, struct oci_err **err)
{
	char current[OCI_TREE_PATH], index[OCI_TREE_PATH];
	struct oci_digest now;
	bool had = read_tag(w, tag, &now);

	oci_tree_current(current, tag);
	if (write_link(w, oci_tree_index(index, tag, d), d, err) < 0 || write_link(w, current, d, err) < 0)
		return -1;
	w->done.moved |= had && !oci_digest_same(&now, d);
	return 0;
}

int oci_store_sync(const struct oci_store *s, struct oci_err **err)
{
	return oci_path_sync_all(oci_store_dir(s), err);
}
