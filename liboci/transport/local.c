#include "transport/local_int.h"

#include "base/path.h"
#include "digest/verify.h"

#include <stdlib.h>
#include <sys/stat.h>

struct local {
	const struct oci_local_ops *ops;
	void *ctx;
};

int oci_local_read(const struct oci_local_ops *ops, void *ctx, const struct oci_digest *d, size_t max,
		   struct oci_buf *out, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };
	struct oci_reader plain;
	uint64_t size;

	if (ops->open(ctx, d, &plain, &size, err) < 0)
		return -1;
	r = oci_verify_reader(plain, &(struct oci_expect){ OCI_DIGEST(d), *d, OCI_SIZE_UNKNOWN });
	if (size > max)
		return oci_fail(err, OCI_BADINPUT, "%s: %llu bytes are more than the %zu allowed here", OCI_DIGEST(d),
				(unsigned long long)size, max);
	return oci_reader_all(&r, OCI_DIGEST(d), max, out, err);
}

static int find_by_name(struct local *l, struct oci_need *w, struct oci_err **err)
{
	auto_err struct oci_err *absent = NULL, *e = NULL;

	if (l->ops->find(l->ctx, w->ref, &w->desc, &absent) == 0)
		return 0;
	if (oci_err_code(absent) != OCI_NOTFOUND || w->by_name || !l->ops->nameless)
		return oci_fail_with(err, &absent);
	if (l->ops->nameless(l->ctx, &w->desc, &e) == 0)
		return 0;
	return oci_fail_with(err, oci_err_code(e) == OCI_NOTFOUND ? &absent : &e);
}

/* The digest of what is wanted, from what is known, the reference's digest or its tag. */
static int find(struct local *l, struct oci_need *w, struct oci_err **err)
{
	if (w->desc.digest.algorithm != OCI_NO_DIGEST)
		return 0;
	if (w->ref->digest.algorithm != OCI_NO_DIGEST) {
		w->desc.digest = w->ref->digest;
		return 0;
	}
	return find_by_name(l, w, err);
}

static int read_wanted(struct local *l, struct oci_need *w, struct oci_err **err)
{
	bool document = !w->desc.media_type || oci_media_is_document(w->desc.media_type);

	oci_buf_reset(&w->bytes);
	if (oci_local_read(l->ops, l->ctx, &w->desc.digest, document ? OCI_MANIFEST_MAX : OCI_CONFIG_MAX, &w->bytes,
			   err) < 0)
		return -1;
	w->desc.size = w->bytes.len;
	if (w->desc.media_type)
		return 0;
	auto_manifest struct oci_manifest m = { 0 };

	if (oci_manifest_parse(OCI_DIGEST(&w->desc.digest), w->bytes.data, w->bytes.len, NULL, &m, err) < 0)
		return -1;
	w->desc.media_type = oci_strdup(m.media_type);
	return 0;
}

static int get_manifest(struct local *l, struct oci_need *w, struct oci_err **err)
{
	return find(l, w, err) < 0 || read_wanted(l, w, err) < 0 ? -1 : 0;
}

static int resolve_one(struct local *l, struct oci_need *w, struct oci_err **err)
{
	int rc = get_manifest(l, w, err);

	oci_buf_reset(&w->bytes);
	return rc;
}

typedef int one_fn(struct local *l, struct oci_need *w, struct oci_err **err);

static size_t each(struct local *l, struct oci_need *w, size_t n, one_fn *fn)
{
	size_t failed = 0;

	for (size_t i = 0; i < n; i++)
		if (!w[i].err && fn(l, &w[i], &w[i].err) < 0)
			failed++;
	return failed;
}

static size_t local_resolve(void *ctx, struct oci_need *w, size_t n)
{
	return each(ctx, w, n, resolve_one);
}

static size_t local_manifests(void *ctx, struct oci_need *w, size_t n)
{
	return each(ctx, w, n, get_manifest);
}

static int find_referrers(struct local *l, struct oci_need *w, struct oci_err **err)
{
	if (!l->ops->referrers)
		return 0;
	return l->ops->referrers(l->ctx, w, err);
}

static size_t local_referrers(void *ctx, struct oci_need *w, size_t n)
{
	return each(ctx, w, n, find_referrers);
}

static bool same_file_system(const struct stat *file, const char *to)
{
	auto_free char *folder = oci_path_parent(to);
	struct stat st;

	return stat(folder, &st) == 0 && st.st_dev == file->st_dev;
}

static bool may_link(const struct stat *st, const char *to)
{
	return same_file_system(st, to) && (st->st_mode & 0444) == 0444;
}

/* A hard link within one file system, where nothing is read; else a copy, which is checked as it streams. */
static int adopt(struct oci_blobs *into, struct oci_need *w, const char *file, struct oci_err **err)
{
	const struct oci_desc *d = &w->desc;
	auto_reader struct oci_reader r = { 0 };
	auto_free char *to = oci_blobs_path(into, &d->digest);
	struct stat st;

	if (stat(file, &st) < 0)
		return oci_fail_errno(err, "%s", file);
	if ((uint64_t)st.st_size != d->size)
		return oci_fail(err, OCI_BADDIGEST, "%s: %llu bytes instead of %llu", file,
				(unsigned long long)st.st_size, (unsigned long long)d->size);
	if (may_link(&st, to) && oci_blobs_link(into, d, file, &w->linked, err) < 0)
		return -1;
	if (w->linked)
		return 0;
	return oci_reader_of_path(&r, file, err) < 0 ? -1 : oci_blobs_store(into, d, &r, err);
}

static int stream(struct local *l, struct oci_blobs *into, struct oci_need *w, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };
	uint64_t size;

	return l->ops->open(l->ctx, &w->desc.digest, &r, &size, err) < 0 ? -1
									 : oci_blobs_store(into, &w->desc, &r, err);
}

static size_t local_blobs(void *ctx, struct oci_need *w, size_t n, struct oci_blobs *into)
{
	struct local *l = ctx;
	size_t failed = 0;

	for (size_t i = 0; i < n; i++) {
		w[i].linked = !w[i].err && oci_blobs_has_desc(into, &w[i].desc);
		if (w[i].err || w[i].linked)
			continue;
		auto_free char *file = l->ops->file ? l->ops->file(l->ctx, &w[i].desc.digest) : NULL;

		if ((file ? adopt(into, &w[i], file, &w[i].err) : stream(l, into, &w[i], &w[i].err)) < 0)
			failed++;
	}
	return failed;
}

static int local_open(void *ctx, const struct oci_desc *d, struct oci_reader *out, struct oci_err **err)
{
	struct local *l = ctx;
	auto_free char *file = l->ops->file ? l->ops->file(l->ctx, &d->digest) : NULL;
	struct oci_reader plain;
	uint64_t size;

	if (l->ops->open(l->ctx, &d->digest, &plain, &size, err) < 0)
		return -1;
	*out = oci_verify_reader(plain,
				 &(struct oci_expect){ file ? file : OCI_DIGEST(&d->digest), d->digest, d->size });
	return 0;
}

static int local_names(void *ctx, struct oci_strs *out, struct oci_err **err)
{
	struct local *l = ctx;

	return l->ops->names(l->ctx, out, err);
}

static void local_close(void *ctx)
{
	struct local *l = ctx;

	l->ops->close(l->ctx);
	free(l);
}

static const struct oci_source_ops local_source_ops = {
	local_names, local_resolve, local_manifests, local_blobs, local_open, local_referrers, local_close,
};

void oci_local_source(struct oci_source *src, const char *spec, const struct oci_local_ops *ops, void *ctx_take)
{
	struct local *l = oci_calloc(1, sizeof(*l));

	*l = (struct local){ ops, ctx_take };
	*src = (struct oci_source){ &local_source_ops, l, oci_strdup(spec) };
}

void oci_local_split(const char *path, char **file, char **ref)
{
	const char *colon = oci_path_exists(path) ? NULL : strchr(path, ':');

	*file = colon ? oci_strndup(path, (size_t)(colon - path)) : oci_strdup(path);
	*ref = colon && colon[1] ? oci_strdup(colon + 1) : NULL;
}
