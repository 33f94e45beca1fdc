/* Comparing the tree with its own SHA256SUMS.d. What a seal says of a path is noted as its lines pass by: the lists
 * themselves would be most of what is kept in memory. */
#include "bundle/apply_int.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_LEN 65536

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

void oci_apply_sums_begin(struct oci_apply_run *r, const char *path)
{
	struct oci_apply_sums *s = &r->sums;

	s->seal = find_seal(s, path);
	s->lines = 0;
	oci_buf_reset(&s->line);
	if (s->seal < s->seals.n)
		forget(s, s->seal);
	else
		oci_strs_add(&s->seals, path);
}

static int note_sum(struct oci_apply_run *r, const struct oci_sum *sum, struct oci_err **err)
{
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

static int note_line(struct oci_apply_run *r, struct oci_slice line, struct oci_err **err)
{
	struct oci_apply_sums *s = &r->sums;
	auto_sums struct oci_sums sums = { 0 };

	s->lines++;
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	if (line.len == 0)
		return 0;
	if (oci_sums_parse_line(line, &sums, err) < 0 || (sums.n && note_sum(r, &sums.v[0], err) < 0))
		return oci_fail_in(err, "%s:%u", s->seals.v[s->seal], s->lines);
	return 0;
}

/* A line may stand in two runs of data. */
static int add_piece(struct oci_apply_run *r, struct oci_slice piece, struct oci_err **err)
{
	struct oci_apply_sums *s = &r->sums;

	if (piece.len > LINE_MAX_LEN - s->line.len)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: a line of more than %d bytes", s->seals.v[s->seal],
				s->lines + 1, LINE_MAX_LEN);
	oci_buf_add(&s->line, piece.p, piece.len);
	return 0;
}

int oci_apply_sums_add(struct oci_apply_run *r, const void *data, size_t n, struct oci_err **err)
{
	struct oci_slice rest = { data, n }, piece;
	struct oci_buf *line = &r->sums.line;

	while (rest.len) {
		bool whole = oci_slice_cut(rest, '\n', &piece, &rest);

		if (!whole || line->len) {
			if (add_piece(r, piece, err) < 0)
				return -1;
			piece = (struct oci_slice){ line->data, line->len };
		}
		if (whole && note_line(r, piece, err) < 0)
			return -1;
		if (whole)
			oci_buf_reset(line);
	}
	return 0;
}

int oci_apply_sums_end(struct oci_apply_run *r, struct oci_err **err)
{
	const struct oci_buf *line = &r->sums.line;

	return line->len ? note_line(r, (struct oci_slice){ line->data, line->len }, err) : 0;
}

static int check_one(struct oci_apply_run *r, const struct oci_apply_said *said, struct oci_err **err)
{
	const struct oci_claim *c = said->claim;
	struct oci_digest got = { .algorithm = OCI_SHA256 }, want = { .algorithm = OCI_SHA256 };

	if (c->hashed && memcmp(c->sha256, said->sha256, sizeof(c->sha256)) == 0) {
		r->a->checked++;
		return 0;
	}
	const char *seal = r->sums.seals.v[said->seal];
	auto_free char *path = oci_paths_text(&r->tree.claims, c);

	if (!c->hashed)
		return oci_fail(err, OCI_NOTFOUND, "%s: named by %s, but not in the image", path, seal);
	memcpy(got.raw, c->sha256, sizeof(c->sha256));
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
	oci_buf_clear(&s->line);
	free(s->said.v);
}
