/* Which files an rpm-md repository's metadata name: what --prune keeps. */
#include "archive/inflate.h"
#include "base/file.h"
#include "base/path.h"
#include "base/stream.h"
#include "digest/verify.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/rpmmd_repomd.h"
#include "pkgrepo/yum_int.h"

#include <stdlib.h>

#define MAX_SMALL ((size_t)16 << 20)
#define MAX_PLAIN ((uint64_t)4 << 30)

int oci_yum_local_repomd(const char *dir, struct oci_repomd *out, struct oci_err **err)
{
	auto_free char *path = oci_path_join(dir, "repodata/repomd.xml");
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, MAX_SMALL, &text, err) < 0)
		return -1;
	return oci_repomd_parse(path, oci_buf_text(&text), text.len, out, err);
}

int oci_yum_local_open(const char *dir, const struct oci_repomd_data *data, struct oci_reader *out,
		       struct oci_err **err)
{
	auto_free char *path = oci_path_join(dir, data->href);
	const struct oci_expect packed = { .what = path, .digest = data->digest, .size = data->size };
	const struct oci_expect plain = { .what = path, .digest = data->plain, .size = data->plain_size };
	struct oci_reader file, through;

	if (oci_reader_of_path(&file, path, err) < 0 ||
	    oci_inflate_reader(oci_verify_reader(file, &packed), path, &through, NULL, err) < 0)
		return -1;
	*out = oci_verify_reader(through, &plain);
	return 0;
}

struct listing {
	const char *arch; /* folder of the repository */
	struct oci_strs *paths;
};

static int add_package(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	const struct listing *l = ctx;

	(void)err;
	oci_strs_add_take(l->paths, oci_path_join(l->arch, oci_rpm_text(pkg, pkg->href)));
	return 0;
}

/* One CPU's repository below the folder. */
static int list_arch(const char *dir, const struct listing *l, struct oci_err **err)
{
	auto_repomd struct oci_repomd md = { 0 };
	auto_reader struct oci_reader r = { 0 };

	if (oci_yum_local_repomd(dir, &md, err) < 0)
		return -1;
	for (size_t i = 0; i < md.data.n; i++)
		oci_strs_add_take(l->paths, oci_path_join(l->arch, md.data.v[i].href));
	if (oci_yum_local_open(dir, oci_repomd_find(&md, "primary"), &r, err) < 0)
		return -1;
	return oci_primary_read(&r, dir, MAX_PLAIN, add_package, (void *)(uintptr_t)l, err);
}

struct folder {
	const char *dir;
	struct oci_strs *paths;
};

static int list_below(void *ctx, const char *name, struct oci_err **err)
{
	const struct folder *f = ctx;
	auto_free char *dir = oci_path_join(f->dir, name);

	if (!oci_yum_is_repo(dir))
		return 0;
	return list_arch(dir, &(struct listing){ name, f->paths }, err);
}

static int list_apart(void *ctx, const char *name, struct oci_err **err)
{
	auto_free char *below = oci_path_join(OCI_REPO_APART, name);

	return list_below(ctx, below, err);
}

int oci_yum_list(const char *dir, struct oci_strs *paths, struct oci_err **err)
{
	auto_free char *apart = oci_path_join(dir, OCI_REPO_APART);
	struct folder f = { dir, paths };

	if (oci_path_is_dir(apart) && oci_path_each(apart, list_apart, &f, err) < 0)
		return -1;
	return oci_path_each(dir, list_below, &f, err);
}

bool oci_yum_is_repo(const char *dir)
{
	auto_free char *path = oci_path_join(dir, "repodata/repomd.xml");

	return oci_path_exists(path);
}
