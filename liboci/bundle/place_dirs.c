/* Walking to folders inside the target: part by part, following nothing, so that no name leads out. */
#include "base/paths.h"
#include "base/path.h"
#include "bundle/place_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note_made(struct oci_place_dirs *d, const char *path, size_t n)
{
	struct oci_place_folder *f = oci_paths_at(d->made, path, n);

	if (!f->made)
		*f = (struct oci_place_folder){ { .mode = 0755, .mtime = d->mtime }, true };
}

/* Open one part, making it first when it is not there. path[0..n) is its whole path. */
static int step(struct oci_place_dirs *d, int dir, const char *part, const char *path, size_t n, struct oci_err **err)
{
	static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, part, flags);

	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(dir, part, 0700) < 0 && errno != EEXIST)
			return oci_fail_errno(err, "cannot make folder %.*s", (int)n, path);
		note_made(d, path, n);
		fd = openat(dir, part, flags);
	}
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return oci_fail(err, OCI_BADINPUT, "%.*s: no folder, so nothing can stand in it", (int)n, path);
	return fd < 0 ? oci_fail_errno(err, "cannot open folder %.*s", (int)n, path) : fd;
}

/* How much of path, up to a slash, the folder walked to last has in common with it: walk on from there. */
static size_t known(const struct oci_place_dirs *d, const char *path, size_t n)
{
	size_t have = d->fd < 0 ? 0 : strlen(d->path);

	return have && have <= n && strncmp(d->path, path, have) == 0 && (have == n || path[have] == '/') ? have : 0;
}

static int walk(struct oci_place_dirs *d, const char *path, size_t n, struct oci_err **err)
{
	size_t at = known(d, path, n);
	auto_fd int fd = at ? d->fd : fcntl(d->root, F_DUPFD_CLOEXEC, 0);

	if (at)
		d->fd = -1;
	while (at < n) {
		const char *part = path + at + (at > 0);
		size_t len = strcspn(part, "/");

		if (part + len > path + n)
			len = (size_t)(path + n - part);
		auto_free char *name = oci_strndup(part, len);

		at = (size_t)(part - path) + len;
		int next = step(d, fd, name, path, at, err);

		if (next < 0)
			return -1;
		close(fd);
		fd = next;
	}
	if (d->fd >= 0)
		close(d->fd);
	d->fd = oci_steal_fd(&fd);
	free(d->path);
	d->path = oci_strndup(path, n);
	return 0;
}

int oci_place_parent(struct oci_place_dirs *d, const char *path, int *fd, const char **name, struct oci_err **err)
{
	*name = oci_path_base(path);
	size_t n = *name > path ? (size_t)(*name - path) - 1 : 0;

	if (n == 0) {
		*fd = d->root;
		return 0;
	}
	if ((d->fd < 0 || strlen(d->path) != n || strncmp(d->path, path, n) != 0) && walk(d, path, n, err) < 0)
		return -1;
	*fd = d->fd;
	return 0;
}

void oci_place_dirs_clear(struct oci_place_dirs *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
	free(oci_steal(&d->path));
}
