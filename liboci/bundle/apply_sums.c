/* Comparing the tree with its own SHA256SUMS.d. What a seal says of a path is noted as its lines pass by: the lists
 * themselves would be most of what is kept in memory. */
#include "bundle/apply_int.h"

#include <stdlib.h>
#include <string.h>

static const char folder[] = "SHA256SUMS.d/";

bool oci_apply_is_sums(const char *path)
{
	return oci_starts(path, folder) && !strchr(path + strlen(folder), '/');
}

static size_t find_seal(const struct oci_apply_sums *s, const char *path)
{
	size_t i = 0;

	while (i < s->seals.n && !oci_streq(s->seals.v[i], path))
		i++;
	return i;
}

bool oci_apply_sums_has(const struct oci_apply_sums *s, const char *path)
{
	return find_seal(s, path) < s->seals.n;
}

/* A member of the same name that came before it in its layer counts no more. */
static void forget(struct oci_apply_sums *s, size_t seal)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->said.n; i++)
		if (s->said.v[i].seal != seal)
			s->said.v[kept++] = s->said.v[i];
	s->said.n = kept;
}

static int note_sum(void *ctx, struct oci_sum *sum, struct oci_err **err)
{
	struct oci_apply_run *r = ctx;
	struct oci_apply_sums *s = &r->sums;

	if (sum->digest.algorithm != OCI_SHA256)
		return oci_fail(err, OCI_BADINPUT, "%s: not a sha256 sum", sum->path);
	if (!oci_apply_selects(r->a, sum->path))
		return 0;
	struct oci_apply_said *said = oci_vec_push(&s->said);

	said->seal = (uint32_t)s->seal;
	said->claim = oci_tree_at(&r->tree, sum->path);
	memcpy(said->sha256, sum->digest.raw, sizeof(said->sha256));
	return 0;
}

void oci_apply_sums_begin(struct oci_apply_run *r, const char *path)
{
	struct oci_apply_sums *s = &r->sums;

	s->seal = find_seal(s, path);
	if (s->seal < s->seals.n)
		forget(s, s->seal);
	else
		oci_strs_add(&s->seals, path);
	oci_sum_lines_clear(&s->lines);
	s->lines = (struct oci_sum_lines){ .what = s->seals.v[s->seal], .each = note_sum, .ctx = r };
}

int oci_apply_sums_add(struct oci_apply_run *r, const void *data, size_t n, struct oci_err **err)
{
	return oci_sum_lines_add(&r->sums.lines, data, n, err);
}

int oci_apply_sums_end(struct oci_apply_run *r, struct oci_err **err)
{
	return oci_sum_lines_end(&r->sums.lines, err);
}

static int check_one(struct oci_apply_run *r, const struct oci_apply_said *said, struct oci_err **err)
{
	const struct oci_claim *c = said->claim;
	struct oci_digest got = { .algorithm = OCI_SHA256 }, want = { .algorithm = OCI_SHA256 };
	const uint8_t *hash = oci_tree_hash_of(&r->tree, c);

	if (hash && memcmp(hash, said->sha256, sizeof(said->sha256)) == 0) {
		r->a->checked++;
		return 0;
	}
	const char *seal = r->sums.seals.v[said->seal];
	auto_free char *path = oci_paths_text(&r->tree.claims, c);

	if (!hash)
		return oci_fail(err, OCI_NOTFOUND, "%s: named by %s, but not in the image", path, seal);
	memcpy(got.raw, hash, sizeof(said->sha256));
	memcpy(want.raw, said->sha256, sizeof(said->sha256));
	return oci_fail(err, OCI_BADDIGEST, "%s: its content is %s, but %s says %s", path, OCI_DIGEST(&got), seal,
			OCI_DIGEST(&want));
}

int oci_apply_sums_check(struct oci_apply_run *r, struct oci_err **err)
{
	for (size_t i = 0; i < r->sums.said.n; i++)
		if (check_one(r, &r->sums.said.v[i], err) < 0)
			return -1;
	return 0;
}

void oci_apply_sums_clear(struct oci_apply_sums *s)
{
	oci_strs_clear(&s->seals);
	oci_sum_lines_clear(&s->lines);
	free(s->said.v);
}
