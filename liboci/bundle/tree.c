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
	return oci_map_get(&t->claims, path);
}

static struct oci_claim *at(struct oci_tree *t, const char *path, size_t n)
{
	void **place = oci_map_at_n(&t->claims, path, n);

	if (!*place)
		*place = oci_calloc(1, sizeof(struct oci_claim));
	return *place;
}

struct oci_claim *oci_tree_at(struct oci_tree *t, const char *path)
{
	return at(t, path, strlen(path));
}

/* Length of the folder that holds path[0..n): 0 is the root. */
static size_t parent_len(const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n ? n - 1 : 0;
}

static bool hides_below(const struct oci_claim *c, unsigned layer)
{
	return c && (c->whited > layer || c->opaque > layer || (c->kind == OCI_CLAIM_OTHER && c->layer > layer));
}

bool oci_tree_hides(const struct oci_tree *t, const char *path, unsigned layer)
{
	const struct oci_claim *own = oci_tree_find(t, path);
	size_t n = strlen(path);

	if (own && own->whited > layer)
		return true;
	while (n > 0) {
		n = parent_len(path, n);
		if (hides_below(oci_map_get_n(&t->claims, path, n), layer))
			return true;
	}
	return false;
}

static int fail_mixed(const char *path, size_t n, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "%.*s: a folder and something else in one layer", (int)n, path);
}

static int claim_parents(struct oci_tree *t, const char *path, unsigned layer, struct oci_err **err)
{
	size_t n = strlen(path);

	while (n > 0) {
		n = parent_len(path, n);
		struct oci_claim *c = at(t, path, n);

		if (c->kind == OCI_CLAIM_OTHER)
			return fail_mixed(path, n, err);
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
	if (claim_parents(t, path, layer, err) < 0)
		return -1;
	struct oci_claim *c = oci_tree_at(t, path);

	if (c->kind != OCI_CLAIM_NONE && (c->kind == OCI_CLAIM_OTHER) == is_folder)
		return fail_mixed(path, strlen(path), err);
	*replaced = c->kind == OCI_CLAIM_OTHER;
	if (c->kind == OCI_CLAIM_NONE)
		c->layer = (uint16_t)layer;
	c->kind = is_folder ? OCI_CLAIM_FOLDER : OCI_CLAIM_OTHER;
	c->hashed = c->waits = false;
	*out = c;
	return 0;
}

void oci_tree_clear(struct oci_tree *t)
{
	oci_map_clear_with(&t->claims, free);
}
