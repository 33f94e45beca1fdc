#include "base/file.h"
#include "base/path.h"
#include "base/paths.h"
#include "bundle/place_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct oci_place {
	char *dir;
	bool special;
	struct oci_paths made;
	struct oci_place_dirs dirs;
	struct oci_place_dirs targets; /* of hard links: a walk of its own, as links tend to stand side by side */
	int fd;			       /* the file being written */
	char *path;
	struct oci_place_meta meta;
	uint64_t size;
};

static struct oci_place_folder *folder_at(struct oci_place *p, const char *path)
{
	return oci_paths_at(&p->made, path, strlen(path));
}

int oci_place_open(struct oci_place **out, const char *dir, bool special, int64_t mtime, struct oci_err **err)
{
	int root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return oci_fail_errno(err, "%s", dir);
	struct oci_place *p = oci_calloc(1, sizeof(*p));

	p->dir = oci_strdup(dir);
	p->special = special;
	p->dirs = (struct oci_place_dirs){ .root = root, .made = &p->made, .mtime = mtime, .fd = -1 };
	p->targets = p->dirs;
	p->fd = -1;
	p->made.value_size = sizeof(struct oci_place_folder);
	*folder_at(p, "") = (struct oci_place_folder){ { .mode = 0755, .mtime = mtime }, true };
	*out = p;
	return 0;
}

static int fail_exists(const char *path, struct oci_err **err)
{
	if (errno == EEXIST)
		return oci_fail(
			err, OCI_CONFLICT,
			"%s: a name that this file system takes for it is there already (another case of letters?)",
			path);
	return oci_fail_errno(err, "cannot write %s", path);
}

static int begin_file(struct oci_place *p, int dir, const char *name, const struct oci_tar_entry *e,
		      struct oci_err **err)
{
	if (oci_sink_expect_space(p->dirs.root, p->dir, e, err) < 0)
		return -1;
	p->fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (p->fd < 0)
		return fail_exists(e->path, err);
	free(p->path);
	p->path = oci_strdup(e->path);
	p->meta = oci_place_meta_of(e, p->special);
	p->size = e->size;
	return oci_place_set_xattrs(p->fd, e, p->special, err);
}

static int begin_folder(struct oci_place *p, int dir, const char *name, const struct oci_tar_entry *e,
			struct oci_err **err)
{
	struct oci_place_folder *f = folder_at(p, e->path);

	if (*name && mkdirat(dir, name, 0700) < 0 && (errno != EEXIST || !f->made))
		return fail_exists(e->path, err);
	*f = (struct oci_place_folder){ oci_place_meta_of(e, p->special), true };
	if (e->n_xattrs == 0)
		return 0;
	auto_fd int fd = openat(dir, *name ? name : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return oci_fail_errno(err, "%s", e->path);
	return oci_place_set_xattrs(fd, e, p->special, err);
}

static int begin_link(struct oci_place *p, int dir, const char *name, const struct oci_tar_entry *e,
		      struct oci_err **err)
{
	const char *target;
	int from;

	if (oci_place_parent(&p->targets, e->link, &from, &target, err) < 0)
		return -1;
	if (linkat(from, target, dir, name, 0) < 0)
		return errno == EEXIST ? fail_exists(e->path, err)
				       : oci_fail_errno(err, "cannot link %s to %s", e->path, e->link);
	return 0;
}

static int begin_other(struct oci_place *p, int dir, const char *name, const struct oci_tar_entry *e,
		       struct oci_err **err)
{
	static const mode_t kinds[] = { [OCI_TAR_CHAR] = S_IFCHR, [OCI_TAR_BLOCK] = S_IFBLK, [OCI_TAR_FIFO] = S_IFIFO };
	struct oci_place_meta meta = oci_place_meta_of(e, p->special);
	bool is_link = e->type == OCI_TAR_SYMLINK;
	int rc = is_link ? symlinkat(e->link, dir, name)
			 : mknodat(dir, name, kinds[e->type] | 0600, makedev(e->dev_major, e->dev_minor));

	if (rc < 0)
		return fail_exists(e->path, err);
	return oci_place_set_at(dir, name, e->path, &meta, is_link, err);
}

static int begin(void *ctx, const struct oci_tar_entry *e, struct oci_err **err)
{
	struct oci_place *p = ctx;
	const char *name;
	int dir;

	if (oci_place_parent(&p->dirs, e->path, &dir, &name, err) < 0)
		return -1;
	switch (e->type) {
	case OCI_TAR_FILE:
		return begin_file(p, dir, name, e, err);
	case OCI_TAR_DIR:
		return begin_folder(p, dir, name, e, err);
	case OCI_TAR_HARDLINK:
		return begin_link(p, dir, name, e, err);
	default:
		return begin_other(p, dir, name, e, err);
	}
}

static int data(void *ctx, const void *bytes, size_t n, struct oci_err **err)
{
	struct oci_place *p = ctx;

	return oci_file_write_fd(p->fd, p->path, bytes, n, err);
}

static int end(void *ctx, struct oci_err **err)
{
	struct oci_place *p = ctx;
	int rc = oci_place_set_fd(p->fd, p->path, &p->meta, err);

	/* Begin to write now what the sync at the end would wait for. */
	if (p->size >= OCI_SINK_BIG)
		sync_file_range(p->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	oci_auto_close(&p->fd);
	return rc;
}

static int drop(void *ctx, const char *path, struct oci_err **err)
{
	struct oci_place *p = ctx;
	const char *name;
	int dir;

	if (oci_place_parent(&p->dirs, path, &dir, &name, err) < 0)
		return -1;
	if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return oci_fail_errno(err, "cannot replace %s", path);
	return 0;
}

struct oci_sink oci_place_sink(struct oci_place *p)
{
	return (struct oci_sink){ begin, data, end, drop, p };
}

static int set_folder(struct oci_place *p, const struct oci_place_folder *f, struct oci_err **err)
{
	auto_free char *path = oci_paths_text(&p->made, f);
	const char *name;
	int dir;

	if (!*path)
		return oci_place_set_fd(p->dirs.root, p->dir, &f->meta, err);
	if (oci_place_parent(&p->dirs, path, &dir, &name, err) < 0)
		return -1;
	return oci_place_set_at(dir, name, path, &f->meta, false, err);
}

/* A folder is added behind the one it stands in, so it is set before that one. */
int oci_place_end(struct oci_place *p, struct oci_err **err)
{
	for (uint32_t i = p->made.n; i-- > 0;)
		if (set_folder(p, oci_paths_nth(&p->made, i), err) < 0)
			return -1;
	if (syncfs(p->dirs.root) < 0)
		return oci_fail_errno(err, "cannot sync %s", p->dir);
	return 0;
}

void oci_place_closep(struct oci_place **place)
{
	struct oci_place *p = *place;

	if (!p)
		return;
	oci_place_dirs_clear(&p->dirs);
	oci_place_dirs_clear(&p->targets);
	close(p->dirs.root);
	oci_auto_close(&p->fd);
	oci_paths_clear(&p->made);
	free(p->path);
	free(p->dir);
	free(p);
	*place = NULL;
}
