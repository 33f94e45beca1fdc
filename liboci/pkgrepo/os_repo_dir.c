/* A folder of .repo files as a description: release and variables of the system that it belongs to. */
#include "base/file.h"
#include "base/path.h"
#include "base/slice.h"
#include "pkgrepo/expand.h"
#include "pkgrepo/os_host.h"
#include "pkgrepo/os_repo_file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VALUE ((size_t)1 << 16)

static void folder_clear(struct oci_repo_folder *f)
{
	free(f->root);
	oci_map_clear_with(&f->vars, free);
}

static const char *variable(const void *ctx, struct oci_slice name)
{
	return oci_map_get_n(ctx, name.p, name.len);
}

char *oci_repo_folder_expand(const struct oci_repo_folder *folder, const char *text)
{
	return oci_expand(text, variable, &folder->vars);
}

struct vars {
	struct oci_repo_folder *folder;
	const char *dir;
};

/* dnf takes a variable's first line. */
static int read_var(void *ctx, const char *name, struct oci_err **err)
{
	const struct vars *v = ctx;
	auto_free char *path = oci_path_join(v->dir, name);
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, line = { "", 0 };

	if (oci_path_is_dir(path))
		return 0;
	if (oci_file_read(path, MAX_VALUE, &text, err) < 0)
		return -1;
	rest = oci_slice(oci_buf_text(&text));
	oci_slice_line(&rest, &line);
	auto_free char *value = oci_slice_dup(oci_slice_trim(line));

	if (oci_map_add(&v->folder->vars, name, value))
		oci_steal(&value);
	return 0;
}

/* The system's, and those that were copied along. */
static int read_vars(struct oci_repo_folder *f, struct oci_err **err)
{
	auto_free char *own = oci_path_join(f->dir, "vars");
	auto_free char *dnf = f->root ? oci_path_join(f->root, "etc/dnf/vars") : NULL;
	auto_free char *yum = f->root ? oci_path_join(f->root, "etc/yum/vars") : NULL;
	const char *const dirs[] = { own, dnf, yum };

	for (size_t i = 0; i < OCI_COUNT(dirs); i++)
		if (dirs[i] && oci_path_is_dir(dirs[i]) &&
		    oci_path_each(dirs[i], read_var, &(struct vars){ f, dirs[i] }, err) < 0)
			return -1;
	return 0;
}

/* Without an os-release the folder's own name has to do: "rocky9" is release 9 of rocky. */
static void name_by_folder(struct oci_os *os, const char *name)
{
	size_t n = strlen(name);

	while (n && (isdigit((unsigned char)name[n - 1]) || name[n - 1] == '.'))
		n--;
	os->name = oci_strdup(name);
	os->client = oci_strdup(name);
	os->output = oci_strdup(name);
	os->distribution = oci_strndup(name, n);
	os->release = oci_strdup(name + n);
	oci_strs_add(&os->arches, "x86_64");
	oci_strs_add(&os->arches, "aarch64");
}

static int read_release(const struct oci_repo_folder *f, const char *real, struct oci_os *os, struct oci_err **err)
{
	auto_free char *own = oci_path_join(f->dir, "os-release");
	auto_free char *root = f->root ? oci_path_join(f->root, "etc/os-release") : NULL;

	if (oci_path_exists(own))
		return oci_os_release_read(os, own, err);
	if (root && oci_path_exists(root))
		return oci_os_release_read(os, root, err);
	name_by_folder(os, oci_path_base(real));
	return 0;
}

struct folder {
	const struct oci_repo_folder *folder;
	struct oci_os *os;
};

static int read_one(void *ctx, const char *name, struct oci_err **err)
{
	const struct folder *f = ctx;
	auto_free char *path = oci_path_join(f->folder->dir, name);

	return oci_ends(name, ".repo") ? oci_os_repo_file(f->folder, path, f->os, err) : 0;
}

static int check_release(const struct oci_os *os, const char *dir, struct oci_err **err)
{
	for (size_t i = 0; i < os->repos.n && !*os->release; i++) {
		const struct oci_os_repo *r = &os->repos.v[i];
		const char *const urls[] = { r->baseurl, r->mirrorlist, r->metalink };

		for (size_t k = 0; k < OCI_COUNT(urls) && !r->disabled; k++)
			if (urls[k] && strstr(urls[k], "releasever"))
				return oci_fail(err, OCI_BADINPUT,
						"%s: [%s] uses $releasever, and nothing says which; put the system's "
						"os-release here",
						dir, r->id);
	}
	return 0;
}

int oci_os_repo_dir(const char *dir, struct oci_os *out, struct oci_err **err)
{
	auto_os struct oci_os os = { .family = OCI_OS_YUM, .file = oci_strdup(dir) };
	OCI_AUTO(folder_clear) struct oci_repo_folder f = { .dir = dir };
	auto_free char *real = realpath(dir, NULL);

	if (!real)
		return oci_fail_errno(err, "%s", dir);
	if (oci_ends(real, "/etc/yum.repos.d"))
		f.root = oci_strndup(real, strlen(real) - strlen("etc/yum.repos.d"));
	if (read_release(&f, real, &os, err) < 0 || read_vars(&f, err) < 0 ||
	    oci_path_each(dir, read_one, &(struct folder){ &f, &os }, err) < 0)
		return -1;
	if (!os.repos.n)
		return oci_fail(err, OCI_NOTFOUND, "%s: no .repo files with repositories", dir);
	if (check_release(&os, dir, err) < 0)
		return -1;
	*out = os;
	os = (struct oci_os){ 0 };
	return 0;
}
