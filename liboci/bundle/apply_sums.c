/* Comparing the tree with its own SHA256SUMS.d. */
#include "bundle/apply_int.h"

#include <stdlib.h>
#include <string.h>

#define SUMS_MAX (256u << 20) /* of one seal: a million paths */

static const char folder[] = "SHA256SUMS.d/";

bool oci_apply_is_sums(const char *path)
{
	return oci_starts(path, folder) && !strchr(path + strlen(folder), '/');
}

void oci_apply_sums_begin(struct oci_apply_run *r, const char *path)
{
	void **at = oci_map_at(&r->sums, path);

	if (*at)
		oci_buf_reset(*at);
	else
		*at = oci_calloc(1, sizeof(struct oci_buf));
}

int oci_apply_sums_add(struct oci_apply_run *r, const char *path, const void *data, size_t n, struct oci_err **err)
{
	struct oci_buf *text = oci_map_get(&r->sums, path);

	if (n > SUMS_MAX - text->len)
		return oci_fail(err, OCI_BADINPUT, "%s: larger than %u MB", path, SUMS_MAX >> 20);
	oci_buf_add(text, data, n);
	return 0;
}

static int check_one(struct oci_apply_run *r, const char *seal, const struct oci_sum *sum, struct oci_err **err)
{
	const struct oci_claim *c = oci_tree_find(&r->tree, sum->path);
	struct oci_digest got = { .algorithm = OCI_SHA256 };

	if (!oci_apply_selects(r->a, sum->path))
		return 0;
	if (!c || !c->hashed)
		return oci_fail(err, OCI_NOTFOUND, "%s: named by %s, but not in the image", sum->path, seal);
	memcpy(got.raw, c->sha256, sizeof(c->sha256));
	if (!oci_digest_same(&got, &sum->digest))
		return oci_fail(err, OCI_BADDIGEST, "%s: its content is %s, but %s says %s", sum->path,
				OCI_DIGEST(&got), seal, OCI_DIGEST(&sum->digest));
	r->a->checked++;
	return 0;
}

int oci_apply_sums_check(struct oci_apply_run *r, struct oci_err **err)
{
	for (size_t i = 0; i < r->sums.n; i++) {
		auto_sums struct oci_sums sums = { 0 };
		struct oci_buf *text = r->sums.items[i].value;
		const char *seal = r->sums.items[i].key;

		if (oci_sums_parse(seal, oci_buf_text(text), text->len, &sums, err) < 0)
			return -1;
		oci_buf_clear(text);
		for (size_t k = 0; k < sums.n; k++)
			if (check_one(r, seal, &sums.v[k], err) < 0)
				return -1;
	}
	return 0;
}
