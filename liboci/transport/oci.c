/* oci:DIR[:REF], a layout in a folder. */
#include "transport/entries_int.h"

#include "image/layout.h"

#include <stdlib.h>
#include <sys/stat.h>

struct oci_source_layout {
	struct oci_layout layout;
	struct oci_entries entries;
};

static int layout_names(void *ctx, struct oci_strs *out, struct oci_err **err)
{
	const struct oci_source_layout *s = ctx;

	return oci_entries_names(&s->entries, out, err);
}

static int layout_find(void *ctx, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err)
{
	const struct oci_source_layout *s = ctx;

	return oci_entries_find(&s->entries, ref, out, err);
}

static int layout_nameless(void *ctx, struct oci_desc *out, struct oci_err **err)
{
	const struct oci_source_layout *s = ctx;

	return oci_entries_nameless(&s->entries, out, err);
}

static char *layout_file(void *ctx, const struct oci_digest *d)
{
	const struct oci_source_layout *s = ctx;

	return oci_blobs_path(s->layout.blobs, d);
}

static int layout_open(void *ctx, const struct oci_digest *d, struct oci_reader *out, uint64_t *size,
		       struct oci_err **err)
{
	auto_free char *path = layout_file(ctx, d);
	struct stat st;

	if (stat(path, &st) < 0)
		return oci_fail_errno(err, "%s", path);
	*size = (uint64_t)st.st_size;
	return oci_reader_of_path(out, path, err);
}

static const struct oci_local_ops layout_ops;

static int layout_referrers(void *ctx, struct oci_need *w, struct oci_err **err)
{
	struct oci_source_layout *s = ctx;

	return oci_entries_referrers(&s->entries, &layout_ops, ctx, w, err);
}

static void layout_close(void *ctx)
{
	struct oci_source_layout *s = ctx;

	oci_entries_clear(&s->entries);
	oci_layout_close(&s->layout);
	free(s);
}

static const struct oci_local_ops layout_ops = {
	layout_names, layout_find, layout_nameless, layout_open, layout_file, layout_referrers, layout_close,
};

int oci_layout_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err)
{
	auto_free char *dir = NULL, *ref = NULL;
	struct oci_source_layout *s = oci_calloc(1, sizeof(*s));

	oci_local_split(path, &dir, &ref);
	if (oci_layout_open(dir, &s->layout, err) < 0 ||
	    oci_entries_init(&s->entries, s->layout.dir, s->layout.entries.v, s->layout.entries.n, ref, err) < 0) {
		layout_close(s);
		return -1;
	}
	oci_local_source(src, spec, &layout_ops, s);
	return 0;
}
