#include "bundle/conflict.h"

#include "base/paths.h"

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

static int fail_conflict(const struct oci_paths *m, const struct claim *a, const struct claim *b, struct oci_err **err)
{
	bool alike = !a->digest == !b->digest && !a->link == !b->link;
	auto_free char *path = oci_paths_text(m, a);

	return oci_fail(err, OCI_CONFLICT, "%s: modules %s and %s differ in it%s%s%s%s; a path belongs to one module",
			path, a->part->name, b->part->name, alike ? "" : ": ", alike ? "" : kind(a),
			alike ? "" : " and ", alike ? "" : kind(b));
}

static bool same(const struct claim *a, const struct claim *b)
{
	if (a->digest && b->digest)
		return oci_digest_same(a->digest, b->digest);
	return !a->digest == !b->digest && oci_streq(a->link, b->link);
}

static int claim(const struct oci_paths *m, struct claim *have, const struct claim *c, struct oci_err **err)
{
	if (!have->part)
		*have = *c;
	else if (have->part != c->part && !same(have, c))
		return fail_conflict(m, have, c, err);
	return 0;
}

/* The folders above a path; where one is known to the same part, so are those above it. */
static int claim_parents(const struct oci_paths *m, struct claim *below, const struct oci_part *part,
			 struct oci_err **err)
{
	const struct claim folder = { .part = part };

	for (struct claim *c = oci_paths_above(m, below); c && oci_paths_above(m, c); c = oci_paths_above(m, c)) {
		bool known = c->part != NULL;

		if (claim(m, c, &folder, err) < 0)
			return -1;
		if (known)
			break;
	}
	return 0;
}

static int claim_all(struct oci_paths *m, const char *path, const struct claim *c, struct oci_err **err)
{
	struct claim *own = oci_paths_at(m, path, strlen(path));

	return claim(m, own, c, err) < 0 ? -1 : claim_parents(m, own, c->part, err);
}

static int add_part(struct oci_paths *m, const struct oci_part *p, struct oci_err **err)
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
	auto_paths struct oci_paths claims = { .value_size = sizeof(struct claim) };

	for (size_t i = 0; parts->n > 1 && i < parts->n; i++)
		if ((parts->v[i]->sealed || !only_sealed) && add_part(&claims, parts->v[i], err) < 0)
			return -1;
	return 0;
}

/* What stands below a folder marks it, so that an opaque one can be judged. */
static void add_path(struct oci_paths *m, const char *path)
{
	bool *below = oci_paths_at(m, path, strlen(path));

	while ((below = oci_paths_above(m, below)) != NULL && !*below)
		*below = true;
}

static void add_paths(struct oci_paths *m, const struct oci_seal *s)
{
	for (size_t i = 0; i < s->sums.n; i++)
		add_path(m, s->sums.v[i].path);
	for (size_t i = 0; i < s->symlinks.n; i++)
		add_path(m, s->symlinks.v[i].key);
	for (size_t i = 0; i < s->empty.n; i++)
		add_path(m, s->empty.v[i]);
}

static bool reaches(const struct oci_paths *m, const char *target)
{
	size_t n = strlen(target);

	if (n > 0 && target[n - 1] != '/')
		return oci_paths_find(m, target, n) != NULL;
	const bool *below = oci_paths_find(m, target, n > 0 ? n - 1 : 0);

	return below && *below;
}

bool oci_conflict_reaches(const struct oci_parts *parts, size_t n)
{
	const struct oci_strs *deletes = &parts->v[n]->deletes;
	auto_paths struct oci_paths others = { .value_size = sizeof(bool) };

	for (size_t i = 0; deletes->n && i < n; i++)
		if (parts->v[i] != parts->v[n])
			add_paths(&others, &parts->v[i]->seal);
	for (size_t i = 0; i < deletes->n; i++)
		if (reaches(&others, deletes->v[i]))
			return true;
	return false;
}
