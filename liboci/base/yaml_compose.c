/* From libyaml's events to a tree. */
#include "base/yaml_int.h"

#include "base/file.h"
#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MAX_DEPTH 256
#define MAX_WEIGHT 1000000

struct composer {
	struct oci_yaml_doc *doc;
	yaml_parser_t parser;
	struct oci_map anchors; /* name -> node, NULL while it is still being read */
	struct oci_err **err;
};

static int fail_at(const struct composer *c, yaml_mark_t at, const char *text)
{
	return oci_fail(c->err, OCI_BADINPUT, "%s:%zu:%zu: %s", c->doc->what, at.line + 1, at.column + 1, text);
}

static int next(struct composer *c, yaml_event_t *ev)
{
	if (yaml_parser_parse(&c->parser, ev))
		return 0;
	const yaml_parser_t *p = &c->parser;

	if (p->error == YAML_MEMORY_ERROR)
		abort();
	if (p->error == YAML_READER_ERROR)
		return oci_fail(c->err, OCI_BADINPUT, "%s: byte %zu: not a text file: %s", c->doc->what,
				p->problem_offset, p->problem);
	return fail_at(c, p->problem_mark, p->problem ? p->problem : "not valid YAML");
}

static struct oci_yaml *node_new(struct composer *c, enum oci_yaml_kind kind, const yaml_event_t *ev,
				 const yaml_char_t *tag)
{
	struct oci_yaml_chunk *chunk = c->doc->chunk;

	if (!chunk || chunk->n == OCI_COUNT(chunk->nodes)) {
		chunk = oci_calloc(1, sizeof(*chunk));
		chunk->before = c->doc->chunk;
		c->doc->chunk = chunk;
	}
	struct oci_yaml *n = &chunk->nodes[chunk->n++];

	*n = (struct oci_yaml){ .kind = kind,
				.line = (unsigned)ev->start_mark.line + 1,
				.column = (unsigned)ev->start_mark.column + 1,
				.tag = oci_strdup((const char *)tag),
				.weight = 1 };
	return n;
}

struct items {
	struct oci_yaml **v;
	size_t n, cap;
};

static int compose(struct composer *c, yaml_event_t *ev, unsigned depth, struct oci_yaml **out);

static bool is_end(const yaml_event_t *ev)
{
	return ev->type == YAML_SEQUENCE_END_EVENT || ev->type == YAML_MAPPING_END_EVENT;
}

/* Read the children of n up to its end event. */
static int compose_items(struct composer *c, struct oci_yaml *n, unsigned depth, struct items *items)
{
	for (;;) {
		yaml_event_t ev;
		struct oci_yaml *item = NULL;

		if (next(c, &ev) < 0)
			return -1;
		int rc = is_end(&ev) ? 0 : compose(c, &ev, depth + 1, &item);

		if (rc == 0 && item && (n->weight += item->weight) > MAX_WEIGHT)
			rc = fail_at(c, ev.start_mark, "aliases make this document too large");
		yaml_event_delete(&ev);
		if (rc < 0 || !item)
			return rc;
		*oci_vec_push(items) = item;
	}
}

static bool is_merge(const struct oci_yaml *key)
{
	return key->kind == OCI_YAML_SCALAR && key->plain && oci_streq(key->text, "<<");
}

static int check_keys(struct composer *c, const struct items *pairs)
{
	auto_map struct oci_map seen = { 0 };

	for (size_t i = 0; i < pairs->n; i += 2) {
		const struct oci_yaml *key = pairs->v[i];

		if (key->kind != OCI_YAML_SCALAR)
			return oci_fail(c->err, OCI_BADINPUT, "%s:%u:%u: a key must be a scalar%s", c->doc->what,
					key->line, key->column,
					key->kind == OCI_YAML_MAP ? "; a value that begins with {{ needs quotes" : "");
		const struct oci_yaml **first = (const struct oci_yaml **)oci_map_at_n(&seen, key->text, key->len);

		if (*first && !is_merge(key))
			return oci_fail(c->err, OCI_BADINPUT, "%s:%u:%u: duplicate key \"%s\", first in line %u",
					c->doc->what, key->line, key->column, key->text, (*first)->line);
		*first = key;
	}
	return 0;
}

static void merge_from(struct items *pairs, struct oci_map *keys, const struct oci_yaml *from)
{
	for (size_t i = 0; i < from->n; i++) {
		if (!oci_map_add(keys, from->items[2 * i]->text, pairs))
			continue;
		*oci_vec_push(pairs) = from->items[2 * i];
		*oci_vec_push(pairs) = from->items[2 * i + 1];
	}
}

/* Take the << pairs out of pairs and list the maps that they name. */
static void take_merges(struct items *pairs, struct items *maps)
{
	size_t kept = 0;

	for (size_t i = 0; i < pairs->n; i += 2) {
		struct oci_yaml *key = pairs->v[i], *value = pairs->v[i + 1];

		if (!is_merge(key)) {
			pairs->v[kept++] = key;
			pairs->v[kept++] = value;
		} else if (value->kind == OCI_YAML_SEQ) {
			for (size_t k = 0; k < value->n; k++)
				*oci_vec_push(maps) = value->items[k];
		} else {
			*oci_vec_push(maps) = value;
		}
	}
	pairs->n = kept;
}

/* https://yaml.org/type/merge.html: keys of the map itself win, then those of earlier maps. */
static int resolve_merges(struct composer *c, struct items *pairs)
{
	auto_map struct oci_map keys = { 0 };
	struct items maps = { 0 };
	int rc = 0;

	take_merges(pairs, &maps);
	for (size_t i = 0; maps.n && i < pairs->n; i += 2)
		oci_map_add(&keys, pairs->v[i]->text, pairs);
	for (size_t k = 0; k < maps.n && rc == 0; k++) {
		if (maps.v[k]->kind == OCI_YAML_MAP)
			merge_from(pairs, &keys, maps.v[k]);
		else
			rc = oci_fail(c->err, OCI_BADINPUT, "%s:%u:%u: << takes a map or a list of maps", c->doc->what,
				      maps.v[k]->line, maps.v[k]->column);
	}
	free(maps.v);
	return rc;
}

static int compose_collection(struct composer *c, struct oci_yaml *n, unsigned depth)
{
	struct items items = { 0 };
	int rc = compose_items(c, n, depth, &items);

	if (rc == 0 && n->kind == OCI_YAML_MAP) {
		rc = check_keys(c, &items);
		if (rc == 0)
			rc = resolve_merges(c, &items);
	}
	n->items = items.v;
	n->n = n->kind == OCI_YAML_MAP ? items.n / 2 : items.n;
	return rc;
}

static int compose_alias(struct composer *c, const yaml_event_t *ev, struct oci_yaml **out)
{
	const char *name = (const char *)ev->data.alias.anchor;

	*out = oci_map_get(&c->anchors, name);
	if (*out)
		return 0;
	return fail_at(c, ev->start_mark,
		       oci_map_has(&c->anchors, name) ? "an alias inside its own anchor" : "alias without its anchor");
}

static int compose_node(struct composer *c, yaml_event_t *ev, unsigned depth, struct oci_yaml **out)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		*out = node_new(c, OCI_YAML_SCALAR, ev, ev->data.scalar.tag);
		(*out)->text = (char *)ev->data.scalar.value;
		ev->data.scalar.value = NULL; /* taken */
		(*out)->len = ev->data.scalar.length;
		(*out)->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !ev->data.scalar.tag;
		if (strlen((*out)->text) != (*out)->len)
			return fail_at(c, ev->start_mark, "a NUL character");
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		*out = node_new(c, OCI_YAML_SEQ, ev, ev->data.sequence_start.tag);
		return compose_collection(c, *out, depth);
	case YAML_MAPPING_START_EVENT:
		*out = node_new(c, OCI_YAML_MAP, ev, ev->data.mapping_start.tag);
		return compose_collection(c, *out, depth);
	default:
		return fail_at(c, ev->start_mark, "not valid YAML");
	}
}

static const char *anchor_of(const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)ev->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)ev->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return (const char *)ev->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static int compose(struct composer *c, yaml_event_t *ev, unsigned depth, struct oci_yaml **out)
{
	const char *anchor = anchor_of(ev);

	if (depth > MAX_DEPTH)
		return fail_at(c, ev->start_mark, "nested too deep (more than 256 levels)");
	if (ev->type == YAML_ALIAS_EVENT)
		return compose_alias(c, ev, out);
	if (anchor)
		*oci_map_at(&c->anchors, anchor) = NULL;
	if (compose_node(c, ev, depth, out) < 0)
		return -1;
	if (anchor)
		*oci_map_at(&c->anchors, anchor) = *out;
	return 0;
}

static int compose_document(struct composer *c)
{
	for (bool seen = false, end = false; !end;) {
		yaml_event_t ev;
		int rc = 0;

		if (next(c, &ev) < 0)
			return -1;
		end = ev.type == YAML_STREAM_END_EVENT;
		if (ev.type == YAML_DOCUMENT_START_EVENT) {
			if (seen)
				rc = fail_at(c, ev.start_mark, "more than one document");
			seen = true;
		} else if (!end && ev.type != YAML_STREAM_START_EVENT && ev.type != YAML_DOCUMENT_END_EVENT) {
			rc = compose(c, &ev, 0, &c->doc->root);
		}
		yaml_event_delete(&ev);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int oci_yaml_parse(const char *what, const void *data, size_t n, struct oci_yaml_doc **out, struct oci_err **err)
{
	struct oci_yaml_doc *doc = oci_calloc(1, sizeof(*doc));
	struct composer c = { .doc = doc, .err = err };

	doc->what = oci_strdup(what);
	if (!yaml_parser_initialize(&c.parser))
		abort();
	yaml_parser_set_input_string(&c.parser, data ? data : (const void *)"", n);
	int rc = compose_document(&c);

	yaml_parser_delete(&c.parser);
	oci_map_clear(&c.anchors);
	if (rc < 0)
		oci_yaml_free(doc);
	else
		*out = doc;
	return rc;
}

int oci_yaml_load(const char *path, size_t max, struct oci_yaml_doc **out, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, max, &text, err) < 0)
		return -1;
	return oci_yaml_parse(path, text.data, text.len, out, err);
}
