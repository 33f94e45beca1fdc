/* Which files an apt repository's lists name: what --prune keeps. */
#include "base/file.h"
#include "base/path.h"
#include "pkgrepo/apt_int.h"
#include "pkgrepo/deb822.h"

#include <string.h>

#define MAX_TEXT ((size_t)1 << 30)

/* below: where the repository's root stands, "" or "unsigned/" */
static int list_packages(const char *path, const char *below, struct oci_strs *paths, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, stanza;

	if (!oci_path_exists(path))
		return 0;
	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	rest = (struct oci_slice){ oci_buf_text(&text), text.len };
	while (oci_stanza_next(&rest, &stanza)) {
		struct oci_slice name = oci_apt_stanza_path(stanza);

		if (name.len)
			oci_strs_add_take(paths, oci_printf("%s%.*s", below, (int)name.len, name.p));
	}
	return 0;
}

struct level {
	const char *dir, *below;
	struct oci_strs *paths;
	int depth; /* 0 suite, 1 component, 2 binary-ARCH */
};

/* dists/SUITE/COMPONENT/binary-ARCH/Packages */
static int descend(void *ctx, const char *name, struct oci_err **err)
{
	const struct level *l = ctx;
	auto_free char *dir = oci_path_join(l->dir, name);

	if (!oci_path_is_dir(dir))
		return 0;
	if (l->depth < 2)
		return oci_path_each(dir, descend, &(struct level){ dir, l->below, l->paths, l->depth + 1 }, err);
	auto_free char *packages = oci_path_join(dir, "Packages");

	return list_packages(packages, l->below, l->paths, err);
}

static int list_repo(const char *root, const char *below, struct oci_strs *paths, struct oci_err **err)
{
	auto_free char *dists = oci_path_join(root, "dists");
	auto_free char *flat = oci_path_join(root, "Packages");

	if (oci_path_is_dir(dists) && oci_path_each(dists, descend, &(struct level){ dists, below, paths, 0 }, err) < 0)
		return -1;
	return list_packages(flat, below, paths, err);
}

int oci_apt_list(const char *dir, struct oci_strs *paths, struct oci_err **err)
{
	auto_free char *apart = oci_path_join(dir, OCI_REPO_APART);

	if (list_repo(dir, "", paths, err) < 0)
		return -1;
	return list_repo(apart, OCI_REPO_APART "/", paths, err);
}
