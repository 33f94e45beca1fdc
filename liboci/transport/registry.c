/* registry:DIR, the storage of a distribution registry. Hosts are not kept there: names are looked up by their path. */
#include "transport/local_int.h"

#include "storage/fallback.h"
#include "storage/orphans.h"
#include "transport/cosign_int.h"

#define LIBRARY "library/"

/* What a reference's repository is called in the store: docker.io's library/ may not have been written there. */
static const char *repository_of(const struct oci_store *s, const struct oci_ref *ref)
{
	auto_fd int fd = oci_store_repository_fd(s, ref->repository);
	bool library = oci_starts(ref->repository, LIBRARY);

	return fd < 0 && library ? ref->repository + strlen(LIBRARY) : ref->repository;
}

static void add_name(const char *repository, const char *rest, struct oci_strs *out)
{
	auto_free char *text = oci_printf("docker.io/%s%s", repository, rest);
	auto_ref struct oci_ref ref = { 0 };

	if (oci_ref_parse(text, &ref, NULL) == 0)
		oci_strs_add_take(out, oci_ref_name(&ref));
}

static int repository_names(const struct oci_store *s, const char *repository, struct oci_strs *out,
			    struct oci_err **err)
{
	auto_strs struct oci_strs tags = { 0 };
	auto_digests struct oci_digests orphans = { 0 };

	if (oci_store_tags(s, repository, &tags, err) < 0 || oci_store_orphans(s, repository, &tags, &orphans, err) < 0)
		return -1;
	for (size_t i = 0; i < tags.n; i++) {
		auto_free char *rest = oci_printf(":%s", tags.v[i]);

		add_name(repository, rest, out);
	}
	for (size_t i = 0; i < orphans.n; i++) {
		auto_free char *rest = oci_printf("@%s", OCI_DIGEST(&orphans.v[i]));

		add_name(repository, rest, out);
	}
	return 0;
}

static int store_names(void *ctx, struct oci_strs *out, struct oci_err **err)
{
	auto_strs struct oci_strs repositories = { 0 };

	if (oci_store_repositories(ctx, &repositories, err) < 0)
		return -1;
	for (size_t i = 0; i < repositories.n; i++)
		if (repository_names(ctx, repositories.v[i], out, err) < 0)
			return -1;
	return 0;
}

static int store_find(void *ctx, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err)
{
	return oci_store_tag(ctx, repository_of(ctx, ref), ref->tag, &out->digest, err);
}

static char *store_file(void *ctx, const struct oci_digest *d)
{
	return oci_store_blob_path(ctx, d);
}

static int store_open(void *ctx, const struct oci_digest *d, struct oci_reader *out, uint64_t *size,
		      struct oci_err **err)
{
	auto_free char *path = oci_store_blob_path(ctx, d);

	if (!oci_store_blob_size(ctx, d, size))
		return oci_fail(err, OCI_NOTFOUND, "%s: no blob %s", oci_store_dir(ctx), OCI_DIGEST(d));
	return oci_reader_of_path(out, path, err);
}

static void add_cosign(const struct oci_store *s, struct oci_need *w, unsigned which)
{
	auto_free char *tag = oci_cosign_tag(&w->desc.digest, which);
	auto_manifest struct oci_manifest m = { 0 };
	auto_buf struct oci_buf bytes = { 0 };
	struct oci_digest d;

	if (oci_store_tag(s, repository_of(s, w->ref), tag, &d, NULL) < 0 ||
	    oci_store_manifest(s, &d, &m, &bytes, NULL) < 0)
		return;
	struct oci_desc *found = oci_vec_push(&w->found);

	oci_manifest_referrer(&m, &d, bytes.len, found);
	oci_pairs_set(&found->annotations, OCI_REF_NAME, tag);
}

static int add_fallback(const struct oci_store *s, struct oci_need *w, struct oci_err **err)
{
	char tag[OCI_DIGEST_TEXT];
	auto_manifest struct oci_manifest m = { 0 };
	struct oci_digest d;
	uint64_t size;

	oci_fallback_tag(tag, &w->desc.digest);
	if (oci_store_tag(s, repository_of(s, w->ref), tag, &d, NULL) < 0)
		return 0;
	if (oci_store_manifest(s, &d, &m, NULL, err) < 0)
		return -1;
	for (size_t i = 0; m.is_index && i < m.children.n; i++)
		if (oci_store_blob_size(s, &m.children.v[i].digest, &size))
			oci_desc_copy(oci_vec_push(&w->found), &m.children.v[i]);
	return 0;
}

static int store_referrers(void *ctx, struct oci_need *w, struct oci_err **err)
{
	if (add_fallback(ctx, w, err) < 0)
		return -1;
	for (unsigned i = 0; i < OCI_COSIGN_TAGS; i++)
		add_cosign(ctx, w, i);
	return 0;
}

static void store_close(void *ctx)
{
	oci_store_close(ctx);
}

static const struct oci_local_ops store_ops = {
	store_names, store_find, NULL, store_open, store_file, store_referrers, store_close,
};

int oci_store_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err)
{
	auto_store struct oci_store *s = NULL;

	if (oci_store_open(&s, path, err) < 0)
		return -1;
	oci_local_source(src, spec, &store_ops, oci_steal(&s));
	return 0;
}
