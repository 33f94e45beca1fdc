#include "archive/tar_read.h"

#include "archive/libarchive_int.h"
#include "base/vec.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#define CHUNK (256 * 1024)
#define HOLES_MAX (1ULL << 40) /* of all members: holes cost their sender nothing, but whoever reads or writes them */

struct oci_tar_read {
	struct archive *a;
	struct oci_reader from;
	char *what;
	uint8_t *chunk;	     /* what libarchive looks at */
	struct oci_err *err; /* why `from` failed */
	struct oci_tar_entry entry;
	OCI_VEC(struct oci_tar_xattr) xattrs;
	uint64_t holes; /* of the sparse members so far */
	uint64_t at;	/* of the member's data given so far */
	const uint8_t *run;
	size_t run_len;
	uint64_t run_offset; /* where run stands in the member: behind `at` when a hole comes first */
	const uint8_t *rest; /* of the block that data_read hands out in parts */
	size_t rest_len;
};

static la_ssize_t from_read(struct archive *a, void *ctx, const void **data)
{
	struct oci_tar_read *t = ctx;
	ssize_t n = oci_reader_read(&t->from, t->chunk, CHUNK, &t->err);

	if (n < 0)
		archive_set_error(a, EIO, "%s", oci_err_text(t->err));
	*data = t->chunk;
	return n;
}

static int fail(struct oci_tar_read *t, struct oci_err **err)
{
	if (t->err)
		return oci_fail_with(err, &t->err);
	return oci_archive_fail(t->a, t->what, err);
}

typedef int format_fn(struct archive *);

static int open_format(struct oci_tar_read **out, struct oci_reader from_take, const char *what, format_fn *format,
		       struct oci_err **err)
{
	auto_tar_read struct oci_tar_read *t = oci_calloc(1, sizeof(*t));

	*t = (struct oci_tar_read){ .a = oci_archive_new(),
				    .from = from_take,
				    .what = oci_strdup(what),
				    .chunk = oci_realloc(NULL, CHUNK, 1) };
	format(t->a);
	archive_read_support_format_empty(t->a);
	if (archive_read_open(t->a, t, NULL, from_read, NULL) != ARCHIVE_OK)
		return fail(t, err);
	*out = oci_steal(&t);
	return 0;
}

int oci_tar_read_open(struct oci_tar_read **out, struct oci_reader from_take, const char *what, struct oci_err **err)
{
	return open_format(out, from_take, what, archive_read_support_format_tar, err);
}

int oci_ar_read_open(struct oci_tar_read **out, struct oci_reader from_take, const char *what, struct oci_err **err)
{
	return open_format(out, from_take, what, archive_read_support_format_ar, err);
}

/* libarchive wants names in the locale's character set; where it cannot convert, the bytes stand as UTF-8. */
static const char *either(const char *bytes, const char *utf8)
{
	return bytes ? bytes : utf8;
}

static int type_of(struct archive_entry *e, enum oci_tar_type *type)
{
	static const struct {
		unsigned mode;
		enum oci_tar_type type;
	} types[] = { { AE_IFREG, OCI_TAR_FILE }, { AE_IFDIR, OCI_TAR_DIR },   { AE_IFLNK, OCI_TAR_SYMLINK },
		      { AE_IFCHR, OCI_TAR_CHAR }, { AE_IFBLK, OCI_TAR_BLOCK }, { AE_IFIFO, OCI_TAR_FIFO } };

	*type = OCI_TAR_HARDLINK;
	if (archive_entry_hardlink(e) || archive_entry_hardlink_utf8(e))
		return 0;
	for (size_t i = 0; i < OCI_COUNT(types); i++)
		if (archive_entry_filetype(e) == types[i].mode) {
			*type = types[i].type;
			return 0;
		}
	return -1;
}

static void read_xattrs(struct oci_tar_read *t, struct archive_entry *e)
{
	const char *name;
	const void *value;
	size_t len;

	t->xattrs.n = 0;
	archive_entry_xattr_reset(e);
	while (archive_entry_xattr_next(e, &name, &value, &len) == ARCHIVE_OK)
		*oci_vec_push(&t->xattrs) = (struct oci_tar_xattr){ name, value, len };
	t->entry.xattrs = t->xattrs.v;
	t->entry.n_xattrs = t->xattrs.n;
}

static uint64_t holes_of(struct archive_entry *e, uint64_t size)
{
	uint64_t holes = 0, at = 0;
	la_int64_t offset, len;

	if (archive_entry_sparse_reset(e) == 0)
		return 0;
	while (archive_entry_sparse_next(e, &offset, &len) == ARCHIVE_OK) {
		uint64_t begin = offset > 0 ? (uint64_t)offset : 0, end = begin + (len > 0 ? (uint64_t)len : 0);

		holes += begin > at ? begin - at : 0;
		at = end > at ? end : at;
	}
	return holes + (size > at ? size - at : 0);
}

static int check_holes(struct oci_tar_read *t, struct archive_entry *e, struct oci_err **err)
{
	t->holes += holes_of(e, t->entry.size);
	if (t->holes <= HOLES_MAX)
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s: %s: a sparse file of %llu bytes; holes may be %llu GiB at most",
			t->what, t->entry.path, (unsigned long long)t->entry.size, HOLES_MAX >> 30);
}

static int read_entry(struct oci_tar_read *t, struct archive_entry *e, struct oci_err **err)
{
	t->entry = (struct oci_tar_entry){ .path = either(archive_entry_pathname(e), archive_entry_pathname_utf8(e)),
					   .mode = archive_entry_perm(e),
					   .uid = (uint64_t)archive_entry_uid(e),
					   .gid = (uint64_t)archive_entry_gid(e),
					   .mtime = archive_entry_mtime(e),
					   .mtime_ns = (unsigned)archive_entry_mtime_nsec(e),
					   .dev_major = (unsigned)archive_entry_rdevmajor(e),
					   .dev_minor = (unsigned)archive_entry_rdevminor(e) };
	if (!t->entry.path)
		return oci_fail(err, OCI_BADINPUT, "%s: a member without a name", t->what);
	if (type_of(e, &t->entry.type) < 0)
		return oci_fail(err, OCI_BADINPUT, "%s: %s: a member of unknown type", t->what, t->entry.path);
	if (t->entry.type == OCI_TAR_FILE)
		t->entry.size = archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0;
	if (t->entry.type == OCI_TAR_HARDLINK)
		t->entry.link = either(archive_entry_hardlink(e), archive_entry_hardlink_utf8(e));
	if (t->entry.type == OCI_TAR_SYMLINK)
		t->entry.link = either(archive_entry_symlink(e), archive_entry_symlink_utf8(e));
	if (t->entry.type == OCI_TAR_SYMLINK && !t->entry.link)
		return oci_fail(err, OCI_BADINPUT, "%s: %s: a link without a target", t->what, t->entry.path);
	read_xattrs(t, e);
	return check_holes(t, e, err);
}

int oci_tar_read_next(struct oci_tar_read *t, const struct oci_tar_entry **entry, struct oci_err **err)
{
	struct archive_entry *e;
	int rc = archive_read_next_header(t->a, &e);

	if (rc == ARCHIVE_EOF)
		return 0;
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return fail(t, err);
	t->at = t->run_offset = 0;
	t->run_len = t->rest_len = 0;
	if (read_entry(t, e, err) < 0)
		return -1;
	*entry = &t->entry;
	return 1;
}

/* Fetch the next run of real data; at the end the member's size is where a last hole ends. */
static int next_run(struct oci_tar_read *t, struct oci_err **err)
{
	const void *data;
	la_int64_t offset;
	int rc = archive_read_data_block(t->a, &data, &t->run_len, &offset);

	if (rc == ARCHIVE_EOF) {
		t->run_len = 0;
		t->run_offset = t->entry.size;
		return 0;
	}
	if (rc != ARCHIVE_OK)
		return fail(t, err);
	t->run = data;
	t->run_offset = (uint64_t)offset;
	return 0;
}

int oci_tar_read_block(struct oci_tar_read *t, const void **data, size_t *n, struct oci_err **err)
{
	static const uint8_t zeros[65536];

	if (t->entry.type != OCI_TAR_FILE) {
		*n = 0;
		return 0;
	}
	if (t->run_len == 0 && t->at >= t->run_offset && next_run(t, err) < 0)
		return -1;
	if (t->at < t->run_offset) {
		uint64_t hole = t->run_offset - t->at;

		*data = zeros;
		*n = hole < sizeof(zeros) ? (size_t)hole : sizeof(zeros);
	} else {
		*data = t->run;
		*n = t->run_len;
		t->run_len = 0;
	}
	t->at += *n;
	if (t->at > t->entry.size)
		return oci_fail(err, OCI_BADINPUT, "%s: %s: more data than its size", t->what, t->entry.path);
	return 0;
}

static ssize_t data_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct oci_tar_read *t = ctx;

	if (t->rest_len == 0 && oci_tar_read_block(t, (const void **)&t->rest, &t->rest_len, err) < 0)
		return -1;
	if (n > t->rest_len)
		n = t->rest_len;
	if (n == 0)
		return 0;
	__builtin_memcpy(buf, t->rest, n);
	t->rest += n;
	t->rest_len -= n;
	return (ssize_t)n;
}

struct oci_reader oci_tar_read_data(struct oci_tar_read *t)
{
	return (struct oci_reader){ data_read, NULL, t };
}

int oci_tar_read_drain(struct oci_tar_read *t, struct oci_err **err)
{
	return oci_reader_drain(&t->from, err);
}

void oci_tar_read_close(struct oci_tar_read *t)
{
	if (!t)
		return;
	archive_read_free(t->a);
	oci_reader_close(&t->from);
	oci_err_clear(&t->err);
	free(t->xattrs.v);
	free(t->what);
	free(t->chunk);
	free(t);
}

void oci_tar_read_closep(struct oci_tar_read **t)
{
	oci_tar_read_close(*t);
	*t = NULL;
}
