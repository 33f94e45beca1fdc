#include "bundle/layer_write.h"

#include "archive/deflate.h"
#include "digest/hasher.h"

#include <stdlib.h>

struct oci_layer_write {
	enum oci_compression compression;
	struct oci_blob_new *blob;
	struct oci_hasher *plain;  /* of the bytes before they are packed; NULL when they are not */
	struct oci_writer to_blob; /* tar -> hashed -> packed -> to_blob */
	struct oci_writer packed;
	struct oci_writer hashed;
	struct oci_tar_write *tar;
};

static int blob_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	return oci_blob_new_write(ctx, data, n, err);
}

static int hashed_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	struct oci_layer_write *w = ctx;

	if (w->plain)
		oci_hasher_add(w->plain, data, n);
	return oci_writer_write(&w->packed, data, n, err);
}

int oci_layer_write_open(struct oci_layer_write **out, struct oci_blobs *blobs, enum oci_compression compression,
			 struct oci_err **err)
{
	static const enum oci_packing packings[] = {
		[OCI_PLAIN] = OCI_PACKING_PLAIN, [OCI_GZIP] = OCI_PACKING_GZIP, [OCI_ZSTD] = OCI_PACKING_ZSTD
	};
	auto_layer_write struct oci_layer_write *w = oci_calloc(1, sizeof(*w));

	w->compression = compression;
	if (oci_blob_new_open(&w->blob, blobs, err) < 0)
		return -1;
	if (compression != OCI_PLAIN)
		w->plain = oci_hasher_new(OCI_SHA256);
	w->to_blob = (struct oci_writer){ .write = blob_write, .ctx = w->blob };
	w->packed = oci_deflate_writer(packings[compression], &w->to_blob);
	w->hashed = (struct oci_writer){ .write = hashed_write, .ctx = w };
	w->tar = oci_tar_write_new(&w->hashed);
	*out = oci_steal(&w);
	return 0;
}

struct oci_tar_write *oci_layer_write_tar(struct oci_layer_write *w)
{
	return w->tar;
}

int oci_layer_write_end(struct oci_layer_write *w, struct oci_layer *out, struct oci_err **err)
{
	struct oci_digest digest;
	uint64_t size;

	if (oci_tar_write_end(w->tar, err) < 0 || oci_writer_finish(&w->packed, err) < 0 ||
	    oci_blob_new_end(w->blob, &digest, &size, err) < 0)
		return -1;
	*out = (struct oci_layer){ .desc = { .media_type = oci_strdup(oci_media_layer_type(w->compression)),
					     .digest = digest,
					     .size = size },
				   .diff_id = digest };
	if (w->plain)
		oci_hasher_end(w->plain, &out->diff_id);
	return 0;
}

void oci_layer_write_closep(struct oci_layer_write **w)
{
	if (!*w)
		return;
	oci_tar_write_free((*w)->tar);
	oci_writer_close(&(*w)->packed);
	oci_hasher_free((*w)->plain);
	oci_blob_new_closep(&(*w)->blob);
	free(*w);
	*w = NULL;
}
