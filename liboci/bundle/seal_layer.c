#include "bundle/seal_layer.h"

#include "archive/inflate.h"
#include "base/path.h"
#include "bundle/tree.h"
#include "digest/verify.h"

#include <string.h>

struct found {
	char *json_name, *sums_name; /* of the module, from the paths */
	struct oci_buf json;
	struct oci_sums sums;
	bool other; /* something else stands in the layer */
};

static void found_clear(struct found *f)
{
	oci_auto_free(&f->json_name);
	oci_auto_free(&f->sums_name);
	oci_buf_clear(&f->json);
	oci_sums_clear(&f->sums);
}

static int read_text(struct oci_tar_read *tar, struct oci_buf *out, struct oci_err **err)
{
	const void *data;
	size_t n;

	do {
		if (oci_tar_read_block(tar, &data, &n, err) < 0)
			return -1;
		if (n > OCI_SEAL_MAX - out->len)
			return oci_fail(err, OCI_BADINPUT, "a seal of more than %u MB", OCI_SEAL_MAX >> 20);
		oci_buf_add(out, data, n);
	} while (n);
	return 0;
}

/* "NAME" of "DIR/NAME" + suffix; NULL for any other path, or when there was one already. */
static char *name_in(const char *path, const char *dir, const char *suffix, const char *known)
{
	size_t n = strlen(dir);

	if (known || strncmp(path, dir, n) != 0 || strchr(path + n, '/') || !oci_ends(path, suffix) ||
	    strlen(path) <= n + strlen(suffix))
		return NULL;
	return oci_strndup(path + n, strlen(path) - n - strlen(suffix));
}

static int take(struct found *f, struct oci_tar_read *tar, const struct oci_tar_entry *e, struct oci_err **err)
{
	auto_free char *path = NULL;
	char *name;

	if (oci_tree_path(e->path, &path, err) < 0)
		return -1;
	if (e->type == OCI_TAR_DIR) {
		f->other |= *path && !oci_streq(path, "modules.d") && !oci_streq(path, "SHA256SUMS.d");
		return 0;
	}
	if (e->type == OCI_TAR_FILE && (name = name_in(path, "modules.d/", ".json", f->json_name)) != NULL) {
		f->json_name = name;
		return read_text(tar, &f->json, err);
	}
	if (e->type == OCI_TAR_FILE && (name = name_in(path, "SHA256SUMS.d/", "", f->sums_name)) != NULL) {
		struct oci_reader data = oci_tar_read_data(tar);

		f->sums_name = name;
		return oci_sums_read(&data, path, OCI_SEAL_MAX, &f->sums, err);
	}
	f->other = true;
	return 0;
}

static int read_all(struct found *f, struct oci_reader packed_take, const struct oci_layer *layer, struct oci_err **err)
{
	auto_tar_read struct oci_tar_read *tar = NULL;
	const char *what = OCI_DIGEST(&layer->desc.digest);
	struct oci_reader plain;
	struct oci_digest diff_id;
	const struct oci_tar_entry *e;
	int rc;

	if (oci_inflate_reader(packed_take, what, &plain, NULL, err) < 0)
		return -1;
	plain = oci_hashing_reader(plain, layer->diff_id.algorithm, &diff_id, NULL);
	if (oci_tar_read_open(&tar, plain, what, err) < 0)
		return -1;
	while (!f->other && (rc = oci_tar_read_next(tar, &e, err)) != 0)
		if (rc < 0 || take(f, tar, e, err) < 0)
			return -1;
	if (f->other)
		return 0;
	if (oci_tar_read_drain(tar, err) < 0)
		return -1;
	if (!oci_digest_same(&diff_id, &layer->diff_id))
		return oci_fail(err, OCI_BADDIGEST, "layer %s: its diff ID is %s, but the config says %s", what,
				OCI_DIGEST(&diff_id), OCI_DIGEST(&layer->diff_id));
	return 0;
}

int oci_seal_layer_parse(const struct oci_buf *bytes, const struct oci_layer *layer, struct oci_seal *out,
			 bool *is_seal, struct oci_err **err)
{
	OCI_AUTO(found_clear) struct found f = { 0 };

	*is_seal = false;
	if (read_all(&f, oci_reader_of_memory(bytes->data, bytes->len), layer, err) < 0)
		return -1;
	if (f.other || !f.json_name || !oci_streq(f.json_name, f.sums_name))
		return 0;
	*is_seal = true;
	return oci_seal_parse(f.json_name, &f.json, &f.sums, out, err);
}
