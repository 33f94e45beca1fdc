/* Which children of an index are wanted, and whether an image has what is wanted. */
#include "ops/fetch_int.h"

#include <stdlib.h>
#include <string.h>

/* Is a the better choice of two that both serve want? The same variant first, then the newest. */
static int better(const struct oci_platform *a, const struct oci_platform *b, const struct oci_platform *want)
{
	bool same_a = oci_platform_same(a, want), same_b = oci_platform_same(b, want);

	if (same_a != same_b)
		return same_a ? 1 : -1;
	return strcmp(a->variant ? a->variant : "", b->variant ? b->variant : "");
}

static bool is_candidate(const struct oci_desc *child, const struct oci_platform *want)
{
	return child->has_platform && oci_platform_serves(&child->platform, want);
}

/* Mark the best of those that serve want, all of them when several are equal (builds for several os.version). */
static bool select_best(const struct oci_manifest *index, const struct oci_platform *want, bool *marks)
{
	const struct oci_platform *best = NULL;

	for (size_t i = 0; i < index->children.n; i++) {
		const struct oci_desc *child = &index->children.v[i];

		if (is_candidate(child, want) && (!best || better(&child->platform, best, want) > 0))
			best = &child->platform;
	}
	for (size_t i = 0; best && i < index->children.n; i++)
		if (is_candidate(&index->children.v[i], want) && !better(&index->children.v[i].platform, best, want))
			marks[i] = true;
	return best != NULL;
}

void fetch_select(const struct oci_manifest *index, const struct oci_platforms *platforms, bool any, bool *want)
{
	bool found = false;

	for (size_t i = 0; i < index->children.n; i++) {
		const struct oci_desc *child = &index->children.v[i];

		want[i] = platforms->all || !child->has_platform || oci_platform_is_unknown(&child->platform);
	}
	for (size_t i = 0; i < platforms->n; i++)
		found |= select_best(index, &platforms->v[i], want);
	for (size_t i = 0; any && !found && i < index->children.n; i++)
		want[i] = true;
}

void fetch_seen_add(struct fetch_seen *s, const struct oci_platform *platform)
{
	for (size_t i = 0; i < s->v.n; i++)
		if (oci_platform_same(&s->v.v[i], platform))
			return;
	oci_platform_copy(oci_vec_push(&s->v), platform);
}

static bool serves_some(const struct fetch_seen *s, const struct oci_platform *want)
{
	for (size_t i = 0; i < s->v.n; i++)
		if (oci_platform_serves(&s->v.v[i], want))
			return true;
	return false;
}

int fetch_seen_check(const struct fetch_seen *s, const struct oci_platforms *platforms, struct oci_err **err)
{
	auto_buf struct oci_buf has = { 0 }, lacks = { 0 };

	for (size_t i = 0; i < platforms->n && (s->v.n || !s->any); i++)
		if (!serves_some(s, &platforms->v[i]))
			oci_buf_addf(&lacks, "%s%s", lacks.len ? ", " : "", OCI_PLATFORM(&platforms->v[i]));
	if (!lacks.len)
		return 0;
	if (!s->v.n)
		oci_buf_adds(&has, "none");
	for (size_t i = 0; i < s->v.n; i++)
		oci_buf_addf(&has, "%s%s", i ? ", " : "", OCI_PLATFORM(&s->v.v[i]));
	return oci_fail(err, OCI_NOTFOUND,
			"no image for %s; it has %s (a list line that ends in \" platform=any\" takes what there is)",
			lacks.data, has.data);
}

void fetch_seen_clear(struct fetch_seen *s)
{
	for (size_t i = 0; i < s->v.n; i++)
		oci_platform_clear(&s->v.v[i]);
	free(s->v.v);
	*s = (struct fetch_seen){ 0 };
}
