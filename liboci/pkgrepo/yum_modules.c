#include "pkgrepo/yum_modules.h"

#include "base/buf.h"
#include "base/slice.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

static void stream_clear(struct oci_rpm_stream *s)
{
	free(s->module);
	free(s->stream);
	oci_strs_clear(&s->artifacts);
	for (size_t i = 0; i < s->needs.n; i++) {
		free(s->needs.v[i].module);
		oci_strs_clear(&s->needs.v[i].streams);
	}
	free(s->needs.v);
}

void oci_rpm_modules_clear(struct oci_rpm_modules *m)
{
	for (size_t i = 0; i < m->streams.n; i++)
		stream_clear(&m->streams.v[i]);
	free(m->streams.v);
	oci_map_clear_with(&m->defaults, free);
	*m = (struct oci_rpm_modules){ 0 };
}

/* What several sets say of one module stands together. */
static struct oci_rpm_need *need_of(struct oci_rpm_stream *s, const char *module)
{
	for (size_t i = 0; i < s->needs.n; i++)
		if (oci_streq(s->needs.v[i].module, module))
			return &s->needs.v[i];
	struct oci_rpm_need *need = oci_vec_push(&s->needs);

	need->module = oci_strdup(module);
	return need;
}

/* Every stream requires a platform, which is the system's. */
static void take_requires(struct oci_rpm_stream *s, const struct oci_yaml *requires)
{
	for (size_t i = 0; requires && requires->kind == OCI_YAML_MAP && i < requires->n; i++) {
		const struct oci_yaml *module = requires->items[2 * i], *streams = requires->items[2 * i + 1];

		if (!module->text || oci_streq(module->text, "platform"))
			continue;
		struct oci_rpm_need *need = need_of(s, module->text);

		for (size_t k = 0; streams->kind == OCI_YAML_SEQ && k < streams->n; k++)
			if (streams->items[k]->kind == OCI_YAML_SCALAR)
				oci_strs_add(&need->streams, streams->items[k]->text);
	}
}

/* One set of requirements, or of several sets each. */
static void take_dependencies(struct oci_rpm_stream *s, const struct oci_yaml *dependencies)
{
	if (!dependencies)
		return;
	if (dependencies->kind == OCI_YAML_MAP)
		take_requires(s, oci_yaml_get(dependencies, "requires"));
	for (size_t i = 0; dependencies->kind == OCI_YAML_SEQ && i < dependencies->n; i++)
		if (dependencies->items[i]->kind == OCI_YAML_MAP)
			take_requires(s, oci_yaml_get(dependencies->items[i], "requires"));
}

static void take_stream(struct oci_rpm_modules *m, const struct oci_yaml *data)
{
	const char *module = oci_yaml_str(data, "name"), *stream = oci_yaml_str(data, "stream");
	const struct oci_yaml *rpms = oci_yaml_get(oci_yaml_get(data, "artifacts"), "rpms");

	if (!module || !stream)
		return;
	struct oci_rpm_stream *s = oci_vec_push(&m->streams);

	s->module = oci_strdup(module);
	s->stream = oci_strdup(stream);
	take_dependencies(s, oci_yaml_get(data, "dependencies"));
	for (size_t i = 0; rpms && rpms->kind == OCI_YAML_SEQ && i < rpms->n; i++)
		if (rpms->items[i]->kind == OCI_YAML_SCALAR)
			oci_strs_add(&s->artifacts, rpms->items[i]->text);
}

static void take_default(struct oci_rpm_modules *m, const struct oci_yaml *data)
{
	const char *module = oci_yaml_str(data, "module"), *stream = oci_yaml_str(data, "stream");

	if (!module || !stream)
		return;
	void **at = oci_map_at(&m->defaults, module);

	free(*at);
	*at = oci_strdup(stream);
}

int oci_rpm_modules_take(struct oci_rpm_modules *m, const char *what, struct oci_slice text, struct oci_err **err)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;

	if (!oci_slice_trim(text).len)
		return 0;
	if (oci_yaml_parse(what, text.p, text.len, &doc, err) < 0)
		return -1;
	const struct oci_yaml *root = oci_yaml_root(doc), *data = root ? oci_yaml_get(root, "data") : NULL;
	const char *kind = root ? oci_yaml_str(root, "document") : NULL;

	if (data && oci_streq(kind, "modulemd"))
		take_stream(m, data);
	else if (data && oci_streq(kind, "modulemd-defaults"))
		take_default(m, data);
	return 0;
}

static int take_document(void *ctx, const char *what, struct oci_slice text, struct oci_err **err)
{
	return oci_rpm_modules_take(ctx, what, text, err);
}

/* "---" and "..." at a line's start part the documents. */
int oci_rpm_modules_each(const char *what, const char *text, size_t n, oci_rpm_modules_fn *fn, void *ctx,
			 struct oci_err **err)
{
	struct oci_slice rest = { text, n }, line, doc = { text, 0 };
	unsigned number = 1;

	while (oci_slice_line(&rest, &line)) {
		if (!oci_slice_eq(line, "---") && !oci_slice_eq(line, "...")) {
			doc.len = (size_t)(line.p + line.len - doc.p);
			continue;
		}
		if (fn(ctx, what, doc, err) < 0)
			return oci_fail_in(err, "document %u", number);
		number++;
		doc = (struct oci_slice){ rest.p, 0 };
	}
	return fn(ctx, what, doc, err) < 0 ? oci_fail_in(err, "document %u", number) : 0;
}

int oci_rpm_modules_parse(struct oci_rpm_modules *m, const char *what, const char *text, size_t n, struct oci_err **err)
{
	return oci_rpm_modules_each(what, text, n, take_document, m, err);
}
