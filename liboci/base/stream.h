/* Stacked streams: verify, tee, count and inflate wrap a reader; digests and files end a writer. */
#ifndef OCI_BASE_STREAM_H
#define OCI_BASE_STREAM_H

#include "base/buf.h"
#include "base/err.h"

/* A source of bytes. read gives 1 to n bytes, 0 at the end, -1 with *err; close may be NULL. */
struct oci_reader {
	ssize_t (*read)(void *ctx, void *buf, size_t n, struct oci_err **err);
	void (*close)(void *ctx);
	void *ctx;
};

/* A sink for bytes: takes all n or fails. finish is called once after the last byte; close gives the memory back. Both
 * may be NULL. */
struct oci_writer {
	int (*write)(void *ctx, const void *data, size_t n, struct oci_err **err);
	int (*finish)(void *ctx, struct oci_err **err);
	void (*close)(void *ctx);
	void *ctx;
};

ssize_t oci_reader_read(struct oci_reader *r, void *buf, size_t n, struct oci_err **err);
/* Fill buf as far as the stream goes: fewer than n bytes only at the end. */
ssize_t oci_reader_fill(struct oci_reader *r, void *buf, size_t n, struct oci_err **err);
/* Append the rest of it to out; more than max bytes, out's own among them, is an error about what. */
int oci_reader_all(struct oci_reader *r, const char *what, size_t max, struct oci_buf *out, struct oci_err **err);
int oci_reader_drain(struct oci_reader *r, struct oci_err **err); /* read it to its end, whose check is what counts */
void oci_reader_close(struct oci_reader *r);			  /* safe to call twice */
int oci_writer_write(struct oci_writer *w, const void *data, size_t n, struct oci_err **err);
int oci_writer_finish(struct oci_writer *w, struct oci_err **err);
void oci_writer_close(struct oci_writer *w);

/* Pump everything (up to the end) through 256 KiB of memory; total may be NULL. Finishes nothing, closes nothing. */
int oci_stream_copy(struct oci_reader *from, struct oci_writer *to, uint64_t *total, struct oci_err **err);

struct oci_reader oci_reader_of_fd(int fd_take, const char *what); /* closes fd; what is copied */
struct oci_reader oci_reader_of_fd_range(int fd_take, const char *what, uint64_t offset, uint64_t size); /* pread */
struct oci_reader oci_reader_of_memory(const void *data, size_t n);			/* data is borrowed */
int oci_reader_of_path(struct oci_reader *out, const char *path, struct oci_err **err); /* "-" is stdin */

#define auto_reader OCI_AUTO(oci_reader_close)
#define auto_writer OCI_AUTO(oci_writer_close)

#endif
