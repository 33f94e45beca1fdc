#include "pkgrepo/wants.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"
#include "pkgrepo/os.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PACKAGES_YAML ((size_t)4 << 20)

void oci_wants_add(struct oci_wants *w, const char *text, const char *where)
{
	for (size_t i = 0; i < w->n; i++)
		if (oci_streq(w->v[i].text, text))
			return;
	*oci_vec_push(w) = (struct oci_want){ oci_strdup(text), oci_strdup(where) };
}

void oci_wants_add_list(struct oci_wants *w, const struct oci_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		auto_free char *where = oci_list_where(&list->v[i]);

		oci_wants_add(w, list->v[i].text, where);
	}
}

void oci_wants_clear(struct oci_wants *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].text);
		free(w->v[i].where);
	}
	free(w->v);
	*w = (struct oci_wants){ 0 };
}

struct reading {
	const struct oci_yaml_doc *doc;
	const struct oci_os *os;
	struct oci_wants *wants;
};

/* Everything is a map of groups down to lists of names: what nobody asks for is checked, too. */
static int check_group(const struct oci_yaml_doc *doc, const struct oci_yaml *node, struct oci_err **err)
{
	if (oci_yaml_is_null(node))
		return 0;
	if (node->kind == OCI_YAML_SCALAR)
		return oci_yaml_fail(doc, node, err, "\"%s\": a list of package names is wanted here", node->text);
	for (size_t i = 0; i < node->n; i++) {
		const struct oci_yaml *item = node->items[node->kind == OCI_YAML_MAP ? 2 * i + 1 : i];

		if (node->kind == OCI_YAML_MAP) {
			if (check_group(doc, item, err) < 0)
				return -1;
		} else if (item->kind != OCI_YAML_SCALAR || !item->len || strlen(item->text) != item->len) {
			return oci_yaml_fail(doc, item, err, "a package name is wanted here");
		}
	}
	return 0;
}

static void take_list(const struct reading *r, const struct oci_yaml *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct oci_yaml *item = list->items[i];
		auto_free char *where = oci_printf("%s:%u:%u", oci_yaml_what(r->doc), item->line, item->column);

		oci_wants_add(r->wants, item->text, where);
	}
}

static void take_group(const struct reading *r, const struct oci_yaml *group);

/* "ubuntu2204" of "ubuntu" and "22.04". */
static char *release_name(const struct oci_os *os)
{
	auto_buf struct oci_buf name = { 0 };

	oci_buf_adds(&name, os->distribution ? os->distribution : "");
	for (const char *p = os->release ? os->release : ""; *p; p++)
		if (*p != '.')
			oci_buf_addc(&name, *p);
	return oci_buf_take(&name);
}

/* A description may have a name of its own; its release's group is for it all the same. */
static void take_usual(const struct reading *r, const struct oci_yaml *map)
{
	const struct oci_os *os = r->os;
	auto_free char *release = release_name(os);
	const char *const names[] = { "common", os->family == OCI_OS_APT ? "apt" : "yum", os->distribution, release,
				      os->name };

	for (size_t i = 0; i < OCI_COUNT(names); i++) {
		bool twice = false;

		for (size_t j = 0; j < i; j++)
			twice |= oci_streq(names[i], names[j]);
		if (!twice)
			take_group(r, oci_yaml_get(map, names[i]));
	}
}

static void take_group(const struct reading *r, const struct oci_yaml *group)
{
	if (group && group->kind == OCI_YAML_SEQ)
		take_list(r, group);
	else if (group && group->kind == OCI_YAML_MAP)
		take_usual(r, group);
}

/* "tools", or "kubespray.extra". */
static const struct oci_yaml *find_group(const struct oci_yaml *root, const char *path)
{
	const struct oci_yaml *node = oci_yaml_get(root, path);
	const char *dot = strchr(path, '.');

	if (node || !dot)
		return node;
	auto_free char *head = oci_strndup(path, (size_t)(dot - path));

	return find_group(oci_yaml_get(root, head), dot + 1);
}

static int take_named(const struct reading *r, const struct oci_yaml *root, const char *names, struct oci_err **err)
{
	auto_free char *copy = oci_strdup(names);
	char *rest = copy, *name;

	while ((name = strsep(&rest, ","))) {
		const struct oci_yaml *group = find_group(root, name);

		if (!group)
			return oci_yaml_fail(r->doc, root, err, "no group \"%s\" here; see --groups", name);
		take_group(r, group);
	}
	return 0;
}

int oci_wants_parse(struct oci_wants *w, const char *what, const char *text, size_t n, const struct oci_os *os,
		    const struct oci_strs *groups, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;

	if (oci_yaml_parse(what, text, n, &doc, err) < 0)
		return -1;
	const struct oci_yaml *root = oci_yaml_root(doc);
	const struct reading r = { doc, os, w };

	if (!root)
		return 0;
	if (root->kind != OCI_YAML_MAP && root->kind != OCI_YAML_SEQ)
		return oci_yaml_fail(doc, root, err, "a map of groups is wanted here");
	if (check_group(doc, root, err) < 0)
		return -1;
	take_group(&r, root);
	take_group(&r, oci_yaml_get(root, "kubespray"));
	for (size_t i = 0; groups && i < groups->n; i++)
		if (take_named(&r, root, groups->v[i], err) < 0)
			return -1;
	return 0;
}

int oci_wants_load(struct oci_wants *w, const char *path, const struct oci_os *os, const struct oci_strs *groups,
		   struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, MAX_PACKAGES_YAML, &text, err) < 0)
		return -1;
	return oci_wants_parse(w, path, oci_buf_text(&text), text.len, os, groups, err);
}
