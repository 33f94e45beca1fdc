#include "bundle/folder.h"

#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 1000

struct scan {
	oci_folder_fn *each;
	void *ctx;
	struct oci_map linked; /* device and inode of files with several names -> struct first */
};

struct first {
	size_t number;
	char path[];
};

static int read_names(int fd, const char *what, struct oci_strs *out, struct oci_err **err)
{
	auto_fd int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	auto_dir DIR *d = own < 0 ? NULL : fdopendir(own);
	const struct dirent *e;

	if (!d)
		return oci_fail_errno(err, "cannot read %s", what);
	oci_steal_fd(&own);
	while ((errno = 0, e = readdir(d)) != NULL)
		if (!oci_streq(e->d_name, ".") && !oci_streq(e->d_name, ".."))
			oci_strs_add(out, e->d_name);
	if (errno)
		return oci_fail_errno(err, "cannot read %s", what);
	oci_strs_sort(out);
	return 0;
}

static enum oci_tar_type type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return OCI_TAR_FILE;
	case S_IFDIR:
		return OCI_TAR_DIR;
	case S_IFLNK:
		return OCI_TAR_SYMLINK;
	case S_IFCHR:
		return OCI_TAR_CHAR;
	case S_IFBLK:
		return OCI_TAR_BLOCK;
	default:
		return OCI_TAR_FIFO;
	}
}

static int read_target(int dir, const char *name, struct oci_folder_item *item, struct oci_err **err)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dir, name, target, sizeof(target));

	if (n < 0 || n == sizeof(target))
		return oci_fail_errno(err, "cannot read link %s", item->path);
	item->link = oci_strndup(target, (size_t)n);
	return 0;
}

/* A second name of a file is a hard link to the first. */
static void find_first(struct scan *s, const struct stat *st, struct oci_folder_item *item)
{
	struct {
		dev_t device;
		ino_t inode;
	} key = { st->st_dev, st->st_ino };

	if (item->type != OCI_TAR_FILE || st->st_nlink < 2)
		return;
	void **at = oci_map_at_n(&s->linked, (const char *)&key, sizeof(key));
	struct first *first = *at;

	if (first) {
		item->type = OCI_TAR_HARDLINK;
		item->link = oci_strdup(first->path);
	} else {
		*at = first = oci_calloc(1, sizeof(*first) + strlen(item->path) + 1);
		first->number = s->linked.n;
		memcpy(first->path, item->path, strlen(item->path) + 1);
	}
	item->inode = first->number;
}

static void clear_item(struct oci_folder_item *item)
{
	free(item->path);
	free(item->link);
}

static int scan_names(struct scan *s, int fd, const char *path, const struct oci_strs *names, unsigned depth,
		      struct oci_err **err);

static int open_folder(int dir, const char *name, const char *path, int *fd, struct oci_strs *names,
		       struct oci_err **err)
{
	*fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0)
		return oci_fail_errno(err, "%s", path);
	return read_names(*fd, path, names, err);
}

static int scan_one(struct scan *s, int dir, const char *parent, const char *name, unsigned depth, struct oci_err **err)
{
	auto_free char *path = oci_path_join(parent, name);
	auto_strs struct oci_strs names = { 0 };
	auto_fd int fd = -1;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return oci_fail_errno(err, "%s", path);
	OCI_AUTO(clear_item)
	struct oci_folder_item item = { .type = type_of(st.st_mode),
					.path = oci_strdup(path),
					.mode = st.st_mode & 07777,
					.size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0 };
	bool is_dir = item.type == OCI_TAR_DIR;

	if ((item.type == OCI_TAR_SYMLINK && read_target(dir, name, &item, err) < 0) ||
	    (is_dir && open_folder(dir, name, path, &fd, &names, err) < 0))
		return -1;
	find_first(s, &st, &item);
	item.empty = is_dir && names.n == 0;
	int rc = s->each(s->ctx, &item, err);

	return is_dir && rc == 0 ? scan_names(s, fd, path, &names, depth + 1, err) : rc < 0 ? -1 : 0;
}

static int scan_names(struct scan *s, int fd, const char *path, const struct oci_strs *names, unsigned depth,
		      struct oci_err **err)
{
	if (depth > DEPTH_MAX)
		return oci_fail(err, OCI_BADINPUT, "%s: folders nested more than %d deep", path, DEPTH_MAX);
	for (size_t i = 0; i < names->n; i++)
		if (scan_one(s, fd, path, names->v[i], depth, err) < 0)
			return -1;
	return 0;
}

int oci_folder_each(const char *dir, oci_folder_fn *fn, void *ctx, struct oci_err **err)
{
	auto_fd int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_strs struct oci_strs names = { 0 };
	struct scan s = { .each = fn, .ctx = ctx };

	if (fd < 0)
		return oci_fail_errno(err, "%s", dir);
	int rc = read_names(fd, dir, &names, err) < 0 ? -1 : scan_names(&s, fd, "", &names, 0, err);

	oci_map_clear_with(&s.linked, free);
	return rc < 0 ? oci_fail_in(err, "%s", dir) : 0;
}
