#include "listgen/vars_int.h"

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "template/data.h"

#include <ctype.h>
#include <stdlib.h>

#define MAX_FILE ((size_t)32 << 20)

struct vars_file {
	char *path;
	struct oci_buf bytes;
	struct oci_yaml_doc *doc;
	bool extra; /* given by -e @FILE */
};

struct entry {
	const struct vars_file *file; /* NULL: a fact or -e K=V */
	const struct oci_yaml *node;  /* in that file */
	const struct oci_val *value;  /* made when first asked for */
	bool extra;
};

struct oci_vars {
	OCI_VEC(struct vars_file *) files;
	struct oci_map entries; /* name -> struct entry */
	struct oci_tmpl *tmpl;
	struct oci_vals facts; /* the pairs of ansible_facts */
};

static int find(void *ctx, const char *name, const struct oci_val **out, struct oci_err **err);

struct oci_vars *oci_vars_new(void)
{
	struct oci_vars *v = oci_calloc(1, sizeof(*v));

	v->tmpl = oci_tmpl_new(&(struct oci_tmpl_vars){ find, v });
	return v;
}

void oci_vars_freep(struct oci_vars **pointer)
{
	struct oci_vars *v = *pointer;

	if (!v)
		return;
	oci_tmpl_freep(&v->tmpl);
	for (size_t i = 0; i < v->files.n; i++) {
		oci_yaml_free(v->files.v[i]->doc);
		oci_buf_clear(&v->files.v[i]->bytes);
		free(v->files.v[i]->path);
		free(v->files.v[i]);
	}
	free(v->files.v);
	oci_vals_clear(&v->facts);
	oci_map_clear_with(&v->entries, free);
	free(v);
	*pointer = NULL;
}

struct oci_tmpl *oci_vars_engine(struct oci_vars *v)
{
	return v->tmpl;
}

static int value_of(struct oci_vars *v, const char *name, struct entry *e, struct oci_err **err)
{
	struct oci_data d = { .arena = oci_tmpl_arena(v->tmpl), .doc = e->file->doc };

	d.name = oci_arena_strndup(d.arena, name, strlen(name));
	d.source = (struct oci_slice){ e->file->bytes.data, e->file->bytes.len };
	return oci_data_of_yaml(&d, e->node, &e->value, err);
}

static int find(void *ctx, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct oci_vars *v = ctx;
	struct entry *e = oci_map_get(&v->entries, name);

	*out = NULL;
	if (!e)
		return 0;
	if (!e->value && value_of(v, name, e, err) < 0)
		return -1;
	*out = e->value;
	return 0;
}

const struct oci_val *oci_vars_raw(struct oci_vars *v, const char *name, struct oci_err **err)
{
	const struct oci_val *value;

	return find(v, name, &value, err) < 0 ? NULL : value;
}

static struct entry *entry_at(struct oci_vars *v, const char *name)
{
	void **slot = oci_map_at(&v->entries, name);

	if (!*slot)
		*slot = oci_calloc(1, sizeof(struct entry));
	*(struct entry *)*slot = (struct entry){ 0 };
	return *slot;
}

static void add_value(struct oci_vars *v, const char *name, const struct oci_val *value, bool extra)
{
	*entry_at(v, name) = (struct entry){ .value = value, .extra = extra };
}

static struct vars_file *file_new(struct oci_vars *v, const char *path, bool extra)
{
	struct vars_file *f = oci_calloc(1, sizeof(*f));

	f->path = oci_strdup(path);
	f->extra = extra;
	*oci_vec_push(&v->files) = f;
	return f;
}

void vars_add_map(struct oci_vars *v, const struct vars_file *f, const struct oci_yaml *map)
{
	for (size_t i = 0; i < map->n; i++)
		*entry_at(v, map->items[2 * i]->text) =
			(struct entry){ .file = f, .node = map->items[2 * i + 1], .extra = f->extra };
}

static int add_document(struct oci_vars *v, struct vars_file *f, struct oci_err **err)
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
	struct vars_file *f = *out = file_new(v, path, extra);

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

static int add_file(struct oci_vars *v, const char *path, bool extra, struct oci_err **err)
{
	struct vars_file *f;

	return read_file(v, path, extra, &f, err) < 0 ? -1 : add_document(v, f, err);
}

int oci_vars_add_file(struct oci_vars *v, const char *path, struct oci_err **err)
{
	return add_file(v, path, false, err);
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

static void add_fact(void *ctx, const char *name, const struct oci_val *value)
{
	struct oci_vars *v = ctx;
	auto_free char *full = oci_printf("ansible_%s", name);

	add_value(v, full, value, false);
	oci_vals_add(&v->facts, oci_val_text(oci_tmpl_arena(v->tmpl), name));
	oci_vals_add(&v->facts, value);
}

static const struct oci_val *text_list(struct oci_arena *a, const char *const *texts)
{
	auto_vals struct oci_vals vs = { 0 };

	for (; *texts; texts++)
		oci_vals_add(&vs, oci_val_text(a, *texts));
	return oci_val_list(a, &vs);
}

/* One node that is in every group, as the lists are for a cluster of any shape. */
static void add_groups(struct oci_vars *v)
{
	static const char *const names[] = { "etcd", "k8s_cluster", "kube_control_plane", "kube_node", NULL };
	static const char *const node[] = { "node1", NULL }, *const nobody[] = { NULL };
	struct oci_arena *a = oci_tmpl_arena(v->tmpl);
	auto_vals struct oci_vals groups = { 0 }, hosts = { 0 };

	for (const char *const *n = names; *n; n++) {
		oci_vals_add(&groups, oci_val_text(a, *n));
		oci_vals_add(&groups, text_list(a, node));
	}
	oci_vals_add(&groups, oci_val_text(a, "all"));
	oci_vals_add(&groups, text_list(a, node));
	oci_vals_add(&groups, oci_val_text(a, "ungrouped"));
	oci_vals_add(&groups, text_list(a, nobody));
	oci_vals_add(&groups, oci_val_text(a, "calico_rr"));
	oci_vals_add(&groups, text_list(a, nobody));
	add_value(v, "groups", oci_val_map(a, &groups), false);
	add_value(v, "group_names", text_list(a, names), false);
	struct oci_val *all = oci_arena_alloc(a, sizeof(*all));

	all->kind = OCI_VAL_VARS;
	oci_vals_add(&hosts, oci_val_text(a, "node1"));
	oci_vals_add(&hosts, all);
	add_value(v, "hostvars", oci_val_map(a, &hosts), false);
	add_value(v, "vars", all, false);
	add_value(v, "ansible_play_hosts", text_list(a, node), false);
	add_value(v, "ansible_play_hosts_all", text_list(a, node), false);
	add_value(v, "play_hosts", text_list(a, node), false);
	add_value(v, "inventory_hostname", oci_val_text(a, "node1"), false);
	add_value(v, "inventory_hostname_short", oci_val_text(a, "node1"), false);
}

void oci_vars_add_facts(struct oci_vars *v, const struct oci_facts *facts)
{
	struct oci_arena *a = oci_tmpl_arena(v->tmpl);

	oci_facts_each(facts, add_fact, v, a);
	add_value(v, "ansible_facts", oci_val_map(a, &v->facts), false);
	add_value(v, "omit", oci_val_text(a, "__omit_place_holder__"), false);
	add_groups(v);
}

void vars_add_value(struct oci_vars *v, const char *name, const struct oci_val *value)
{
	add_value(v, name, value, false);
}

void oci_vars_add_text(struct oci_vars *v, const char *name, const char *text)
{
	struct oci_arena *a = oci_tmpl_arena(v->tmpl);
	struct oci_origin *o = oci_arena_alloc(a, sizeof(*o));

	*o = (struct oci_origin){ .file = "-e", .name = oci_arena_strndup(a, name, strlen(name)) };
	add_value(v, name, oci_data_template(a, oci_slice(text), o), true);
}

/* Inside {{ }} and {% %} neither blanks nor quotes end anything. */
static unsigned marks_open(const char *p, unsigned open)
{
	if (*p == '{' && p[1] && strchr("{%#", p[1]))
		return open + 1;
	return open && p[0] && p[1] == '}' && strchr("}%#", p[0]) ? open - 1 : open;
}

/* The next NAME=VALUE of a line: blanks separate, quotes keep them together. */
static bool next_pair(const char **p, struct oci_buf *out)
{
	unsigned marks = 0;
	char quote = '\0';

	oci_buf_reset(out);
	while (isspace((unsigned char)**p))
		(*p)++;
	for (; **p && (quote || marks || !isspace((unsigned char)**p)); (*p)++) {
		char c = **p;

		marks = marks_open(*p, marks);
		if (!marks && (quote ? c == quote : c == '"' || c == '\''))
			quote = quote ? '\0' : c;
		else
			oci_buf_addc(out, c);
	}
	return out->len > 0;
}

static int add_pairs(struct oci_vars *v, const char *text, struct oci_err **err)
{
	auto_buf struct oci_buf pair = { 0 };
	const char *p = text;

	while (next_pair(&p, &pair)) {
		char *equals = strchr(pair.data, '=');

		if (!equals || equals == pair.data)
			return oci_fail(err, OCI_USAGE, "-e %s: want NAME=VALUE, {\"NAME\": VALUE} or @FILE", text);
		*equals = '\0';
		oci_vars_add_text(v, pair.data, equals + 1);
	}
	return 0;
}

int oci_vars_add_extra(struct oci_vars *v, const char *text, struct oci_err **err)
{
	if (*text == '@')
		return add_file(v, text + 1, true, err);
	if (*text != '{' && *text != '[')
		return add_pairs(v, text, err);
	struct vars_file *f = file_new(v, "-e", true);

	oci_buf_adds(&f->bytes, text);
	return add_document(v, f, err);
}

bool oci_vars_has(const struct oci_vars *v, const char *name)
{
	return oci_map_has(&v->entries, name);
}

bool oci_vars_is_extra(const struct oci_vars *v, const char *name)
{
	const struct entry *e = oci_map_get(&v->entries, name);

	return e && e->extra;
}

bool oci_vars_place(const struct oci_vars *v, const char *name, struct oci_vars_place *out)
{
	const struct entry *e = oci_map_get(&v->entries, name);

	if (!e)
		return false;
	*out = (struct oci_vars_place){ e->extra ? "-e" : "facts", 0 };
	if (e->file)
		*out = (struct oci_vars_place){ e->file->path, e->node->line };
	return true;
}

bool oci_vars_source(const struct oci_vars *v, const char *key, const char **file, struct oci_slice *bytes)
{
	for (size_t i = v->files.n; i-- > 0;) {
		const struct vars_file *f = v->files.v[i];

		if (f->extra || !f->doc || !oci_yaml_get(oci_yaml_root(f->doc), key))
			continue;
		*file = f->path;
		*bytes = (struct oci_slice){ f->bytes.data, f->bytes.len };
		return true;
	}
	return false;
}

void oci_vars_each(const struct oci_vars *v, void (*fn)(void *ctx, const char *name), void *ctx)
{
	for (size_t i = 0; i < v->entries.n; i++)
		fn(ctx, v->entries.items[i].key);
}
