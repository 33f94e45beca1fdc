#include "image/rename.h"

#include "base/map.h"
#include "base/vec.h"
#include "base/yaml.h"

#include <stdlib.h>

#define FILE_MAX_BYTES (16u << 20)

struct pair {
	struct oci_ref src, dest;		 /* tag NULL: any */
	struct pair *next_by_src, *next_by_dest; /* with the same key */
};

struct oci_rename {
	OCI_VEC(struct pair *) pairs;
	struct oci_map by_src, by_dest; /* "host/repository" or "host/repository:tag" -> pair */
};

static char *key_of(const struct oci_ref *ref)
{
	char *tagged = oci_ref_tagged(ref);

	return tagged ? tagged : oci_ref_where(ref);
}

/* As oci_ref_parse, with no tag where none was written. */
static int parse_side(const struct oci_yaml_doc *doc, const struct oci_yaml *item, const char *key, struct oci_ref *out,
		      struct oci_err **err)
{
	const char *text = oci_yaml_str(item, key);

	if (!text)
		return oci_yaml_fail(doc, item, err, "no %s", key);
	if (oci_ref_parse(text, out, err) < 0) {
		auto_err struct oci_err *why = oci_err_dup(err ? *err : NULL);

		return oci_yaml_fail(doc, item, err, "%s: %s", key, oci_err_text(why));
	}
	if (out->digest.algorithm != OCI_NO_DIGEST)
		return oci_yaml_fail(doc, item, err, "%s: a pair renames repositories or tags, never a digest", key);
	if (!oci_ends(text, ":latest") && oci_streq(out->tag, "latest"))
		free(oci_steal(&out->tag));
	return 0;
}

static void chain(struct oci_rename *map, struct pair *p)
{
	auto_free char *src = key_of(&p->src), *dest = key_of(&p->dest);

	for (struct pair *q = oci_map_get(&map->by_src, src); q; q = q->next_by_src)
		if (oci_ref_same(&q->dest, &p->dest))
			return; /* said twice */
	p->next_by_src = oci_map_get(&map->by_src, src);
	p->next_by_dest = oci_map_get(&map->by_dest, dest);
	*oci_map_at(&map->by_src, src) = p;
	*oci_map_at(&map->by_dest, dest) = p;
}

static int parse_pair(const struct oci_yaml_doc *doc, const struct oci_yaml *item, struct oci_rename *map,
		      struct oci_err **err)
{
	struct pair *p = oci_calloc(1, sizeof(*p));

	*oci_vec_push(&map->pairs) = p;
	if (item->kind != OCI_YAML_MAP)
		return oci_yaml_fail(doc, item, err, "not a pair of src and dest");
	if (parse_side(doc, item, "src", &p->src, err) < 0 || parse_side(doc, item, "dest", &p->dest, err) < 0)
		return -1;
	if (!p->src.tag != !p->dest.tag)
		return oci_yaml_fail(doc, item, err, "src and dest must both have a tag, or neither");
	chain(map, p);
	return 0;
}

static int parse_pairs(const struct oci_yaml_doc *doc, struct oci_rename **out, struct oci_err **err)
{
	const struct oci_yaml *root = oci_yaml_root(doc);
	auto_rename struct oci_rename *map = oci_calloc(1, sizeof(*map));

	if (root && !oci_yaml_is_null(root) && root->kind != OCI_YAML_SEQ)
		return oci_yaml_fail(doc, root, err, "not a list of pairs of src and dest");
	for (size_t i = 0; root && root->kind == OCI_YAML_SEQ && i < root->n; i++)
		if (parse_pair(doc, root->items[i], map, err) < 0)
			return -1;
	*out = oci_steal(&map);
	return 0;
}

int oci_rename_parse(const char *what, const char *text, size_t n, struct oci_rename **out, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;

	if (oci_yaml_parse(what, text, n, &doc, err) < 0)
		return -1;
	return parse_pairs(doc, out, err);
}

int oci_rename_load(const char *path, struct oci_rename **out, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;

	if (oci_yaml_load(path, FILE_MAX_BYTES, &doc, err) < 0)
		return -1;
	return parse_pairs(doc, out, err);
}

/* The pairs for exactly this tag, else those for any. */
static const struct pair *look_up(const struct oci_map *by, const struct oci_ref *ref)
{
	auto_free char *tagged = oci_ref_tagged(ref), *where = oci_ref_where(ref);
	const struct pair *p = tagged ? oci_map_get(by, tagged) : NULL;

	return p ? p : oci_map_get(by, where);
}

/* The other side of a pair, with what ref has beyond its own side. */
static void renamed(const struct oci_ref *side, const struct oci_ref *ref, struct oci_ref *out)
{
	oci_ref_copy(out, side);
	if (!out->tag)
		out->tag = oci_strdup(ref->tag);
	out->digest = ref->digest;
}

static int fail_two(const struct oci_ref *ref, const char *what, const struct oci_ref *a, const struct oci_ref *b,
		    const char *remedy, struct oci_err **err)
{
	auto_free char *name = oci_ref_name(ref), *one = key_of(a), *other = key_of(b);

	return oci_fail(err, OCI_CONFLICT, "%s: the map has two %s for it, %s and %s; %s", name, what, other, one,
			remedy);
}

int oci_rename_target(const struct oci_rename *map, const struct oci_ref *name, struct oci_ref *to,
		      struct oci_err **err)
{
	const struct pair *p = map ? look_up(&map->by_src, name) : NULL;

	if (p && p->next_by_src)
		return fail_two(name, "dest", &p->dest, &p->next_by_src->dest, "keep one", err);
	if (p)
		renamed(&p->dest, name, to);
	else
		oci_ref_copy(to, name);
	return 0;
}

static int from_dest(const struct pair *p, const struct oci_ref *line, struct oci_ref *from, struct oci_ref *to,
		     struct oci_err **err)
{
	if (p->next_by_dest)
		return fail_two(line, "src", &p->src, &p->next_by_dest->src, "put the wanted src into the list instead",
				err);
	renamed(&p->src, line, from);
	oci_ref_copy(to, line);
	return 0;
}

int oci_rename_line(const struct oci_rename *map, const struct oci_ref *line, struct oci_ref *from, struct oci_ref *to,
		    struct oci_err **err)
{
	const struct pair *as_src = map ? look_up(&map->by_src, line) : NULL;
	const struct pair *as_dest = map ? look_up(&map->by_dest, line) : NULL;

	if (as_src && as_dest && as_src != as_dest) {
		auto_free char *name = oci_ref_name(line);

		return oci_fail(err, OCI_CONFLICT, "%s: the map has it as the src of one pair and the dest of another",
				name);
	}
	if (as_dest && !as_src)
		return from_dest(as_dest, line, from, to, err);
	if (oci_rename_target(map, line, to, err) < 0)
		return -1;
	oci_ref_copy(from, line);
	return 0;
}

void oci_rename_free(struct oci_rename *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->pairs.n; i++) {
		oci_ref_clear(&map->pairs.v[i]->src);
		oci_ref_clear(&map->pairs.v[i]->dest);
		free(map->pairs.v[i]);
	}
	free(map->pairs.v);
	oci_map_clear(&map->by_src);
	oci_map_clear(&map->by_dest);
	free(map);
}

void oci_rename_freep(struct oci_rename **map)
{
	oci_rename_free(*map);
	*map = NULL;
}
