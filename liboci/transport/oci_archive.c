/* oci-archive:FILE, a layout in a tar file. */
#include "transport/entries_int.h"
#include "transport/tarball_int.h"

#include "image/layout.h"

#include <stdlib.h>

#define INDEX_MAX (16u << 20)

struct oci_source_archive {
	struct oci_tarball *tar;
	struct oci_layout layout; /* only its entries: the blobs are in the tar file */
	struct oci_entries entries;
};

static int archive_names(void *ctx, struct oci_strs *out, struct oci_err **err)
{
	const struct oci_source_archive *s = ctx;

	return oci_entries_names(&s->entries, out, err);
}

static int archive_find(void *ctx, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err)
{
	const struct oci_source_archive *s = ctx;

	return oci_entries_find(&s->entries, ref, out, err);
}

static int archive_nameless(void *ctx, struct oci_desc *out, struct oci_err **err)
{
	const struct oci_source_archive *s = ctx;

	return oci_entries_nameless(&s->entries, out, err);
}

static int archive_open(void *ctx, const struct oci_digest *d, struct oci_reader *out, uint64_t *size,
			struct oci_err **err)
{
	const struct oci_source_archive *s = ctx;
	auto_free char *name = oci_printf("blobs/%s/%s", oci_digest_algorithm(d), OCI_HEX(d));
	const struct oci_member *m = oci_tarball_find(s->tar, name);

	if (!m)
		return oci_fail(err, OCI_NOTFOUND, "%s: no blob %s", oci_tarball_path(s->tar), OCI_DIGEST(d));
	*size = m->size;
	return oci_tarball_reader(s->tar, m, out, err);
}

static const struct oci_local_ops archive_ops;

static int archive_referrers(void *ctx, struct oci_need *w, struct oci_err **err)
{
	struct oci_source_archive *s = ctx;

	return oci_entries_referrers(&s->entries, &archive_ops, ctx, w, err);
}

static void archive_close(void *ctx)
{
	struct oci_source_archive *s = ctx;

	oci_entries_clear(&s->entries);
	oci_layout_close(&s->layout);
	oci_tarball_close(s->tar);
	free(s);
}

static const struct oci_local_ops archive_ops = {
	archive_names, archive_find, archive_nameless, archive_open, NULL, archive_referrers, archive_close,
};

static int load_entries(struct oci_source_archive *s, const char *only, struct oci_err **err)
{
	const char *path = oci_tarball_path(s->tar);
	auto_buf struct oci_buf marker = { 0 }, index = { 0 };
	auto_err struct oci_err *e = NULL;

	if (oci_tarball_read(s->tar, "oci-layout", 65536, &marker, &e) < 0)
		return oci_fail(err, oci_err_code(e), "%s: not an OCI archive (no file oci-layout in it)", path);
	if (oci_tarball_read(s->tar, "index.json", INDEX_MAX, &index, err) < 0 ||
	    oci_layout_parse(path, marker.data, marker.len, index.data, index.len, &s->layout, err) < 0)
		return -1;
	return oci_entries_init(&s->entries, path, s->layout.entries.v, s->layout.entries.n, only, err);
}

int oci_archive_source_of(struct oci_source *src, const char *spec, struct oci_tarball *tar_take, const char *only,
			  struct oci_err **err)
{
	struct oci_source_archive *s = oci_calloc(1, sizeof(*s));

	s->tar = tar_take;
	if (load_entries(s, only, err) < 0) {
		archive_close(s);
		return -1;
	}
	oci_local_source(src, spec, &archive_ops, s);
	return 0;
}

int oci_oci_archive_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err)
{
	auto_free char *file = NULL, *only = NULL;
	auto_tarball struct oci_tarball *tar = NULL;

	oci_local_split(path, &file, &only);
	if (oci_tarball_open(&tar, file, err) < 0)
		return -1;
	return oci_archive_source_of(src, spec, oci_steal(&tar), only, err);
}
