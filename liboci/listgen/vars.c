#include "listgen/vars_int.h"

#include "base/map.h"
#include "template/data.h"

#include <stdlib.h>

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

void vars_add_value(struct oci_vars *v, const char *name, const struct oci_val *value, bool extra)
{
	*entry_at(v, name) = (struct entry){ .value = value, .extra = extra };
}

struct vars_file *vars_file_new(struct oci_vars *v, const char *path, bool extra)
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
