/* Variables out of files, and out of folders of files. */
#include "listgen/vars_int.h"

#include "base/file.h"
#include "base/path.h"

#include <string.h>

#define MAX_FILE ((size_t)32 << 20)

int vars_add_document(struct oci_vars *v, struct vars_file *f, struct oci_err **err)
{
	if (oci_yaml_parse(f->path, f->bytes.data, f->bytes.len, &f->doc, err) < 0)
		return -1;
	const struct oci_yaml *root = oci_yaml_root(f->doc);

	if (!root || oci_yaml_is_null(root))
		return 0;
	if (root->kind != OCI_YAML_MAP)
		return oci_yaml_fail(f->doc, root, err, "not a file of variables: it must be a map of names to values");
	vars_add_map(v, f, root);
	return 0;
}

static int read_file(struct oci_vars *v, const char *path, bool extra, struct vars_file **out, struct oci_err **err)
{
	struct vars_file *f = *out = vars_file_new(v, path, extra);

	if (oci_file_read(path, MAX_FILE, &f->bytes, err) < 0)
		return -1;
	if (f->bytes.len && memchr(f->bytes.data, '\0', f->bytes.len))
		return oci_fail(err, OCI_BADINPUT, "%s: not a text file", path);
	if (oci_starts(oci_buf_text(&f->bytes), "$ANSIBLE_VAULT;"))
		return oci_fail(err, OCI_UNSUPPORTED, "%s: encrypted by ansible-vault; decrypt it, or leave it out",
				path);
	return 0;
}

int vars_read(struct oci_vars *v, const char *path, struct oci_slice *bytes, struct oci_err **err)
{
	struct vars_file *f;

	if (read_file(v, path, false, &f, err) < 0)
		return -1;
	*bytes = (struct oci_slice){ oci_buf_text(&f->bytes), f->bytes.len };
	return 0;
}

int vars_parse(struct oci_vars *v, const char *path, const struct vars_file **out, const struct oci_yaml **root,
	       struct oci_err **err)
{
	struct vars_file *f;

	if (read_file(v, path, false, &f, err) < 0 ||
	    oci_yaml_parse(f->path, f->bytes.data, f->bytes.len, &f->doc, err) < 0)
		return -1;
	*out = f;
	*root = oci_yaml_root(f->doc);
	return 0;
}

int vars_add_file(struct oci_vars *v, const char *path, bool extra, struct oci_err **err)
{
	struct vars_file *f;

	return read_file(v, path, extra, &f, err) < 0 ? -1 : vars_add_document(v, f, err);
}

int oci_vars_add_file(struct oci_vars *v, const char *path, struct oci_err **err)
{
	return vars_add_file(v, path, false, err);
}

static bool is_yaml(const char *name)
{
	return *name != '.' && (oci_ends(name, ".yml") || oci_ends(name, ".yaml") || oci_ends(name, ".json"));
}

struct folder {
	struct oci_vars *vars;
	const char *dir;
};

static int add_in_folder(void *ctx, const char *name, struct oci_err **err)
{
	struct folder *f = ctx;
	auto_free char *path = oci_path_join(f->dir, name);

	if (oci_path_is_dir(path)) {
		struct folder inner = { f->vars, path };

		return *name == '.' ? 0 : oci_path_each(path, add_in_folder, &inner, err);
	}
	/* Ansible reads files without an extension, too. */
	return is_yaml(name) || (!strchr(name, '.') && !oci_ends(name, "~")) ? oci_vars_add_file(f->vars, path, err)
									     : 0;
}

/* A role's NAME.yml, NAME.yaml or NAME.json when there is one, else all files of the folder NAME; group_vars look for
 * the folder first. Only the first that exists is read. */
int vars_add_named(struct oci_vars *v, const char *dir, const char *name, bool folder_first, struct oci_err **err)
{
	static const char *const extensions[] = { "", ".yml", ".yaml", ".json", "" };
	size_t first = folder_first ? 0 : 1;

	for (size_t i = first; i < first + 4; i++) {
		auto_free char *file = oci_path_join(dir, name);
		auto_free char *path = oci_printf("%s%s", file, extensions[i]);
		struct folder folder = { v, path };

		if (oci_path_is_dir(path))
			return oci_path_each(path, add_in_folder, &folder, err);
		if (oci_path_exists(path))
			return oci_vars_add_file(v, path, err);
	}
	return 0;
}

int oci_vars_add_role(struct oci_vars *v, const char *dir, const char *kind, struct oci_err **err)
{
	auto_free char *path = oci_path_join(dir, kind);

	return vars_add_named(v, path, "main", false, err);
}
