/* What the decoders share: packed bytes in a buffer that refills itself. */
#ifndef OCI_ARCHIVE_INFLATE_INT_H
#define OCI_ARCHIVE_INFLATE_INT_H

#include "archive/inflate.h"

#define OCI_INPUT_SIZE (128 * 1024)

struct oci_input {
	struct oci_reader from;
	char *what;
	uint8_t *buf;
	size_t at, len; /* the unused bytes are buf[at..len) */
	bool ended;
};

struct oci_input *oci_input_new(struct oci_reader from_take, const char *what);
int oci_input_fill(struct oci_input *in, size_t want, struct oci_err **err); /* want bytes are there unless it ended */
void oci_input_free(struct oci_input *in);
/* Nothing but zeros may follow a stream: tape blocks pad with them. */
int oci_input_expect_zeros(struct oci_input *in, const char *name, struct oci_err **err);
int oci_input_cut_short(const struct oci_input *in, const char *name, struct oci_err **err);
int oci_input_damaged(const struct oci_input *in, const char *name, struct oci_err **err);

/* Each takes the input, and frees it when the reader is closed. */
struct oci_reader oci_gunzip_reader(struct oci_input *in_take);
struct oci_reader oci_unzstd_reader(struct oci_input *in_take);
int oci_unfilter_reader(struct oci_input *in_take, struct oci_reader *out, struct oci_err **err); /* xz, bzip2 */

#endif
