/* Any bytes as a tar file: members are well formed or refused, and what was read can be written again. */
#include "archive/tar_read.h"
#include "archive/tar_write.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int drop(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	(void)ctx;
	(void)data;
	(void)n;
	(void)err;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_tar_read struct oci_tar_read *r = NULL;
	struct oci_writer nowhere = { .write = drop };
	const struct oci_tar_entry *e;

	if (oci_tar_read_open(&r, oci_reader_of_memory(data, size), "fuzz", NULL) < 0)
		return 0;
	for (int i = 0; i < 1000 && oci_tar_read_next(r, &e, NULL) == 1; i++) {
		auto_tar_write struct oci_tar_write *w = oci_tar_write_new(&nowhere);
		const void *block;
		size_t n, total = 0;

		if (!e->path || (e->type == OCI_TAR_SYMLINK && !e->link))
			abort();
		if (oci_tar_write_entry(w, e, NULL) < 0)
			abort();
		while (oci_tar_read_block(r, &block, &n, NULL) == 0 && n > 0 && (total += n) < 1u << 20)
			if (oci_tar_write_data(w, block, n, NULL) < 0)
				abort();
	}
	return 0;
}
