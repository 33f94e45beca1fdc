#include "base/outfile.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFERED (256 * 1024)

struct oci_outfile {
	char *path;
	char *aside; /* the name it has until it is committed; NULL where it is written in place */
	int fd;
	struct oci_buf buf;
	bool committed, unsynced, is_stdout;
};

/* Two runs that write one file take turns: the lock goes with the descriptor. Where the file system has no locks, the
 * last one wins. */
static int open_aside(const char *aside)
{
	for (;;) {
		auto_fd int fd = open(aside, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

		if (fd < 0)
			return -1;
		while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
			;
		/* a run that we waited for has renamed or removed it */
		if (!oci_path_names(aside, fd))
			continue;
		if (ftruncate(fd, 0) < 0)
			return -1;
		return oci_steal_fd(&fd);
	}
}

static int check_open(struct oci_outfile *f, struct oci_outfile **out, struct oci_err **err)
{
	if (f->fd < 0) {
		oci_fail_errno(err, "cannot write %s", f->path);
		free(oci_steal(&f->aside));
		oci_outfile_close(f);
		return -1;
	}
	*out = f;
	return 0;
}

int oci_outfile_open(struct oci_outfile **out, const char *path, struct oci_err **err)
{
	struct oci_outfile *f = oci_calloc(1, sizeof(*f));

	f->is_stdout = oci_streq(path, "-");
	f->path = oci_strdup(f->is_stdout ? "to stdout" : path); /* for messages only, then */
	if (f->is_stdout) {
		f->fd = STDOUT_FILENO;
	} else {
		f->aside = oci_printf("%s.partial", path);
		f->fd = open_aside(f->aside);
		if (f->fd >= 0) /* else the error is open's, not fchmod's */
			fchmod(f->fd, 0644);
	}
	return check_open(f, out, err);
}

static int open_in_place(struct oci_outfile **out, const char *path, struct oci_err **err)
{
	struct oci_outfile *f = oci_calloc(1, sizeof(*f));

	f->path = oci_strdup(path);
	f->fd = open(path, O_WRONLY | O_CLOEXEC);
	return check_open(f, out, err);
}

bool oci_outfile_is_stdout(const char *path)
{
	return oci_streq(path, "-") || oci_path_names(path, STDOUT_FILENO);
}

int oci_outfile_open_named(struct oci_outfile **out, const char *path, struct oci_err **err)
{
	auto_free char *real = NULL;
	struct stat st;

	if (oci_outfile_is_stdout(path))
		return oci_outfile_open(out, "-", err);
	if (stat(path, &st) < 0)
		return oci_outfile_open(out, path, err);
	if (!S_ISREG(st.st_mode))
		return open_in_place(out, path, err);
	real = realpath(path, NULL);
	return oci_outfile_open(out, real ? real : path, err);
}

static int flush(struct oci_outfile *f, struct oci_err **err)
{
	if (oci_file_write_fd(f->fd, f->path, oci_buf_text(&f->buf), f->buf.len, err) < 0)
		return -1;
	oci_buf_reset(&f->buf);
	return 0;
}

int oci_outfile_write(struct oci_outfile *f, const void *data, size_t n, struct oci_err **err)
{
	if (f->buf.len + n > BUFFERED && flush(f, err) < 0)
		return -1;
	if (n >= BUFFERED)
		return oci_file_write_fd(f->fd, f->path, data, n, err);
	oci_buf_add(&f->buf, data, n);
	return 0;
}

int oci_outfile_fd(struct oci_outfile *f)
{
	return f->fd;
}

static int writer_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	return oci_outfile_write(ctx, data, n, err);
}

struct oci_writer oci_outfile_writer(struct oci_outfile *f)
{
	return (struct oci_writer){ .write = writer_write, .ctx = f };
}

void oci_outfile_unsynced(struct oci_outfile *f)
{
	f->unsynced = true;
}

int oci_outfile_commit(struct oci_outfile *f, struct oci_err **err)
{
	if (flush(f, err) < 0)
		return -1;
	f->committed = true;
	if (!f->aside)
		return 0;
	if ((!f->unsynced && fdatasync(f->fd) < 0) || rename(f->aside, f->path) < 0) {
		f->committed = false;
		return oci_fail_errno(err, "cannot write %s", f->path);
	}
	return 0;
}

void oci_outfile_close(struct oci_outfile *f)
{
	if (!f)
		return;
	if (f->aside && !f->committed)
		unlink(f->aside);
	if (!f->is_stdout && f->fd >= 0)
		close(f->fd);
	oci_buf_clear(&f->buf);
	free(f->aside);
	free(f->path);
	free(f);
}

void oci_outfile_closep(struct oci_outfile **f)
{
	oci_outfile_close(*f);
	*f = NULL;
}
