#include "transport/source.h"

#include "transport/local_int.h"

#include <stdlib.h>

typedef int open_fn(struct oci_source *src, const char *spec, const char *path, struct oci_err **err);

static const struct {
	const char *prefix;
	open_fn *open;
} kinds[] = {
	{ "oci:", oci_layout_source },
	{ "registry:", oci_store_source },
	{ "dir:", oci_dir_source },
	{ "docker-archive:", oci_docker_archive_source },
	{ "oci-archive:", oci_oci_archive_source },
};

/* What stands behind a known prefix, and its kind; NULL without one. */
static const char *cut_prefix(const char *spec, open_fn **open)
{
	for (size_t i = 0; i < OCI_COUNT(kinds); i++)
		if (oci_starts(spec, kinds[i].prefix)) {
			*open = kinds[i].open;
			return spec + strlen(kinds[i].prefix);
		}
	return NULL;
}

bool oci_source_is_remote(const char *spec)
{
	open_fn *open;

	return !cut_prefix(spec, &open);
}

int oci_source_open(const char *spec, const struct oci_out *out, struct oci_source *src, struct oci_err **err)
{
	open_fn *open;
	const char *path = cut_prefix(spec, &open);

	(void)out;
	if (!path)
		return oci_fail(
			err, OCI_USAGE,
			"%s: unknown kind of source; known are oci:DIR, registry:DIR, dir:DIR, docker-archive:FILE, "
			"oci-archive:FILE and docker://HOST",
			spec);
	if (!*path)
		return oci_fail(err, OCI_USAGE, "%s: names no folder or file", spec);
	return open(src, spec, path, err);
}

int oci_source_names(const struct oci_source *src, struct oci_strs *out, struct oci_err **err)
{
	if (!src->ops->names)
		return oci_fail(err, OCI_UNSUPPORTED, "%s: cannot list what it holds; name the images", src->spec);
	return src->ops->names(src->ctx, out, err);
}

size_t oci_source_resolve(const struct oci_source *src, struct oci_need *w, size_t n)
{
	return src->ops->resolve(src->ctx, w, n);
}

size_t oci_source_manifests(const struct oci_source *src, struct oci_need *w, size_t n)
{
	return src->ops->manifests(src->ctx, w, n);
}

size_t oci_source_blobs(const struct oci_source *src, struct oci_need *w, size_t n, struct oci_blobs *into)
{
	return src->ops->blobs(src->ctx, w, n, into);
}

bool oci_source_opens(const struct oci_source *src)
{
	return src->ops->open;
}

int oci_source_open_blob(const struct oci_source *src, const struct oci_desc *d, struct oci_reader *out,
			 struct oci_err **err)
{
	return src->ops->open(src->ctx, d, out, err);
}

size_t oci_source_referrers(const struct oci_source *src, struct oci_need *w, size_t n)
{
	return src->ops->referrers ? src->ops->referrers(src->ctx, w, n) : 0;
}

void oci_source_close(struct oci_source *src)
{
	if (src->ops)
		src->ops->close(src->ctx);
	free(src->spec);
	*src = (struct oci_source){ 0 };
}

void oci_need_clear(struct oci_need *w)
{
	for (size_t i = 0; i < w->found.n; i++)
		oci_desc_clear(&w->found.v[i]);
	free(w->found.v);
	oci_desc_clear(&w->desc);
	oci_buf_clear(&w->bytes);
	oci_err_clear(&w->err);
	*w = (struct oci_need){ 0 };
}
