/* dir:DIR, skopeo's folder of one image: manifest.json, children as HEX.manifest.json, other blobs as HEX.
 * https://github.com/containers/image/blob/main/docs/containers-transports.5.md */
#include "transport/local_int.h"

#include "base/path.h"
#include "digest/hasher.h"

#include <stdlib.h>
#include <sys/stat.h>

struct dir {
	char *path;
	struct oci_digest root; /* of manifest.json */
};

static char *manifest_path(const struct dir *s)
{
	return oci_path_join(s->path, "manifest.json");
}

static int dir_find(void *ctx, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err)
{
	const struct dir *s = ctx;

	(void)ref, (void)out;
	return oci_fail(err, OCI_NOTFOUND, "%s: a dir: folder knows no names", s->path);
}

static int dir_nameless(void *ctx, struct oci_desc *out, struct oci_err **err)
{
	const struct dir *s = ctx;

	(void)err;
	out->digest = s->root;
	return 0;
}

static char *dir_file(void *ctx, const struct oci_digest *d)
{
	const struct dir *s = ctx;
	auto_free char *child = oci_printf("%s/%s.manifest.json", s->path, OCI_HEX(d));

	if (oci_digest_same(d, &s->root))
		return manifest_path(s);
	return oci_path_exists(child) ? oci_steal(&child) : oci_path_join(s->path, OCI_HEX(d));
}

static int dir_open(void *ctx, const struct oci_digest *d, struct oci_reader *out, uint64_t *size, struct oci_err **err)
{
	auto_free char *path = dir_file(ctx, d);
	struct stat st;

	if (stat(path, &st) < 0)
		return oci_fail_errno(err, "%s", path);
	*size = (uint64_t)st.st_size;
	return oci_reader_of_path(out, path, err);
}

static int dir_names(void *ctx, struct oci_strs *out, struct oci_err **err)
{
	const struct dir *s = ctx;

	(void)out;
	return oci_fail(err, OCI_UNSUPPORTED, "%s: a dir: folder holds one image and no name; name it", s->path);
}

static void dir_close(void *ctx)
{
	struct dir *s = ctx;

	free(s->path);
	free(s);
}

static const struct oci_local_ops dir_ops = { dir_names, dir_find, dir_nameless, dir_open, dir_file, NULL, dir_close };

int oci_dir_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err)
{
	auto_free char *manifest = oci_path_join(path, "manifest.json");
	struct oci_digest root;

	if (!oci_path_is_dir(path))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", path);
	if (!oci_path_exists(manifest))
		return oci_fail(err, OCI_NOTFOUND, "%s: not a folder of skopeo's dir: (no manifest.json)", path);
	if (oci_hash_file(OCI_SHA256, manifest, &root, NULL, err) < 0)
		return -1;
	struct dir *s = oci_calloc(1, sizeof(*s));

	*s = (struct dir){ oci_strdup(path), root };
	oci_local_source(src, spec, &dir_ops, s);
	return 0;
}
