#include "archive/tar_read.h"
#include "archive/tar_write.h"
#include "base/buf.h"
#include "base/proc.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(tar);

static int to_buf(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	(void)err;
	oci_buf_add(ctx, data, n);
	return 0;
}

static char *long_name(char c, size_t n)
{
	char *s = oci_calloc(n + 1, 1);

	memset(s, c, n);
	for (size_t i = 60; i < n; i += 61)
		s[i] = '/';
	return s;
}

static void write_all(const struct oci_tar_entry *v, size_t n, const char *data, struct oci_buf *out)
{
	struct oci_writer to = { .write = to_buf, .ctx = out };
	auto_tar_write struct oci_tar_write *t = oci_tar_write_new(&to);

	for (size_t i = 0; i < n; i++) {
		auto_reader struct oci_reader r = oci_reader_of_memory(data, v[i].size);

		cr_assert_eq(oci_tar_write_file(t, &v[i], &r, NULL), 0);
	}
	cr_assert_eq(oci_tar_write_end(t, NULL), 0);
}

Test(tar, reads_back_what_it_wrote)
{
	static const struct oci_tar_xattr xattr = { "user.note", "a\0b=\n", 5 };
	auto_free char *p90 = long_name('a', 90), *p200 = long_name('b', 200), *p900 = long_name('c', 900);
	const struct oci_tar_entry v[] = {
		{ .type = OCI_TAR_DIR, .path = "dir", .mode = 01777, .mtime = 1600000000 },
		{ .type = OCI_TAR_FILE, .path = p90, .mode = 0644, .size = 5, .uid = 3000000, .gid = 5 },
		{ .type = OCI_TAR_FILE, .path = p200, .mode = 04755, .size = 512, .mtime = -7 },
		{ .type = OCI_TAR_FILE, .path = p900, .size = 513, .mtime = 5, .mtime_ns = 123456789 },
		{ .type = OCI_TAR_FILE, .path = "x", .size = 0, .xattrs = &xattr, .n_xattrs = 1 },
		{ .type = OCI_TAR_SYMLINK, .path = "s", .link = p200, .mode = 0777 },
		{ .type = OCI_TAR_HARDLINK, .path = "h", .link = "x" },
		{ .type = OCI_TAR_CHAR, .path = "null", .dev_major = 1, .dev_minor = 3 },
		{ .type = OCI_TAR_FIFO, .path = "caf\xc3\xa9" },
		{ .type = OCI_TAR_FILE, .path = "latin1-\xe9", .size = 3 },
	};
	auto_buf struct oci_buf tar = { 0 };
	auto_tar_read struct oci_tar_read *r = NULL;
	const struct oci_tar_entry *e;
	char data[513];

	memset(data, 'x', sizeof(data));
	write_all(v, OCI_COUNT(v), data, &tar);
	cr_assert_eq(tar.len % 512, 0);
	cr_assert_eq(oci_tar_read_open(&r, oci_reader_of_memory(tar.data, tar.len), "t", NULL), 0);
	for (size_t i = 0; i < OCI_COUNT(v); i++) {
		auto_err struct oci_err *err = NULL;
		char got[600];

		cr_assert_eq(oci_tar_read_next(r, &e, &err), 1, "%zu %s", i, oci_err_text(err));
		size_t n = strlen(v[i].path);

		cr_expect_eq(strncmp(e->path, v[i].path, n), 0, "%s", e->path);
		cr_expect(e->path[n] == '\0' || v[i].type == OCI_TAR_DIR);
		cr_expect_eq(e->type, v[i].type);
		cr_expect_eq(e->mode, v[i].mode);
		cr_expect_eq(e->mtime, v[i].mtime);
		cr_expect_eq(e->mtime_ns, v[i].mtime_ns);
		cr_expect_eq(e->uid, v[i].uid);
		cr_expect_eq(e->dev_minor, v[i].dev_minor);
		cr_expect(oci_streq(e->link, v[i].link));
		struct oci_reader content = oci_tar_read_data(r);

		cr_expect_eq((size_t)oci_reader_fill(&content, got, sizeof(got), NULL), v[i].size);
		cr_expect_eq(e->n_xattrs, v[i].n_xattrs);
		for (size_t k = 0; k < e->n_xattrs; k++) {
			cr_expect_str_eq(e->xattrs[k].name, xattr.name);
			cr_expect(e->xattrs[k].len == xattr.len && memcmp(e->xattrs[k].value, xattr.value, 5) == 0);
		}
	}
	cr_expect_eq(oci_tar_read_next(r, &e, NULL), 0);
}

Test(tar, gnu_tar_lists_what_it_wrote)
{
	auto_free char *p900 = long_name('c', 900);
	const struct oci_tar_entry v[] = { { .type = OCI_TAR_DIR, .path = "dir", .mode = 0755 },
					   { .type = OCI_TAR_FILE, .path = p900, .mode = 0644, .size = 4 } };
	auto_buf struct oci_buf tar = { 0 }, list = { 0 }, errors = { 0 };
	auto_free char *expect = oci_printf("dir/\n%s\n", p900);
	const char *argv[] = { "tar", "-tf", "-", NULL };
	int status;

	write_all(v, 2, "data", &tar);
	cr_assert_eq(oci_proc_run(&(struct oci_proc){ .argv = argv,
						      .input = tar.data,
						      .input_len = tar.len,
						      .output = &list,
						      .errors = &errors },
				  &status, NULL),
		     0);
	cr_expect_str_eq(oci_buf_text(&list), expect);
	cr_expect_str_eq(oci_buf_text(&errors), "");
}

Test(tar, refuses_to_write_more_or_less_than_the_size)
{
	auto_buf struct oci_buf tar = { 0 };
	struct oci_writer to = { .write = to_buf, .ctx = &tar };
	auto_tar_write struct oci_tar_write *t = oci_tar_write_new(&to);
	struct oci_tar_entry e = { .type = OCI_TAR_FILE, .path = "f", .size = 3 };
	auto_err struct oci_err *err = NULL, *err2 = NULL;

	cr_assert_eq(oci_tar_write_entry(t, &e, NULL), 0);
	cr_expect_eq(oci_tar_write_data(t, "1234", 4, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "f: has more than its 3 bytes");
	cr_expect_eq(oci_tar_write_end(t, &err2), -1);
	cr_expect_str_eq(oci_err_text(err2), "f: 3 bytes are missing at its end");
}

Test(tar, refuses_what_is_none)
{
	auto_tar_read struct oci_tar_read *r = NULL, *empty = NULL;
	const struct oci_tar_entry *e;
	auto_err struct oci_err *err = NULL;
	char junk[2000];

	memset(junk, 'j', sizeof(junk));
	cr_expect_eq(oci_tar_read_open(&r, oci_reader_of_memory(junk, sizeof(junk)), "layer x", &err) < 0 ||
			     oci_tar_read_next(r, &e, &err) < 0,
		     1);
	cr_expect(oci_starts(oci_err_text(err), "layer x: "), "%s", oci_err_text(err));
	cr_assert_eq(oci_tar_read_open(&empty, oci_reader_of_memory("", 0), "e", NULL), 0);
	cr_expect_eq(oci_tar_read_next(empty, &e, NULL), 0);
}
