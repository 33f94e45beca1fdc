/* Up to four tar files (cut at "LAYER" on a block's border) as layers: what comes out of applying them has local paths
 * only, each once, and hard links only to what was written before. */
#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "bundle/apply.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int begin(void *ctx, const struct oci_tar_entry *e, struct oci_err **err)
{
	struct oci_map *written = ctx;

	(void)err;
	if (*e->path && !oci_path_is_local(e->path))
		abort();
	if (e->type == OCI_TAR_HARDLINK && !oci_map_has(written, e->link))
		abort();
	if (e->type != OCI_TAR_DIR && !oci_map_add(written, e->path, ctx))
		abort(); /* drop comes before a second time */
	return 0;
}

static int data_of(void *ctx, const void *p, size_t n, struct oci_err **err)
{
	(void)p;
	(void)ctx;
	return n > 1u << 20 ? oci_fail(err, OCI_FAILED, "enough") : 0;
}

static int end(void *ctx, struct oci_err **err)
{
	(void)ctx;
	(void)err;
	return 0;
}

/* A path that comes again is known already, which begin takes for an error; let it be known under another key. */
static int drop(void *ctx, const char *path, struct oci_err **err)
{
	(void)ctx;
	(void)path;
	return oci_fail(err, OCI_FAILED, "once is enough");
}

static void add_layer(struct oci_blobs *blobs, const uint8_t *data, size_t n, struct oci_layers *layers)
{
	struct oci_layer l = { .desc = { .media_type = oci_strdup(OCI_MEDIA_LAYER), .size = n } };

	if (oci_blobs_put(blobs, data, n, NULL, &l.desc.digest, NULL) < 0)
		abort();
	l.diff_id = l.desc.digest;
	*oci_vec_push(layers) = l;
}

static void cut_layers(struct oci_blobs *blobs, const uint8_t *data, size_t size, struct oci_layers *layers)
{
	size_t from = 0;

	for (size_t at = 512; at + 512 <= size && layers->n < 3; at += 512)
		if (memcmp(data + at, "LAYER", 5) == 0) {
			add_layer(blobs, data + from, at - from, layers);
			from = at + 512;
		}
	if (from <= size)
		add_layer(blobs, data + from, size - from, layers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/dev/shm/fuzz-apply-XXXXXX";
	auto_blobs struct oci_blobs *blobs = NULL;
	auto_layers struct oci_layers layers = { 0 };
	auto_map struct oci_map written = { 0 };

	if (!mkdtemp(dir) || oci_blobs_open(&blobs, dir, true, NULL) < 0)
		abort();
	cut_layers(blobs, data, size, &layers);
	struct oci_apply a = { .from = { .blobs = blobs },
			       .layers = &layers,
			       .check = true,
			       .special = true,
			       .sink = { begin, data_of, end, drop, &written },
			       .out = &(struct oci_out){ 0 } };

	oci_apply_run(&a, NULL);
	oci_path_remove_tree(dir, NULL);
	return 0;
}
