#include "base/yaml_int.h"

#include <stdarg.h>
#include <stdlib.h>

#undef oci_yaml_fail

const struct oci_yaml *oci_yaml_root(const struct oci_yaml_doc *doc)
{
	return doc->root;
}

const char *oci_yaml_what(const struct oci_yaml_doc *doc)
{
	return doc->what;
}

const struct oci_yaml *oci_yaml_get(const struct oci_yaml *map, const char *key)
{
	if (!map || map->kind != OCI_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (oci_streq(map->items[2 * i]->text, key))
			return map->items[2 * i + 1];
	return NULL;
}

const char *oci_yaml_str(const struct oci_yaml *map, const char *key)
{
	const struct oci_yaml *value = oci_yaml_get(map, key);

	return value && value->kind == OCI_YAML_SCALAR ? value->text : NULL;
}

bool oci_yaml_is_null(const struct oci_yaml *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	if (!node)
		return true;
	for (size_t i = 0; node->kind == OCI_YAML_SCALAR && node->plain && i < OCI_COUNT(nulls); i++)
		if (oci_streq(node->text, nulls[i]))
			return true;
	return false;
}

int oci_yaml_fail(const struct oci_yaml_doc *doc, const struct oci_yaml *at, struct oci_err **err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	auto_free char *text = oci_vprintf(fmt, ap);

	va_end(ap);
	return oci_fail(err, OCI_BADINPUT, "%s:%u:%u: %s", doc->what, at ? at->line : 1, at ? at->column : 1, text);
}

void oci_yaml_free(struct oci_yaml_doc *doc)
{
	if (!doc)
		return;
	for (struct oci_yaml_chunk *chunk = doc->chunk, *before; chunk; chunk = before) {
		before = chunk->before;
		for (size_t i = 0; i < chunk->n; i++) {
			free(chunk->nodes[i].text);
			free(chunk->nodes[i].tag);
			free(chunk->nodes[i].items);
		}
		free(chunk);
	}
	free(doc->what);
	free(doc);
}

void oci_yaml_freep(struct oci_yaml_doc **doc)
{
	oci_yaml_free(*doc);
	*doc = NULL;
}
