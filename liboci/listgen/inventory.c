#include "listgen/inventory.h"

#include "base/path.h"
#include "listgen/vars_int.h"
#include "template/data.h"
#include "template/literal.h"

/* The groups of a node that does everything, outermost first, as Ansible sorts them: by depth, then by name. */
static const char *const groups[] = { "all",	     "etcd",	  "k8s_cluster", "k8s-cluster", "kube_control_plane",
				      "kube-master", "kube_node", "kube-node" };

struct reading {
	struct oci_vars *vars;
	const char *path;  /* of the file or folder */
	const char *group; /* whose variables are wanted now */
	struct oci_strs *unread;
	bool found; /* a file of an inventory, or group_vars */
};

/* As Python reads it: a number, a list, True; all else is text, also true. */
static const struct oci_val *ini_value(struct reading *r, struct oci_slice text, struct oci_slice name, unsigned line)
{
	struct oci_arena *a = oci_tmpl_arena(oci_vars_engine(r->vars));
	bool word = oci_slice_eq(text, "true") || oci_slice_eq(text, "false") || oci_slice_eq(text, "null");
	const struct oci_val *v = word ? NULL : oci_literal_parse(a, text);
	struct oci_origin *o = oci_arena_alloc(a, sizeof(*o));

	*o = (struct oci_origin){ .file = r->path, .name = oci_arena_strndup(a, name.p, name.len), .line = line };
	if (!v)
		return oci_data_template(a, text, o);
	return v->kind == OCI_VAL_STR ? oci_data_template(a, (struct oci_slice){ v->text, v->len }, o) : v;
}

static int add_ini_line(struct reading *r, struct oci_slice line, unsigned n, struct oci_err **err)
{
	struct oci_slice name, value;

	if (!oci_slice_cut(line, '=', &name, &value))
		return oci_fail(err, OCI_BADINPUT, "%s:%u: \"%.*s\": want NAME=VALUE", r->path, n, (int)line.len,
				line.p);
	name = oci_slice_trim(name);
	auto_free char *text = oci_slice_dup(name);

	vars_add_value(r->vars, text, ini_value(r, oci_slice_trim(value), name, n), false);
	return 0;
}

/* The lines of the section [GROUP:vars]. */
static int add_ini(struct reading *r, struct oci_slice rest, struct oci_err **err)
{
	auto_free char *head = oci_printf("[%s:vars]", r->group);
	struct oci_slice line;
	bool inside = false;

	for (unsigned n = 1; oci_slice_line(&rest, &line); n++) {
		line = oci_slice_trim(line);
		if (!line.len || *line.p == '#' || *line.p == ';')
			continue;
		if (*line.p == '[')
			inside = oci_slice_starts(line, head);
		else if (inside && add_ini_line(r, line, n, err) < 0)
			return -1;
	}
	return 0;
}

/* GROUP: {hosts, vars, children}, and the groups below it. */
static void add_yaml(struct reading *r, const struct vars_file *f, const struct oci_yaml *map)
{
	for (size_t i = 0; map && map->kind == OCI_YAML_MAP && i < map->n; i++) {
		const struct oci_yaml *group = map->items[2 * i + 1];
		bool wanted = group->kind == OCI_YAML_MAP && oci_streq(map->items[2 * i]->text, r->group);
		const struct oci_yaml *own = wanted ? oci_yaml_get(group, "vars") : NULL;

		if (own && own->kind == OCI_YAML_MAP)
			vars_add_map(r->vars, f, own);
		if (group->kind == OCI_YAML_MAP)
			add_yaml(r, f, oci_yaml_get(group, "children"));
	}
}

int oci_inventory_add_ini(struct oci_vars *v, const char *path, struct oci_slice text, struct oci_err **err)
{
	struct reading r = { .vars = v, .path = path };

	for (size_t i = 0; i < OCI_COUNT(groups); i++) {
		r.group = groups[i];
		if (add_ini(&r, text, err) < 0)
			return -1;
	}
	return 0;
}

static int add_yaml_file(struct reading *r, struct oci_err **err)
{
	const struct oci_yaml *root = NULL;
	const struct vars_file *f = NULL;

	if (vars_parse(r->vars, r->path, &f, &root, err) < 0)
		return -1;
	for (size_t i = 0; i < OCI_COUNT(groups); i++) {
		r->group = groups[i];
		add_yaml(r, f, root);
	}
	return 0;
}

static int add_file(struct reading *r, struct oci_err **err)
{
	struct oci_slice text = { 0 };

	r->found = true;
	if (oci_ends(r->path, ".yml") || oci_ends(r->path, ".yaml") || oci_ends(r->path, ".json"))
		return add_yaml_file(r, err);
	return vars_read(r->vars, r->path, &text, err) < 0 ? -1 : oci_inventory_add_ini(r->vars, r->path, text, err);
}

/* A folder's own file, under the names that kubespray and Ansible give it. */
static int add_files_of(struct reading *r, struct oci_err **err)
{
	static const char *const names[] = { "hosts",	       "hosts.ini",	"hosts.yml",	 "hosts.yaml",
					     "hosts.json",     "inventory",	"inventory.ini", "inventory.yml",
					     "inventory.yaml", "inventory.json" };
	const char *dir = r->path;

	for (size_t i = 0; i < OCI_COUNT(names); i++) {
		auto_free char *path = oci_path_join(dir, names[i]);

		if (!oci_path_exists(path) || oci_path_is_dir(path))
			continue;
		r->path = path;
		if (add_file(r, err) < 0)
			return -1;
	}
	r->path = dir;
	return 0;
}

static int note_other_group(void *ctx, const char *name, struct oci_err **err)
{
	struct reading *r = ctx;
	size_t n = strcspn(name, ".");

	(void)err;
	for (size_t i = 0; i < OCI_COUNT(groups); i++)
		if (strlen(groups[i]) == n && memcmp(groups[i], name, n) == 0)
			return 0;
	if (n && !oci_ends(name, "~"))
		oci_strs_add_take(r->unread, oci_path_join(r->path, name));
	return 0;
}

static int add_group_vars(struct reading *r, const char *parent, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(parent, "group_vars"), *hosts = oci_path_join(parent, "host_vars");

	if (oci_path_is_dir(hosts))
		oci_strs_add(r->unread, hosts);
	if (!oci_path_is_dir(dir))
		return 0;
	r->path = dir;
	r->found = true;
	for (size_t i = 0; i < OCI_COUNT(groups); i++)
		if (vars_add_named(r->vars, dir, groups[i], true, err) < 0)
			return -1;
	return oci_path_each(dir, note_other_group, r, err);
}

int oci_inventory_add(struct oci_vars *v, const char *inventory, struct oci_strs *unread, struct oci_err **err)
{
	struct reading r = { v, inventory, NULL, unread, false };
	bool folder = oci_path_is_dir(inventory);
	auto_free char *parent = folder ? oci_strdup(inventory) : oci_path_parent(inventory);

	if (!oci_path_exists(inventory))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such inventory", inventory);
	if ((folder ? add_files_of(&r, err) : add_file(&r, err)) < 0)
		return -1;
	if (add_group_vars(&r, parent, err) < 0)
		return -1;
	return r.found ? 0
		       : oci_fail(err, OCI_NOTFOUND, "%s: no inventory: neither hosts.ini or the like nor group_vars",
				  inventory);
}
