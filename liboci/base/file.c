#include "base/file.h"

#include "base/outfile.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

int oci_file_read_fd(int fd, const char *what, size_t max, struct oci_buf *out, struct oci_err **err)
{
	char chunk[65536];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return oci_fail_errno(err, "%s", what);
		if ((size_t)n > max - out->len)
			return oci_fail(err, OCI_BADINPUT, "%s: larger than %zu bytes", what, max);
		oci_buf_add(out, chunk, (size_t)n);
	}
	return 0;
}

int oci_file_read(const char *path, size_t max, struct oci_buf *out, struct oci_err **err)
{
	if (oci_streq(path, "-"))
		return oci_file_read_fd(STDIN_FILENO, "stdin", max, out, err);
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return oci_fail_errno(err, "%s", path);
	return oci_file_read_fd(fd, path, max, out, err);
}

int oci_file_write_fd(int fd, const char *what, const void *data, size_t n, struct oci_err **err)
{
	const char *p = data;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return oci_fail_errno(err, "cannot write %s", what);
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static bool holds(const char *path, const void *data, size_t n)
{
	auto_buf struct oci_buf now = { 0 };

	return oci_path_is_file(path) && oci_file_read(path, n, &now, NULL) == 0 && now.len == n &&
	       __builtin_memcmp(oci_buf_text(&now), data, n) == 0;
}

typedef int open_fn(struct oci_outfile **out, const char *path, struct oci_err **err);

static int replace(open_fn *open, const char *path, const void *data, size_t n, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;

	if (holds(path, data, n))
		return 0;
	if (open(&f, path, err) < 0 || oci_outfile_write(f, data, n, err) < 0)
		return -1;
	return oci_outfile_commit(f, err);
}

int oci_file_replace(const char *path, const void *data, size_t n, struct oci_err **err)
{
	return replace(oci_outfile_open, path, data, n, err);
}

int oci_file_vouch(const char *path, const void *data, size_t n, struct oci_err **err)
{
	auto_free char *folder = oci_path_parent(path);

	if (holds(path, data, n))
		return 0;
	return oci_path_sync_all(folder, err) < 0 ? -1 : oci_file_replace(path, data, n, err);
}

int oci_file_replace_named(const char *path, const void *data, size_t n, struct oci_err **err)
{
	return replace(oci_outfile_open_named, path, data, n, err);
}

static int copy_bytes(int in, int out, uint64_t size)
{
	while (size) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, size, 0);

		if (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
			n = sendfile(out, in, NULL, size < 0x7ffff000 ? size : 0x7ffff000);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : (errno = EIO, -1);
		size -= (uint64_t)n;
	}
	return 0;
}

static int copy(const char *from, const char *to, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;
	auto_fd int in = open(from, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (in < 0 || fstat(in, &st) < 0)
		return oci_fail_errno(err, "%s", from);
	if (oci_outfile_open(&f, to, err) < 0)
		return -1;
	if (ioctl(oci_outfile_fd(f), FICLONE, in) < 0 && copy_bytes(in, oci_outfile_fd(f), (uint64_t)st.st_size) < 0)
		return oci_fail_errno(err, "cannot copy %s to %s", from, to);
	oci_outfile_unsynced(f);
	return oci_outfile_commit(f, err);
}

/* By the file system, by its own limits (EPERM: FAT; ENOSYS: some in user space), or by who owns the file. */
static bool cannot_be_linked(int why)
{
	static const int reasons[] = { EXDEV, EPERM, EMLINK, EACCES, EOPNOTSUPP, ENOSYS };

	for (size_t i = 0; i < OCI_COUNT(reasons); i++)
		if (why == reasons[i])
			return true;
	return false;
}

int oci_file_place(const char *from, const char *to, struct oci_err **err)
{
	if (link(from, to) == 0)
		return 0;
	if (!cannot_be_linked(errno))
		return oci_fail_errno(err, "cannot link %s to %s", from, to);
	return copy(from, to, err);
}

mode_t oci_file_mode_of(const char *path)
{
	char magic[4] = "";
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, magic, sizeof(magic)) < 2)
		return 0644;
	return memcmp(magic, "#!", 2) == 0 || memcmp(magic, "\177ELF", 4) == 0 ? 0755 : 0644;
}
