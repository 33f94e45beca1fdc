#include "base/path.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

char *oci_path_join(const char *dir, const char *name)
{
	size_t n = strlen(dir);

	if (n == 0)
		return oci_strdup(name);
	return oci_printf("%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
}

char *oci_path_parent(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return oci_strdup(".");
	return oci_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

const char *oci_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool oci_path_is_local(const char *path)
{
	for (const char *p = path;;) {
		size_t n = strcspn(p, "/");

		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		if (!p[n])
			return true;
		p += n + 1;
	}
}

bool oci_path_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool oci_path_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool oci_path_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool oci_path_names(const char *path, int fd)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
	       held.st_dev == named.st_dev;
}

int oci_path_mkdirs(const char *path, struct oci_err **err)
{
	if (mkdir(path, 0755) == 0 || (errno == EEXIST && oci_path_is_dir(path)))
		return 0;
	if (errno == EEXIST)
		return oci_fail(err, OCI_CONFLICT, "%s: not a folder", path);
	auto_free char *parent = oci_path_parent(path);

	if (errno != ENOENT || !*path || oci_streq(parent, path))
		return oci_fail_errno(err, "cannot make folder %s", path);
	if (oci_path_mkdirs(parent, err) < 0)
		return -1;
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return oci_fail_errno(err, "cannot make folder %s", path);
	return 0;
}

int oci_path_mkdirs_for(const char *file, struct oci_err **err)
{
	auto_free char *parent = oci_path_parent(file);

	return oci_path_mkdirs(parent, err);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

int oci_path_remove_tree(const char *path, struct oci_err **err)
{
	if (nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		return oci_fail_errno(err, "cannot remove %s", path);
	return 0;
}

int oci_path_is_empty_dir(const char *path, bool *empty, struct oci_err **err)
{
	auto_dir DIR *d = opendir(path);
	struct dirent *e;

	if (!d && errno != ENOENT)
		return oci_fail_errno(err, "%s", path);
	*empty = true;
	while (d && *empty && (e = readdir(d)))
		*empty = oci_streq(e->d_name, ".") || oci_streq(e->d_name, "..");
	return 0;
}

static int sync_by(int (*sync)(int fd), const char *path, struct oci_err **err)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || sync(fd) < 0)
		return oci_fail_errno(err, "cannot sync %s", path);
	return 0;
}

int oci_path_sync(const char *path, struct oci_err **err)
{
	return sync_by(fsync, path, err);
}

int oci_path_sync_all(const char *path, struct oci_err **err)
{
	return sync_by(syncfs, path, err);
}

int oci_path_free_space(const char *path, uint64_t *bytes, dev_t *device, struct oci_err **err)
{
	auto_free char *at = oci_strdup(path);
	struct statvfs vfs;
	struct stat st;

	while (stat(at, &st) < 0) {
		char *parent = oci_path_parent(at);

		if (errno != ENOENT || oci_streq(parent, at)) {
			free(parent);
			return oci_fail_errno(err, "%s", path);
		}
		free(at);
		at = parent;
	}
	if (statvfs(at, &vfs) < 0)
		return oci_fail_errno(err, "%s", at);
	*bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	if (device)
		*device = st.st_dev;
	return 0;
}

int oci_path_each(const char *dir, oci_path_fn *fn, void *ctx, struct oci_err **err)
{
	auto_dir DIR *d = opendir(dir);
	auto_strs struct oci_strs names = { 0 };
	struct dirent *e;

	if (!d)
		return oci_fail_errno(err, "%s", dir);
	while ((errno = 0, e = readdir(d)))
		if (!oci_streq(e->d_name, ".") && !oci_streq(e->d_name, ".."))
			oci_strs_add(&names, e->d_name);
	if (errno)
		return oci_fail_errno(err, "cannot list %s", dir);
	oci_strs_sort(&names);
	for (size_t i = 0; i < names.n; i++)
		if (fn(ctx, names.v[i], err) < 0)
			return -1;
	return 0;
}
