#include "archive/tar_write.h"

#include "archive/tar_header_int.h"
#include "base/buf.h"

#include <stdlib.h>

#define GATHER (256 * 1024)

struct oci_tar_write {
	struct oci_writer *to;
	struct oci_buf gather; /* headers and small data, to be written in one go */
	char *path;	       /* of the current member, for messages */
	uint64_t size, left;   /* of its data */
};

struct oci_tar_write *oci_tar_write_new(struct oci_writer *to)
{
	struct oci_tar_write *t = oci_calloc(1, sizeof(*t));

	t->to = to;
	return t;
}

static int flush(struct oci_tar_write *t, struct oci_err **err)
{
	int rc = oci_writer_write(t->to, t->gather.data, t->gather.len, err);

	oci_buf_reset(&t->gather);
	return rc;
}

static int put(struct oci_tar_write *t, const void *data, size_t n, struct oci_err **err)
{
	if (t->gather.len + n > GATHER && flush(t, err) < 0)
		return -1;
	if (n > GATHER / 4)
		return t->gather.len && flush(t, err) < 0 ? -1 : oci_writer_write(t->to, data, n, err);
	oci_buf_add(&t->gather, data, n);
	return 0;
}

static int pad(struct oci_tar_write *t, uint64_t size, struct oci_err **err)
{
	static const char zeros[OCI_TAR_BLOCK_SIZE];

	return put(t, zeros, (OCI_TAR_BLOCK_SIZE - size % OCI_TAR_BLOCK_SIZE) % OCI_TAR_BLOCK_SIZE, err);
}

static int expect_whole(const struct oci_tar_write *t, struct oci_err **err)
{
	if (t->left)
		return oci_fail(err, OCI_FAILED, "%s: %llu bytes are missing at its end", t->path,
				(unsigned long long)t->left);
	return 0;
}

int oci_tar_write_entry(struct oci_tar_write *t, const struct oci_tar_entry *e, struct oci_err **err)
{
	auto_buf struct oci_buf header = { 0 };

	if (expect_whole(t, err) < 0)
		return -1;
	oci_tar_header(e, &header);
	free(t->path);
	t->path = oci_strdup(e->path);
	t->size = t->left = e->type == OCI_TAR_FILE ? e->size : 0;
	return put(t, header.data, header.len, err);
}

int oci_tar_write_data(struct oci_tar_write *t, const void *data, size_t n, struct oci_err **err)
{
	if (n > t->left)
		return oci_fail(err, OCI_FAILED, "%s: has more than its %llu bytes", t->path,
				(unsigned long long)t->size);
	if (put(t, data, n, err) < 0)
		return -1;
	t->left -= n;
	return t->left || n == 0 ? 0 : pad(t, t->size, err);
}

int oci_tar_write_file(struct oci_tar_write *t, const struct oci_tar_entry *e, struct oci_reader *data,
		       struct oci_err **err)
{
	auto_free char *chunk = oci_realloc(NULL, GATHER, 1);
	ssize_t n;

	if (oci_tar_write_entry(t, e, err) < 0)
		return -1;
	while ((n = oci_reader_read(data, chunk, GATHER, err)) > 0)
		if (oci_tar_write_data(t, chunk, (size_t)n, err) < 0)
			return -1;
	return n < 0 ? -1 : expect_whole(t, err);
}

int oci_tar_write_end(struct oci_tar_write *t, struct oci_err **err)
{
	static const char zeros[2 * OCI_TAR_BLOCK_SIZE];

	if (expect_whole(t, err) < 0 || put(t, zeros, sizeof(zeros), err) < 0)
		return -1;
	return flush(t, err);
}

void oci_tar_write_free(struct oci_tar_write *t)
{
	if (t) {
		oci_buf_clear(&t->gather);
		free(t->path);
		free(t);
	}
}

void oci_tar_write_freep(struct oci_tar_write **t)
{
	oci_tar_write_free(*t);
	*t = NULL;
}
