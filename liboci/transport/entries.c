#include "transport/entries_int.h"

#include "image/layout.h"
#include "transport/cosign_int.h"

#include <stdlib.h>

/* Descriptors of what refers to one digest. */
struct group {
	OCI_VEC(struct oci_desc) v;
};

static void free_group(void *p)
{
	struct group *g = p;

	for (size_t i = 0; i < g->v.n; i++)
		oci_desc_clear(&g->v.v[i]);
	free(g->v.v);
	free(g);
}

static bool is_wanted(const struct oci_desc *entry, const struct oci_ref *ref, const char *only)
{
	auto_ref struct oci_ref wanted = { 0 };

	if (!only || oci_streq(oci_layout_name(entry), only))
		return true;
	return ref->host && oci_ref_parse(only, &wanted, NULL) == 0 && oci_ref_same(&wanted, ref);
}

int oci_entries_init(struct oci_entries *e, const char *what, const struct oci_desc *v, size_t n, const char *only,
		     struct oci_err **err)
{
	*e = (struct oci_entries){ .what = what, .v = v, .n = n, .only = oci_strdup(only) };
	for (size_t i = 0; i < n; i++) {
		auto_ref struct oci_ref ref = { 0 };

		if (oci_layout_ref(&v[i], &ref, NULL) < 0 && !only)
			continue;
		if (!is_wanted(&v[i], &ref, only))
			continue;
		auto_free char *name = ref.host ? oci_ref_name(&ref) : oci_strdup(only);

		oci_map_add(&e->by_name, name, (void *)(uintptr_t)&v[i]);
	}
	if (only && e->by_name.n == 0)
		return oci_fail(err, OCI_NOTFOUND, "%s: no image %s", what, only);
	return 0;
}

int oci_entries_names(const struct oci_entries *e, struct oci_strs *out, struct oci_err **err)
{
	if (e->by_name.n == 0)
		return oci_fail(err, OCI_NOTFOUND, "%s: holds no image with a name; name the one that is wanted",
				e->what);
	for (size_t i = 0; i < e->by_name.n; i++)
		oci_strs_add(out, e->by_name.items[i].key);
	return 0;
}

static int fail_absent(const struct oci_entries *e, const char *name, struct oci_err **err)
{
	auto_buf struct oci_buf names = { 0 };

	for (size_t i = 0; i < e->by_name.n && i < 5; i++)
		oci_buf_addf(&names, "%s%s", i ? ", " : "", e->by_name.items[i].key);
	return oci_fail(err, OCI_NOTFOUND, "%s: no image %s; it has %s%s", e->what, name,
			names.len ? oci_buf_text(&names) : "no names", e->by_name.n > 5 ? ", …" : "");
}

int oci_entries_find(const struct oci_entries *e, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err)
{
	auto_free char *name = oci_ref_name(ref);
	const struct oci_desc *entry = oci_map_get(&e->by_name, name);

	if (!entry)
		return fail_absent(e, name, err);
	oci_desc_copy(out, entry);
	return 0;
}

/* "v1" is a tag, as the layout's specification means it, and no name of an image. */
static bool has_full_name(const struct oci_desc *entry)
{
	const char *name = oci_layout_name(entry);

	return oci_pairs_get(&entry->annotations, OCI_CONTAINERD_NAME) || (name && strpbrk(name, "/:"));
}

int oci_entries_nameless(const struct oci_entries *e, struct oci_desc *out, struct oci_err **err)
{
	const struct oci_desc *entry = e->only ? e->by_name.items[0].value : e->v;

	if (!e->only && (e->n != 1 || has_full_name(entry)))
		return oci_fail(err, OCI_NOTFOUND, "%s: its images have names", e->what);
	oci_desc_copy(out, entry);
	return 0;
}

static void add_to_group(struct oci_entries *e, const struct oci_manifest *m, const struct oci_desc *entry)
{
	void **at = oci_map_at(&e->by_subject, OCI_DIGEST(&m->subject->digest));

	if (!*at)
		*at = oci_calloc(1, sizeof(struct group));
	struct group *g = *at;

	oci_manifest_referrer(m, &entry->digest, entry->size, oci_vec_push(&g->v));
}

/* What cannot be read is no referrer; its own fetch tells why. */
static void learn_subjects(struct oci_entries *e, const struct oci_local_ops *ops, void *ctx)
{
	for (size_t i = 0; i < e->n && !e->subjects_known; i++) {
		auto_manifest struct oci_manifest m = { 0 };
		auto_buf struct oci_buf bytes = { 0 };

		if (oci_local_read(ops, ctx, &e->v[i].digest, OCI_MANIFEST_MAX, &bytes, NULL) == 0 &&
		    oci_manifest_parse("", bytes.data, bytes.len, e->v[i].media_type, &m, NULL) == 0 && m.subject)
			add_to_group(e, &m, &e->v[i]);
	}
	e->subjects_known = true;
}

static void add_tagged(const struct oci_entries *e, struct oci_need *w, unsigned which)
{
	auto_free char *where = oci_ref_where(w->ref);
	auto_free char *tag = oci_cosign_tag(&w->desc.digest, which);
	auto_free char *name = oci_printf("%s:%s", where, tag);
	const struct oci_desc *entry = oci_map_get(&e->by_name, name);

	if (!entry)
		return;
	struct oci_desc *d = oci_vec_push(&w->found);

	oci_desc_copy(d, entry);
	oci_pairs_set(&d->annotations, OCI_REF_NAME, tag);
}

int oci_entries_referrers(struct oci_entries *e, const struct oci_local_ops *ops, void *ctx, struct oci_need *w,
			  struct oci_err **err)
{
	(void)err;
	learn_subjects(e, ops, ctx);
	const struct group *g = oci_map_get(&e->by_subject, OCI_DIGEST(&w->desc.digest));

	for (size_t i = 0; g && i < g->v.n; i++)
		oci_desc_copy(oci_vec_push(&w->found), &g->v.v[i]);
	for (unsigned i = 0; i < OCI_COSIGN_TAGS; i++)
		add_tagged(e, w, i);
	return 0;
}

void oci_entries_clear(struct oci_entries *e)
{
	free(e->only);
	oci_map_clear(&e->by_name);
	oci_map_clear_with(&e->by_subject, free_group);
	*e = (struct oci_entries){ 0 };
}
