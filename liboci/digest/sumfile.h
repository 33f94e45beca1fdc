/* Checksum files in sha256sum's format: "HEX  PATH", a path with a backslash or newline escaped as coreutils does. */
#ifndef OCI_DIGEST_SUMFILE_H
#define OCI_DIGEST_SUMFILE_H

#include "base/stream.h"
#include "digest/digest.h"

#define OCI_SUMS_MAX (1u << 30) /* bytes of a file of checksums that somebody has by hand */

struct oci_sum {
	char *path;
	struct oci_digest digest;
};

struct oci_sums {
	struct oci_sum *v;
	size_t n, cap;
};

/* Parse sha256sum or sha512sum output (text or binary mark, or --tag); `what` names the file in errors, with the line.
 */
int oci_sums_parse(const char *what, const char *text, size_t n, struct oci_sums *out, struct oci_err **err);
/* One line of it; nothing is added for one of another algorithm. */
int oci_sums_parse_line(struct oci_slice line, struct oci_sums *out, struct oci_err **err);
/* The same of text that comes in runs: lines are given to `each` as they pass, and a line may stand in two runs. */
struct oci_sum_lines {
	const char *what;						   /* names the file in errors; borrowed */
	int (*each)(void *ctx, struct oci_sum *sum, struct oci_err **err); /* may take the path */
	void *ctx;
	unsigned number;     /* of lines so far */
	struct oci_buf line; /* the last one as far as it came */
	struct oci_sums one; /* that was parsed last */
};

int oci_sum_lines_add(struct oci_sum_lines *l, const void *data, size_t n, struct oci_err **err);
int oci_sum_lines_end(struct oci_sum_lines *l, struct oci_err **err); /* the last line needs no newline */
void oci_sum_lines_clear(struct oci_sum_lines *l);
/* Append all of a stream of at most max bytes, which are not kept. */
int oci_sums_read(struct oci_reader *from, const char *what, uint64_t max, struct oci_sums *out, struct oci_err **err);
int oci_sums_load(const char *path, uint64_t max, struct oci_sums *out, struct oci_err **err);
void oci_sums_add(struct oci_sums *s, const char *path, const struct oci_digest *digest);
void oci_sums_sort(struct oci_sums *s);						 /* by path, bytewise */
const struct oci_sum *oci_sums_find(const struct oci_sums *s, const char *path); /* in sorted sums */
void oci_sums_print(const struct oci_sums *s, struct oci_buf *out);
void oci_sum_print(const char *path, const struct oci_digest *digest, struct oci_buf *out); /* one line */
void oci_sums_clear(struct oci_sums *s);

/* Cut "SHA256 (PATH) = HEX". Files in this form often list many algorithms: OCI_NO_DIGEST are those not known here.
 * False when the line is not of this form. */
bool oci_sum_cut_tagged(struct oci_slice line, enum oci_algorithm *algorithm, struct oci_slice *path,
			struct oci_slice *hex);

/* A checksum in either case, told by its length. */
int oci_sum_parse_hex(struct oci_slice hex, struct oci_digest *out, struct oci_err **err);

#define auto_sums OCI_AUTO(oci_sums_clear)

#endif
