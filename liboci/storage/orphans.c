#include "storage/orphans.h"

#include "base/map.h"

static int note_history(const struct oci_store *s, const char *repository, const struct oci_strs *tags,
			struct oci_map *led_to, struct oci_err **err)
{
	auto_digests struct oci_digests had = { 0 };

	for (size_t i = 0; i < tags->n; i++)
		if (oci_store_tag_history(s, repository, tags->v[i], &had, err) < 0)
			return -1;
	for (size_t i = 0; i < had.n; i++)
		oci_map_add(led_to, OCI_DIGEST(&had.v[i]), NULL);
	return 0;
}

/* A document that cannot be read leads nowhere. */
static void note_children(const struct oci_store *s, const struct oci_digest *d, struct oci_map *led_to)
{
	auto_manifest struct oci_manifest m = { 0 };

	if (oci_store_manifest(s, d, &m, NULL, NULL) < 0)
		return;
	for (size_t i = 0; m.is_index && i < m.children.n; i++)
		oci_map_add(led_to, OCI_DIGEST(&m.children.v[i].digest), NULL);
	if (m.subject)
		oci_map_add(led_to, OCI_DIGEST(d), NULL);
}

int oci_store_orphans(const struct oci_store *s, const char *repository, const struct oci_strs *tags,
		      struct oci_digests *out, struct oci_err **err)
{
	auto_digests struct oci_digests all = { 0 };
	auto_map struct oci_map led_to = { 0 };

	if (oci_store_revisions(s, repository, &all, err) < 0 || note_history(s, repository, tags, &led_to, err) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		note_children(s, &all.v[i], &led_to);
	for (size_t i = 0; i < all.n; i++)
		if (!oci_map_has(&led_to, OCI_DIGEST(&all.v[i])))
			*oci_vec_push(out) = all.v[i];
	return 0;
}
