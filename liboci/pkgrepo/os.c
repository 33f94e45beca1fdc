#include "pkgrepo/os.h"

#include "base/file.h"
#include "base/path.h"
#include "base/yaml.h"
#include "pkgrepo/fields.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DESCRIPTION ((size_t)1 << 20)

static const struct oci_yaml_field os_fields[] = { OCI_YAML_STR("name", oci_os, name),
						   OCI_YAML_STR("family", oci_os, family_text),
						   OCI_YAML_STR("distribution", oci_os, distribution),
						   OCI_YAML_STR("release", oci_os, release),
						   OCI_YAML_STR("codename", oci_os, codename),
						   OCI_YAML_STR("output", oci_os, output),
						   OCI_YAML_STR("layout", oci_os, layout),
						   OCI_YAML_STR("compression", oci_os, compression),
						   OCI_YAML_STR("client", oci_os, client),
						   OCI_YAML_STR("note", oci_os, note),
						   OCI_YAML_STRS("arches", oci_os, arches),
						   { .key = "repositories", .kind = OCI_YAML_FIELD_OTHER },
						   { 0 } };

static const struct oci_yaml_field repo_fields[] = { OCI_YAML_STR("id", oci_os_repo, id),
						     OCI_YAML_STR("url", oci_os_repo, url),
						     OCI_YAML_STR("flat", oci_os_repo, flat),
						     OCI_YAML_STRS("suites", oci_os_repo, suites),
						     OCI_YAML_STRS("components", oci_os_repo, components),
						     OCI_YAML_STR("baseurl", oci_os_repo, baseurl),
						     OCI_YAML_STR("mirrorlist", oci_os_repo, mirrorlist),
						     OCI_YAML_STR("metalink", oci_os_repo, metalink),
						     OCI_YAML_STRS("keys", oci_os_repo, keys),
						     OCI_YAML_STRS("arches", oci_os_repo, arches),
						     OCI_YAML_STRS("modules", oci_os_repo, modules),
						     OCI_YAML_STRS("exclude", oci_os_repo, exclude),
						     OCI_YAML_STRS("include", oci_os_repo, include),
						     OCI_YAML_STR("verify", oci_os_repo, verify_text),
						     OCI_YAML_INT("priority", oci_os_repo, priority),
						     OCI_YAML_INT("cost", oci_os_repo, cost),
						     OCI_YAML_BOOL("module_hotfixes", oci_os_repo, module_hotfixes),
						     OCI_YAML_NOT("gpgcheck", oci_os_repo, unsigned_packages),
						     OCI_YAML_BOOL("trusted", oci_os_repo, trusted),
						     OCI_YAML_NOT("enabled", oci_os_repo, disabled),
						     OCI_YAML_NOT("check_valid_until", oci_os_repo, any_age),
						     { 0 } };

static void repo_clear(struct oci_os_repo *r)
{
	oci_yaml_fields_clear(repo_fields, r);
}

void oci_os_clear(struct oci_os *os)
{
	for (size_t i = 0; i < os->repos.n; i++)
		repo_clear(&os->repos.v[i]);
	free(os->repos.v);
	oci_yaml_fields_clear(os_fields, os);
	free(os->file);
	*os = (struct oci_os){ 0 };
}

struct reading {
	const struct oci_yaml_doc *doc;
	struct oci_os *os;
	const char *dir; /* of the file */
};

static int read_verify(const struct reading *r, const struct oci_yaml *node, struct oci_os_repo *repo,
		       struct oci_err **err)
{
	const char *text = repo->verify_text;

	if (!text)
		return 0;
	if (oci_streq(text, "metalink"))
		repo->verify = OCI_VERIFY_METALINK;
	else if (oci_streq(text, "packages"))
		repo->verify = OCI_VERIFY_PACKAGES;
	else if (!oci_streq(text, "signed"))
		return oci_yaml_fail(r->doc, oci_yaml_get(node, "verify"), err,
				     "verify: \"%s\" is none of signed, metalink and packages", text);
	if (repo->verify != OCI_VERIFY_SIGNED && r->os->family == OCI_OS_APT)
		return oci_yaml_fail(r->doc, oci_yaml_get(node, "verify"), err, "verify: %s is for yum repositories",
				     text);
	return 0;
}

static int check_apt(const struct reading *r, const struct oci_yaml *node, const struct oci_os_repo *repo,
		     struct oci_err **err)
{
	if (!repo->url)
		return oci_yaml_fail(r->doc, node, err, "repository %s: no url", repo->id);
	if (!repo->flat && !repo->suites.n)
		return oci_yaml_fail(r->doc, node, err, "repository %s: neither suites nor flat", repo->id);
	if (!repo->flat && !repo->components.n)
		return oci_yaml_fail(r->doc, node, err, "repository %s: no components", repo->id);
	return 0;
}

static int check_repo(const struct reading *r, const struct oci_yaml *node, const struct oci_os_repo *repo,
		      struct oci_err **err)
{
	if (r->os->family == OCI_OS_APT && check_apt(r, node, repo, err) < 0)
		return -1;
	if (r->os->family == OCI_OS_YUM && !repo->baseurl && !repo->mirrorlist && !repo->metalink)
		return oci_yaml_fail(r->doc, node, err, "repository %s: none of baseurl, mirrorlist and metalink",
				     repo->id);
	if (repo->verify == OCI_VERIFY_METALINK && !repo->metalink)
		return oci_yaml_fail(r->doc, node, err, "repository %s: verify: metalink without a metalink", repo->id);
	if (!repo->keys.n && !repo->trusted && repo->verify != OCI_VERIFY_METALINK)
		return oci_yaml_fail(r->doc, node, err,
				     "repository %s: no keys; name the keys that sign it, or say trusted: true",
				     repo->id);
	return 0;
}

static void place_keys(const char *dir, struct oci_strs *keys)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (keys->v[i][0] == '/')
			continue;
		auto_free char *old = keys->v[i];

		keys->v[i] = oci_path_join(dir, old);
	}
}

static int read_repo(const struct reading *r, const struct oci_yaml *node, struct oci_err **err)
{
	struct oci_os_repo *repo = oci_vec_push(&r->os->repos);

	if (oci_yaml_fields_read(r->doc, node, repo_fields, repo, err) < 0)
		return -1;
	repo->line = node->line;
	if (!repo->id)
		return oci_yaml_fail(r->doc, node, err, "a repository without an id");
	for (size_t i = 0; i + 1 < r->os->repos.n; i++)
		if (oci_streq(r->os->repos.v[i].id, repo->id))
			return oci_yaml_fail(r->doc, node, err, "repository %s stands here twice, first in line %u",
					     repo->id, r->os->repos.v[i].line);
	place_keys(r->dir, &repo->keys);
	if (read_verify(r, node, repo, err) < 0)
		return -1;
	return check_repo(r, node, repo, err);
}

static int read_family(const struct reading *r, const struct oci_yaml *root, struct oci_err **err)
{
	const char *text = r->os->family_text;

	if (!text)
		return oci_yaml_fail(r->doc, root, err, "no family; apt or yum");
	if (oci_streq(text, "apt"))
		r->os->family = OCI_OS_APT;
	else if (oci_streq(text, "yum"))
		r->os->family = OCI_OS_YUM;
	else
		return oci_yaml_fail(r->doc, oci_yaml_get(root, "family"), err, "family: \"%s\" is neither apt nor yum",
				     text);
	return 0;
}

static int check_os(const struct reading *r, const struct oci_yaml *root, struct oci_err **err)
{
	struct oci_os *os = r->os;

	if (!os->name)
		return oci_yaml_fail(r->doc, root, err, "no name");
	if (!oci_path_is_local(os->name) || strchr(os->name, '/'))
		return oci_yaml_fail(r->doc, oci_yaml_get(root, "name"), err, "name: \"%s\" cannot be a file's name",
				     os->name);
	if (os->output && !oci_streq(os->output, ".") && !oci_path_is_local(os->output))
		return oci_yaml_fail(r->doc, oci_yaml_get(root, "output"), err,
				     "output: \"%s\" does not stay inside the output folder", os->output);
	if (os->layout && !oci_streq(os->layout, "flat") && !oci_streq(os->layout, "dists"))
		return oci_yaml_fail(r->doc, oci_yaml_get(root, "layout"), err,
				     "layout: \"%s\" is neither flat nor dists", os->layout);
	if (os->compression && !oci_streq(os->compression, "gzip") && !oci_streq(os->compression, "zstd"))
		return oci_yaml_fail(r->doc, oci_yaml_get(root, "compression"), err,
				     "compression: \"%s\" is neither gzip nor zstd", os->compression);
	if (os->family == OCI_OS_APT && !os->codename)
		return oci_yaml_fail(r->doc, root, err, "no codename");
	if (!os->arches.n)
		return oci_yaml_fail(r->doc, root, err, "no arches");
	return 0;
}

static void fill_defaults(struct oci_os *os)
{
	if (!os->output)
		os->output = oci_strdup(".");
	if (!os->client)
		os->client = oci_strdup(os->name);
	if (!os->distribution)
		os->distribution = oci_strdup(os->name);
	if (!os->release)
		os->release = oci_strdup("");
}

static int read_os(const struct reading *r, const struct oci_yaml *root, struct oci_err **err)
{
	const struct oci_yaml *repos = oci_yaml_get(root, "repositories");

	if (oci_yaml_fields_read(r->doc, root, os_fields, r->os, err) < 0 || read_family(r, root, err) < 0 ||
	    check_os(r, root, err) < 0)
		return -1;
	if (!repos || repos->kind != OCI_YAML_SEQ || !repos->n)
		return oci_yaml_fail(r->doc, repos ? repos : root, err, "no list of repositories");
	for (size_t i = 0; i < repos->n; i++)
		if (read_repo(r, repos->items[i], err) < 0)
			return -1;
	fill_defaults(r->os);
	return 0;
}

int oci_os_parse(const char *path, const char *text, size_t n, struct oci_os *out, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;
	auto_os struct oci_os os = { .file = oci_strdup(path) };
	auto_free char *dir = oci_path_parent(path);

	if (oci_yaml_parse(path, text, n, &doc, err) < 0)
		return -1;
	if (!oci_yaml_root(doc))
		return oci_fail(err, OCI_BADINPUT, "%s: an empty description", path);
	if (read_os(&(struct reading){ doc, &os, dir }, oci_yaml_root(doc), err) < 0)
		return -1;
	*out = os;
	os = (struct oci_os){ 0 };
	return 0;
}

int oci_os_load(const char *path, struct oci_os *out, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, MAX_DESCRIPTION, &text, err) < 0)
		return -1;
	return oci_os_parse(path, oci_buf_text(&text), text.len, out, err);
}
