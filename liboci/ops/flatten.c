#include "ops/flatten.h"

#include "image/manifest.h"

#define ATTESTATION_OF "vnd.docker.reference.digest"

struct flatten {
	const struct oci_blobs *blobs;
	const struct oci_platforms *platforms;
	json_t *kept;	      /* entries as they stood in their index */
	struct oci_desc only; /* the one manifest, while n_images is 1 */
	size_t n_images;
	struct oci_strs digests; /* of images that are kept */
};

static int collect(struct flatten *f, const json_t *index, const char *what, unsigned depth, struct oci_err **err);

static int load(const struct oci_blobs *blobs, const struct oci_desc *d, json_t **out, struct oci_err **err)
{
	auto_buf struct oci_buf bytes = { 0 };

	if (oci_blobs_read(blobs, d, OCI_MANIFEST_MAX, &bytes, err) < 0)
		return -1;
	return oci_json_parse(OCI_DIGEST(&d->digest), bytes.data, bytes.len, out, err);
}

static bool is_wanted(const struct flatten *f, const struct oci_desc *d)
{
	return (!d->has_platform || oci_platform_is_unknown(&d->platform) ||
		oci_platforms_want(f->platforms, &d->platform)) &&
	       oci_blobs_has_desc(f->blobs, d);
}

static void keep(struct flatten *f, json_t *entry, const struct oci_desc *d)
{
	json_array_append(f->kept, entry);
	if (oci_pairs_get(&d->annotations, ATTESTATION_OF))
		return;
	if (f->n_images++ == 0)
		oci_desc_copy(&f->only, d);
	oci_strs_add(&f->digests, OCI_DIGEST(&d->digest));
}

static int collect_entry(struct flatten *f, json_t *entry, const char *where, unsigned depth, struct oci_err **err)
{
	auto_desc struct oci_desc d = { 0 };
	auto_json json_t *nested = NULL;

	if (oci_desc_parse(entry, where, &d, err) < 0)
		return -1;
	if (!is_wanted(f, &d))
		return 0;
	if (oci_media_kind(d.media_type) != OCI_KIND_INDEX) {
		keep(f, entry, &d);
		return 0;
	}
	if (load(f->blobs, &d, &nested, err) < 0)
		return -1;
	return collect(f, nested, OCI_DIGEST(&d.digest), depth + 1, err);
}

static int collect(struct flatten *f, const json_t *index, const char *what, unsigned depth, struct oci_err **err)
{
	const json_t *list = oci_json_arr(index, "manifests");

	if (oci_manifest_check_depth(what, depth, err) < 0)
		return -1;
	for (size_t i = 0; i < json_array_size(list); i++) {
		auto_free char *where = oci_printf("%s: manifests[%zu]", what, i);

		if (collect_entry(f, json_array_get(list, i), where, depth, err) < 0)
			return -1;
	}
	return 0;
}

/* Attestations of images that are left out go with them. */
static void drop_orphans(struct flatten *f)
{
	for (size_t i = json_array_size(f->kept); i-- > 0;) {
		const char *of = oci_json_str(oci_json_obj(json_array_get(f->kept, i), "annotations"), ATTESTATION_OF);

		if (of && !oci_strs_has(&f->digests, of))
			json_array_remove(f->kept, i);
	}
}

static void print_index(struct flatten *f, json_t *index, const struct oci_desc *root, struct oci_desc *out,
			struct oci_buf *bytes)
{
	drop_orphans(f);
	if (json_equal(f->kept, json_object_get(index, "manifests"))) { /* nothing is left out: the bytes stay */
		oci_desc_copy(out, root);
		return;
	}
	json_object_set(index, "manifests", f->kept);
	oci_json_print(index, bytes);
	*out = (struct oci_desc){ .media_type = oci_strdup(root->media_type), .size = bytes->len };
	oci_digest_of(bytes->data, bytes->len, &out->digest);
}

static void take_only(struct flatten *f, struct oci_desc *out)
{
	*out = (struct oci_desc){ .media_type = oci_strdup(f->only.media_type),
				  .digest = f->only.digest,
				  .size = f->only.size };
}

int oci_flatten(const struct oci_blobs *blobs, const struct oci_desc *root, const struct oci_platforms *platforms,
		struct oci_desc *out, struct oci_buf *bytes, struct oci_err **err)
{
	auto_json json_t *index = NULL, *kept = json_array();
	struct flatten f = { .blobs = blobs, .platforms = platforms, .kept = kept };
	int rc = load(blobs, root, &index, err);

	if (rc == 0 && !json_is_array(json_object_get(index, "manifests"))) {
		oci_desc_copy(out, root);
		return 0;
	}
	if (rc == 0)
		rc = collect(&f, index, OCI_DIGEST(&root->digest), 0, err);
	if (rc == 0 && !f.n_images)
		rc = oci_fail(err, OCI_NOTFOUND, "%s: none of its manifests is here", OCI_DIGEST(&root->digest));
	if (rc == 0 && f.n_images == 1)
		take_only(&f, out);
	else if (rc == 0)
		print_index(&f, index, root, out, bytes);
	oci_desc_clear(&f.only);
	oci_strs_clear(&f.digests);
	return rc;
}
