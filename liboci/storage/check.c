#include "storage/check.h"

#include "base/map.h"
#include "digest/hasher.h"
#include "digest/verify.h"

#include <stdlib.h>

struct oci_store_check {
	const struct oci_store *store;
	struct oci_map hashed; /* digests that were found right */
};

struct oci_store_check *oci_store_check_new(const struct oci_store *store)
{
	struct oci_store_check *c = oci_calloc(1, sizeof(*c));

	c->store = store;
	return c;
}

void oci_store_check_free(struct oci_store_check *c)
{
	if (!c)
		return;
	oci_map_clear(&c->hashed);
	free(c);
}

void oci_store_check_freep(struct oci_store_check **c)
{
	oci_store_check_free(*c);
	*c = NULL;
}

static int check_blob(struct oci_store_check *c, const struct oci_desc *d, struct oci_err **err)
{
	const char *text = OCI_DIGEST(&d->digest);
	auto_free char *path = oci_store_blob_path(c->store, &d->digest);
	struct oci_digest got;
	uint64_t size;

	if (oci_map_has(&c->hashed, text))
		return 0;
	if (oci_hash_file(d->digest.algorithm, path, &got, &size, err) < 0 ||
	    oci_verify(&(struct oci_expect){ path, d->digest, d->size }, &got, size, err) < 0)
		return -1;
	oci_map_add(&c->hashed, text, NULL);
	return 0;
}

static int check_layer(struct oci_store_check *c, const char *repository, const struct oci_desc *d,
		       struct oci_err **err)
{
	uint64_t size;

	if (oci_layer_is_foreign(d) && !oci_store_blob_size(c->store, &d->digest, &size))
		return 0;
	if (!oci_store_has_layer(c->store, repository, &d->digest))
		return oci_fail(err, OCI_NOTFOUND, "%s: repository %s has no link to %s", oci_store_dir(c->store),
				repository, OCI_DIGEST(&d->digest));
	return check_blob(c, d, err);
}

static int check_document(struct oci_store_check *c, const char *repository, const struct oci_digest *d, unsigned depth,
			  struct oci_err **err);

static int check_parts(struct oci_store_check *c, const char *repository, const struct oci_manifest *m, unsigned depth,
		       struct oci_err **err)
{
	if (!m->is_index && check_layer(c, repository, &m->config, err) < 0)
		return -1;
	for (size_t i = 0; i < m->children.n; i++) {
		const struct oci_desc *child = &m->children.v[i];

		if (m->is_index && !oci_store_has_revision(c->store, repository, &child->digest))
			continue;
		if ((m->is_index ? check_document(c, repository, &child->digest, depth + 1, err)
				 : check_layer(c, repository, child, err)) < 0)
			return -1;
	}
	return 0;
}

static int check_document(struct oci_store_check *c, const char *repository, const struct oci_digest *d, unsigned depth,
			  struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };

	if (oci_manifest_check_depth(OCI_DIGEST(d), depth, err) < 0)
		return -1;
	if (!oci_store_has_revision(c->store, repository, d))
		return oci_fail(err, OCI_NOTFOUND, "%s: repository %s has no revision %s", oci_store_dir(c->store),
				repository, OCI_DIGEST(d));
	if (oci_store_manifest(c->store, d, &m, NULL, err) < 0)
		return -1;
	return check_parts(c, repository, &m, depth, err);
}

int oci_store_check_image(struct oci_store_check *c, const char *repository, const char *tag,
			  const struct oci_digest *d, struct oci_err **err)
{
	struct oci_digest now;

	if (tag && oci_store_tag(c->store, repository, tag, &now, err) < 0)
		return -1;
	if (tag && !oci_digest_same(&now, d))
		return oci_fail(err, OCI_BADDIGEST, "%s: tag %s of %s is %s, not %s", oci_store_dir(c->store), tag,
				repository, OCI_DIGEST(&now), OCI_DIGEST(d));
	return check_document(c, repository, d, 0, err);
}
