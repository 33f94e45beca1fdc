#include "bundle/conflict.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* What one part has at a path: a file's digest, a link's target, or neither for a folder. */
struct claim {
	const struct oci_part *part;
	const struct oci_digest *digest;
	const char *link;
};

static const char *kind(const struct claim *c)
{
	return c->digest ? "a file" : c->link ? "a link" : "a folder";
}

static int fail_conflict(const char *path, size_t n, const struct claim *a, const struct claim *b, struct oci_err **err)
{
	bool alike = !a->digest == !b->digest && !a->link == !b->link;

	return oci_fail(err, OCI_CONFLICT, "%.*s: modules %s and %s differ in it%s%s%s%s; a path belongs to one module",
			(int)n, path, a->part->name, b->part->name, alike ? "" : ": ", alike ? "" : kind(a),
			alike ? "" : " and ", alike ? "" : kind(b));
}

static bool same(const struct claim *a, const struct claim *b)
{
	if (a->digest && b->digest)
		return oci_digest_same(a->digest, b->digest);
	return !a->digest == !b->digest && oci_streq(a->link, b->link);
}

static int claim(struct oci_map *m, const char *path, size_t n, const struct claim *c, bool *known,
		 struct oci_err **err)
{
	void **at = oci_map_at_n(m, path, n);
	const struct claim *have = *at;

	*known = have != NULL;
	if (!have)
		*at = oci_memdup(c, sizeof(*c));
	else if (have->part != c->part && !same(have, c))
		return fail_conflict(path, n, have, c, err);
	return 0;
}

/* The folders above a path; where one is known to the same part, so are those above it. */
static int claim_parents(struct oci_map *m, const char *path, const struct oci_part *part, struct oci_err **err)
{
	const struct claim folder = { .part = part };
	bool known = false;

	for (size_t n = strlen(path); n > 0 && !known;) {
		while (n > 0 && path[n - 1] != '/')
			n--;
		if (n == 0)
			break;
		n--;
		if (claim(m, path, n, &folder, &known, err) < 0)
			return -1;
	}
	return 0;
}

static int claim_all(struct oci_map *m, const char *path, const struct claim *c, struct oci_err **err)
{
	bool known;

	return claim(m, path, strlen(path), c, &known, err) < 0 ? -1 : claim_parents(m, path, c->part, err);
}

static int add_part(struct oci_map *m, const struct oci_part *p, struct oci_err **err)
{
	const struct oci_seal *s = &p->seal;

	for (size_t i = 0; i < s->sums.n; i++)
		if (claim_all(m, s->sums.v[i].path, &(struct claim){ p, &s->sums.v[i].digest, NULL }, err) < 0)
			return -1;
	for (size_t i = 0; i < s->symlinks.n; i++)
		if (claim_all(m, s->symlinks.v[i].key, &(struct claim){ p, NULL, s->symlinks.v[i].value }, err) < 0)
			return -1;
	for (size_t i = 0; i < s->empty.n; i++)
		if (claim_all(m, s->empty.v[i], &(struct claim){ p, NULL, NULL }, err) < 0)
			return -1;
	return 0;
}

int oci_conflict_find(const struct oci_parts *parts, bool only_sealed, struct oci_err **err)
{
	struct oci_map claims = { 0 };
	int rc = 0;

	for (size_t i = 0; i < parts->n && rc == 0; i++)
		if (parts->v[i]->sealed || !only_sealed)
			rc = add_part(&claims, parts->v[i], err);
	oci_map_clear_with(&claims, free);
	return rc;
}

/* Paths and the folders above them: what stands below a folder gives it a value, so that an opaque one can be judged.
 */
static void add_path(struct oci_map *m, const char *path)
{
	size_t n = strlen(path);

	oci_map_at_n(m, path, n);
	do {
		while (n > 0 && path[n - 1] != '/')
			n--;
		n -= n > 0;
		*oci_map_at_n(m, path, n) = m;
	} while (n > 0);
}

static void add_paths(struct oci_map *m, const struct oci_seal *s)
{
	for (size_t i = 0; i < s->sums.n; i++)
		add_path(m, s->sums.v[i].path);
	for (size_t i = 0; i < s->symlinks.n; i++)
		add_path(m, s->symlinks.v[i].key);
	for (size_t i = 0; i < s->empty.n; i++)
		add_path(m, s->empty.v[i]);
}

static bool reaches(const struct oci_map *below, const char *target)
{
	size_t n = strlen(target);

	if (n > 0 && target[n - 1] != '/')
		return oci_map_has(below, target);
	return oci_map_get_n(below, target, n > 0 ? n - 1 : 0) != NULL;
}

bool oci_conflict_reaches(const struct oci_parts *parts, size_t n)
{
	const struct oci_strs *deletes = &parts->v[n]->deletes;
	auto_map struct oci_map below = { 0 };

	for (size_t i = 0; deletes->n && i < n; i++)
		if (parts->v[i] != parts->v[n])
			add_paths(&below, &parts->v[i]->seal);
	for (size_t i = 0; i < deletes->n; i++)
		if (reaches(&below, deletes->v[i]))
			return true;
	return false;
}
