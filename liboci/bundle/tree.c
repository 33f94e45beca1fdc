#include "bundle/tree.h"

#include "base/buf.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

int oci_tree_path(const char *member, char **out, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };

	for (const char *p = member; *p;) {
		size_t n = strcspn(p, "/");

		if (n == 2 && p[0] == '.' && p[1] == '.')
			return oci_fail(err, OCI_BADINPUT, "%s: leads out of the folder", member);
		if (n > 1 || (n == 1 && *p != '.')) {
			if (b.len)
				oci_buf_addc(&b, '/');
			oci_buf_add(&b, p, n);
		}
		p += n;
		p += strspn(p, "/");
	}
	*out = oci_strdup(oci_buf_text(&b));
	return 0;
}

struct oci_claim *oci_tree_find(const struct oci_tree *t, const char *path)
{
	return oci_paths_find(&t->claims, path, strlen(path));
}

struct oci_claim *oci_tree_at(struct oci_tree *t, const char *path)
{
	return oci_paths_at(&t->claims, path, strlen(path));
}

static bool hides_below(const struct oci_claim *c, unsigned layer)
{
	return c->whited > layer || c->opaque > layer || (c->kind == OCI_CLAIM_OTHER && c->layer > layer);
}

bool oci_tree_hides(const struct oci_tree *t, const char *path, unsigned layer)
{
	bool whole;
	const struct oci_claim *c = oci_paths_nearest(&t->claims, path, strlen(path), &whole);

	if (c && whole) {
		if (c->whited > layer)
			return true;
		c = oci_paths_above(&t->claims, c);
	}
	for (; c; c = oci_paths_above(&t->claims, c))
		if (hides_below(c, layer))
			return true;
	return false;
}

static int fail_mixed(const struct oci_tree *t, const struct oci_claim *c, struct oci_err **err)
{
	auto_free char *path = oci_paths_text(&t->claims, c);

	return oci_fail(err, OCI_BADINPUT, "%s: a folder and something else in one layer", path);
}

static int claim_parents(const struct oci_tree *t, const struct oci_claim *own, unsigned layer, struct oci_err **err)
{
	struct oci_claim *c = oci_paths_above(&t->claims, own);

	for (; c; c = oci_paths_above(&t->claims, c)) {
		if (c->kind == OCI_CLAIM_OTHER)
			return fail_mixed(t, c, err);
		if (c->kind != OCI_CLAIM_NONE)
			return 0; /* so are its own parents */
		c->kind = OCI_CLAIM_IMPLIED;
		c->layer = (uint16_t)layer;
	}
	return 0;
}

int oci_tree_claim(struct oci_tree *t, const char *path, unsigned layer, bool is_folder, struct oci_claim **out,
		   bool *replaced, struct oci_err **err)
{
	struct oci_claim *c = oci_tree_at(t, path);

	if (claim_parents(t, c, layer, err) < 0)
		return -1;
	if (c->kind != OCI_CLAIM_NONE && (c->kind == OCI_CLAIM_OTHER) == is_folder)
		return fail_mixed(t, c, err);
	*replaced = c->kind == OCI_CLAIM_OTHER;
	if (c->kind == OCI_CLAIM_NONE)
		c->layer = (uint16_t)layer;
	c->kind = is_folder ? OCI_CLAIM_FOLDER : OCI_CLAIM_OTHER;
	c->waits = false;
	c->hash = 0;
	*out = c;
	return 0;
}

void oci_tree_set_hash(struct oci_tree *t, struct oci_claim *c, const struct oci_digest *sha256)
{
	memcpy(oci_vec_push(&t->hashes)->sha256, sha256->raw, sizeof(t->hashes.v->sha256));
	c->hash = (uint32_t)t->hashes.n;
}

const uint8_t *oci_tree_hash_of(const struct oci_tree *t, const struct oci_claim *c)
{
	return c->hash ? t->hashes.v[c->hash - 1].sha256 : NULL;
}

void oci_tree_clear(struct oci_tree *t)
{
	free(t->hashes.v);
	oci_paths_clear(&t->claims);
}
