#include "storage/view.h"

#include "base/path.h"
#include "storage/orphans.h"
#include "storage/tree.h"

struct viewing {
	const struct oci_store *store;
	const char *repository;
	struct oci_layout *out;
};

/* rest is ":TAG" or "@DIGEST". What no reference can name (capital letters) no client can have asked for. */
static void add_entry(const struct viewing *v, const char *rest, const struct oci_digest *d)
{
	auto_free char *text = oci_printf("docker.io/%s%s", v->repository, rest);
	auto_ref struct oci_ref ref = { 0 };
	auto_manifest struct oci_manifest m = { 0 };
	auto_desc struct oci_desc entry = { .digest = *d };

	if (oci_ref_parse(text, &ref, NULL) < 0)
		return;
	auto_free char *name = oci_ref_name(&ref);

	if (!oci_store_blob_size(v->store, d, &entry.size) || oci_store_manifest(v->store, d, &m, NULL, NULL) < 0)
		entry.media_type = oci_strdup(OCI_MEDIA_MANIFEST);
	else
		entry.media_type = oci_strdup(m.media_type);
	oci_pairs_set(&entry.annotations, OCI_REF_NAME, name);
	oci_pairs_set(&entry.annotations, OCI_STORE_REPOSITORY, v->repository);
	oci_desc_copy(oci_vec_push(&v->out->entries), &entry);
	oci_map_add(&v->out->by_name, name, (void *)v->out->entries.n);
}

static int add_repository(const struct viewing *v, struct oci_err **err)
{
	auto_strs struct oci_strs tags = { 0 };
	auto_digests struct oci_digests orphans = { 0 };

	if (oci_store_tags(v->store, v->repository, &tags, err) < 0 ||
	    oci_store_orphans(v->store, v->repository, &tags, &orphans, err) < 0)
		return -1;
	for (size_t i = 0; i < tags.n; i++) {
		auto_free char *rest = oci_printf(":%s", tags.v[i]);
		struct oci_digest d;

		if (oci_store_tag(v->store, v->repository, tags.v[i], &d, err) < 0)
			return -1;
		add_entry(v, rest, &d);
	}
	for (size_t i = 0; i < orphans.n; i++) {
		auto_free char *rest = oci_printf("@%s", OCI_DIGEST(&orphans.v[i]));

		add_entry(v, rest, &orphans.v[i]);
	}
	return 0;
}

int oci_store_view(const char *dir, struct oci_layout *out, struct oci_err **err)
{
	auto_store struct oci_store *s = NULL;
	auto_strs struct oci_strs repositories = { 0 };
	auto_layout struct oci_layout l = { 0 };
	auto_free char *blobs = oci_path_join(dir, OCI_TREE_TOP "/blobs");

	if (oci_store_open(&s, dir, err) < 0 || oci_blobs_open_fanned(&l.blobs, blobs, err) < 0 ||
	    oci_store_repositories(s, &repositories, err) < 0)
		return -1;
	l.dir = oci_strdup(dir);
	for (size_t i = 0; i < repositories.n; i++)
		if (add_repository(&(struct viewing){ s, repositories.v[i], &l }, err) < 0)
			return -1;
	*out = l;
	l = (struct oci_layout){ 0 };
	return 0;
}
