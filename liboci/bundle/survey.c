#include "bundle/survey.h"

#include "base/map.h"
#include "base/path.h"
#include "bundle/apply.h"
#include "digest/hasher.h"

#include <stdlib.h>
#include <string.h>

struct run {
	const struct oci_survey *s;
	struct oci_hasher *hasher;
	char *path;		/* of the current file */
	struct oci_pairs links; /* hard links and their targets */
};

static char *prefixed(const struct run *r, const char *path)
{
	return r->s->prefix ? oci_path_join(r->s->prefix, path) : oci_strdup(path);
}

/* A folder with something in it goes without saying; mostly that follows it. */
static void drop_parent(struct oci_strs *folders, const char *path)
{
	const char *last = folders->n ? folders->v[folders->n - 1] : NULL;
	size_t n = last ? strlen(last) : 0;

	if (last && strncmp(path, last, n) == 0 && path[n] == '/')
		free(folders->v[--folders->n]);
}

static int begin(void *ctx, const struct oci_tar_entry *e, struct oci_err **err)
{
	struct run *r = ctx;
	auto_free char *path = prefixed(r, e->path), *target = e->link ? prefixed(r, e->link) : NULL;

	(void)err;
	if (e->type != OCI_TAR_HARDLINK) /* which may come to nothing */
		drop_parent(&r->s->found->empty, path);
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
		*oci_vec_push(&r->links) = (struct oci_pair){ oci_steal(&path), oci_steal(&target) };
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
	oci_sums_add(&r->s->found->sums, r->path, &digest);
	return 0;
}

static void run_clear(struct run *r)
{
	oci_hasher_free(r->hasher);
	oci_pairs_clear(&r->links);
	free(r->path);
}

/* A link has the content of its target, which may be a link that came before it. */
static void add_links(struct run *r)
{
	struct oci_sums *sums = &r->s->found->sums;
	auto_map struct oci_map linked = { 0 };
	size_t n = sums->n;

	oci_sums_sort(sums);
	for (size_t i = 0; i < r->links.n; i++) {
		const struct oci_pair *link = &r->links.v[i];
		const struct oci_sums known = { sums->v, n, n };
		const struct oci_sum *sum = oci_sums_find(&known, link->value);
		size_t place = sum ? (size_t)(sum - sums->v) + 1 : (size_t)oci_map_get(&linked, link->value);

		if (!place)
			continue;
		const struct oci_digest digest = sums->v[place - 1].digest;

		oci_sums_add(sums, link->key, &digest);
		oci_map_add(&linked, link->key, (void *)sums->n);
	}
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

	if (oci_apply_run(&a, err) < 0)
		return -1;
	add_links(&r);
	return 0;
}
