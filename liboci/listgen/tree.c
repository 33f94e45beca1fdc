#include "listgen/tree.h"

#include "base/path.h"
#include "listgen/inventory.h"

#include <ctype.h>
#include <stdlib.h>

char *oci_tree_role(const char *kubespray, const char *role)
{
	auto_free char *name = oci_strdup(role);

	/* kubespray-defaults became kubespray_defaults in v2.28, as bootstrap-os and others did. */
	for (int i = 0; i < 2; i++) {
		char *path = oci_printf("%s/roles/%s", kubespray, name);

		if (oci_path_is_dir(path))
			return path;
		free(path);
		for (char *p = name; *p; p++)
			*p = *p == '_' ? '-' : *p;
	}
	return NULL;
}

static int add_roles(struct oci_vars *v, const char *kubespray, const char *const *roles, const char *kind,
		     struct oci_err **err)
{
	for (; *roles; roles++) {
		auto_free char *dir = oci_tree_role(kubespray, *roles);

		if (dir && oci_vars_add_role(v, dir, kind, err) < 0)
			return -1;
	}
	return 0;
}

static char *small(const char *text)
{
	char *copy = oci_strdup(text);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

/* Up to v2.24 the names of packages stood in a file per system, of which the first that exists is read. */
static int add_system_file(struct oci_vars *v, const struct oci_tree *tree, struct oci_err **err)
{
	const struct oci_facts *f = tree->facts;
	auto_free char *role = oci_tree_role(tree->kubespray, "kubernetes/preinstall");
	auto_free char *distribution = small(f->distribution), *family = small(f->os_family),
		       *version = small(f->version);
	auto_free char *major = small(f->major_version);
	const char *const parts[][2] = { { distribution, version },
					 { distribution, f->release },
					 { distribution, major },
					 { distribution, NULL },
					 { family, NULL } };

	for (size_t i = 0; role && i < OCI_COUNT(parts); i++) {
		auto_free char *path =
			oci_printf("%s/vars/%s%s%s.yml", role, parts[i][0], parts[i][1] ? "-" : "", parts[i][1] ?: "");

		if (oci_path_exists(path))
			return oci_vars_add_file(v, path, err);
	}
	return 0;
}

static int add_checkout(struct oci_vars *v, const struct oci_tree *tree, struct oci_err **err)
{
	static const char *const lists[] = { "kubespray_defaults", "download", NULL };
	static const char *const before_228[] = { "kubespray_defaults", "download", "bootstrap_os",
						  "kubernetes/preinstall", NULL };
	static const char *const since_228[] = { "kubespray_defaults", "download", "bootstrap_os", "system_packages",
						 NULL };
	static const char *const vars_228[] = { "kubespray_defaults", "download", "system_packages", NULL };
	static const char *const vars_before[] = { "kubespray_defaults", "download", "kubernetes/preinstall", NULL };
	auto_free char *defaults = oci_tree_role(tree->kubespray, "kubespray_defaults");
	auto_free char *download = oci_tree_role(tree->kubespray, "download");
	auto_free char *system = oci_tree_role(tree->kubespray, "system_packages");

	if (!defaults && !download)
		return oci_fail(
			err, OCI_NOTFOUND,
			"%s: not a kubespray checkout: it has neither roles/kubespray_defaults nor roles/download",
			tree->kubespray);
	const char *const *roles = !tree->packages ? lists : system ? since_228 : before_228;
	const char *const *strong = !tree->packages ? lists : system ? vars_228 : vars_before;

	if (add_roles(v, tree->kubespray, roles, "defaults", err) < 0)
		return -1;
	if (tree->inventory && oci_inventory_add(v, tree->inventory, tree->unread, err) < 0)
		return -1;
	oci_vars_add_facts(v, tree->facts);
	if (add_roles(v, tree->kubespray, strong, "vars", err) < 0)
		return -1;
	return tree->packages && !system && !oci_vars_has(v, "pkgs") ? add_system_file(v, tree, err) : 0;
}

static int add_files(struct oci_vars *v, const struct oci_tree *tree, struct oci_err **err)
{
	for (size_t i = 0; i < tree->files->n; i++)
		if (oci_vars_add_file(v, tree->files->v[i], err) < 0)
			return -1;
	if (tree->inventory && oci_inventory_add(v, tree->inventory, tree->unread, err) < 0)
		return -1;
	oci_vars_add_facts(v, tree->facts);
	return 0;
}

/* The fork behind kubeplay writes its variables for a site; its generator sets these to get at the upstream addresses.
 */
static void add_upstream(struct oci_vars *v, const struct oci_facts *facts)
{
	const char *const values[][2] = { { "download_url", "https:/" },
					  { "registry_domain", "localhost" },
					  { "image_arch", oci_facts_arch(facts) } };

	for (size_t i = 0; i < OCI_COUNT(values); i++)
		if (!oci_vars_is_extra(v, values[i][0]))
			oci_vars_add_text(v, values[i][0], values[i][1]);
}

int oci_tree_open(const struct oci_tree *tree, struct oci_vars **out, struct oci_err **err)
{
	auto_vars struct oci_vars *v = oci_vars_new();

	if ((tree->kubespray ? add_checkout : add_files)(v, tree, err) < 0)
		return -1;
	for (size_t i = 0; i < tree->extra->n; i++)
		if (oci_vars_add_extra(v, tree->extra->v[i], err) < 0)
			return -1;
	if (!tree->kubespray && !oci_vars_has(v, "downloads"))
		add_upstream(v, tree->facts);
	*out = oci_steal(&v);
	return 0;
}
