#include "bundle/survey.h"

#include "base/map.h"
#include "base/path.h"
#include "bundle/apply.h"
#include "digest/hasher.h"

#include <stdlib.h>

struct run {
	const struct oci_survey *s;
	struct oci_hasher *hasher;
	char *path;	     /* of the current file */
	struct oci_map sums; /* path -> its place in found->sums, plus one */
};

static char *prefixed(const struct run *r, const char *path)
{
	return r->s->prefix ? oci_path_join(r->s->prefix, path) : oci_strdup(path);
}

static void add_sum(struct run *r, const char *path, const struct oci_digest *digest)
{
	oci_sums_add(&r->s->found->sums, path, digest);
	*oci_map_at(&r->sums, path) = (void *)r->s->found->sums.n;
}

static int begin(void *ctx, const struct oci_tar_entry *e, struct oci_err **err)
{
	struct run *r = ctx;
	auto_free char *path = prefixed(r, e->path), *target = e->link ? prefixed(r, e->link) : NULL;
	size_t place;

	(void)err;
	switch (e->type) {
	case OCI_TAR_FILE:
		oci_hasher_reset(r->hasher);
		free(r->path);
		r->path = oci_steal(&path);
		break;
	case OCI_TAR_DIR:
		if (*e->path)
			oci_strs_add(&r->s->found->empty, path);
		break;
	case OCI_TAR_HARDLINK:
		place = (size_t)oci_map_get(&r->sums, target);
		if (place) {
			struct oci_digest digest = r->s->found->sums.v[place - 1].digest;

			add_sum(r, path, &digest);
		}
		break;
	default: /* a device is told from a link by a target that no link has */
		*oci_vec_push(&r->s->found->symlinks) =
			(struct oci_pair){ oci_steal(&path), oci_strdup(e->type == OCI_TAR_SYMLINK ? e->link : "") };
	}
	return 0;
}

static int data(void *ctx, const void *bytes, size_t n, struct oci_err **err)
{
	struct run *r = ctx;

	(void)err;
	if (r->s->contents)
		oci_hasher_add(r->hasher, bytes, n);
	return 0;
}

static int end(void *ctx, struct oci_err **err)
{
	struct run *r = ctx;
	struct oci_digest digest;

	(void)err;
	oci_hasher_end(r->hasher, &digest);
	add_sum(r, r->path, &digest);
	return 0;
}

static void run_clear(struct run *r)
{
	oci_hasher_free(r->hasher);
	oci_map_clear(&r->sums);
	free(r->path);
}

int oci_survey_run(const struct oci_survey *s, struct oci_err **err)
{
	OCI_AUTO(run_clear) struct run r = { .s = s, .hasher = oci_hasher_new(OCI_SHA256) };
	struct oci_apply a = { .from = { .blobs = s->blobs },
			       .layers = s->layers,
			       .special = true,
			       .sink = { begin, data, end, NULL, &r },
			       .deletes = s->deletes,
			       .out = s->out };

	return oci_apply_run(&a, err);
}
