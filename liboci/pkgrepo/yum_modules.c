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
	oci_strs_clear(&s->requires);
}

void oci_rpm_modules_clear(struct oci_rpm_modules *m)
{
	for (size_t i = 0; i < m->streams.n; i++)
		stream_clear(&m->streams.v[i]);
	free(m->streams.v);
	oci_map_clear_with(&m->defaults, free);
	*m = (struct oci_rpm_modules){ 0 };
}

/* Every stream requires a platform, which is the system's. */
static void take_requires(struct oci_rpm_stream *s, const struct oci_yaml *requires)
{
	for (size_t i = 0; requires && requires->kind == OCI_YAML_MAP && i < requires->n; i++) {
		const struct oci_yaml *module = requires->items[2 * i], *streams = requires->items[2 * i + 1];

		if (!module->text || oci_streq(module->text, "platform"))
			continue;
		if (streams->kind != OCI_YAML_SEQ || !streams->n)
			oci_strs_add(&s->requires, module->text);
		for (size_t k = 0; streams->kind == OCI_YAML_SEQ && k < streams->n; k++)
			if (streams->items[k]->kind == OCI_YAML_SCALAR)
				oci_strs_add_take(&s->requires,
						  oci_printf("%s:%s", module->text, streams->items[k]->text));
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

struct applying {
	struct oci_yum_pool *p;
	const struct oci_rpm_modules *m;
	struct oci_map chosen;	  /* module -> stream, borrowed */
	struct oci_map artifacts; /* of all streams -> not NULL: of one in use */
	struct oci_map names;	  /* that streams in use have */
};

/* The first stream of m that a requirement ("module:stream", "module") means. */
static const struct oci_rpm_stream *find_required(const struct oci_rpm_modules *m, const char *required)
{
	const char *colon = strchr(required, ':');
	auto_free char *module = oci_strndup(required, colon ? (size_t)(colon - required) : strlen(required));

	for (size_t i = 0; i < m->streams.n; i++)
		if (oci_streq(m->streams.v[i].module, module) &&
		    (!colon || oci_streq(m->streams.v[i].stream, colon + 1)))
			return &m->streams.v[i];
	return NULL;
}

static bool need_of(const struct oci_rpm_modules *m, const struct oci_rpm_stream *s, struct oci_map *chosen)
{
	bool more = false;

	for (size_t i = 0; i < s->requires.n; i++) {
		const struct oci_rpm_stream *found = find_required(m, s->requires.v[i]);

		if (!found || oci_map_has(chosen, found->module))
			continue;
		*oci_map_at(chosen, found->module) = found->stream;
		more = true;
	}
	return more;
}

void oci_rpm_modules_need(const struct oci_rpm_modules *m, struct oci_map *chosen)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < m->streams.n; i++) {
			const struct oci_rpm_stream *s = &m->streams.v[i];

			if (oci_streq(oci_map_get(chosen, s->module), s->stream))
				more |= need_of(m, s, chosen);
		}
	}
}

static char *known_streams(const struct oci_rpm_modules *m, const char *module)
{
	auto_map struct oci_map seen = { 0 };
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < m->streams.n; i++)
		if (oci_streq(m->streams.v[i].module, module) && oci_map_add(&seen, m->streams.v[i].stream, &b))
			oci_buf_addf(&b, "%s%s", b.len ? ", " : "", m->streams.v[i].stream);
	oci_buf_adds(&b, "");
	return oci_buf_take(&b);
}

static int choose_named(struct applying *a, const char *named, struct oci_err **err)
{
	const char *colon = strchr(named, ':');
	auto_free char *module = oci_strndup(named, colon ? (size_t)(colon - named) : strlen(named));

	for (size_t i = 0; colon && i < a->m->streams.n; i++)
		if (oci_streq(a->m->streams.v[i].module, module) && oci_streq(a->m->streams.v[i].stream, colon + 1)) {
			*oci_map_at(&a->chosen, module) = a->m->streams.v[i].stream;
			return 0;
		}
	auto_free char *known = known_streams(a->m, module);

	return oci_fail(err, OCI_NOTFOUND, "modules: %s: no such stream; of %s there are %s", named, module,
			*known ? known : "none");
}

static int choose(struct applying *a, const struct oci_os *os, struct oci_err **err)
{
	for (size_t i = 0; i < a->m->defaults.n; i++)
		*oci_map_at(&a->chosen, a->m->defaults.items[i].key) = a->m->defaults.items[i].value;
	for (size_t i = 0; i < os->repos.n; i++) {
		const struct oci_os_repo *r = &os->repos.v[i];

		for (size_t k = 0; k < r->modules.n && !r->disabled; k++)
			if (choose_named(a, r->modules.v[k], err) < 0)
				return oci_fail_in(err, "%s", r->id);
	}
	oci_rpm_modules_need(a->m, &a->chosen);
	return 0;
}

/* "name-epoch:version-release.arch": the name. Source packages stand in no one's way. */
static void take_name(struct applying *a, const char *artifact)
{
	auto_free char *name = oci_strdup(artifact);

	if (oci_ends(name, ".src") || oci_ends(name, ".nosrc"))
		return;
	for (int cut = 0; cut < 2; cut++) {
		char *dash = strrchr(name, '-');

		if (!dash)
			return;
		*dash = '\0';
	}
	*oci_map_at(&a->names, name) = a;
}

static void index_streams(struct applying *a)
{
	for (size_t i = 0; i < a->m->streams.n; i++) {
		const struct oci_rpm_stream *s = &a->m->streams.v[i];
		bool used = oci_streq(oci_map_get(&a->chosen, s->module), s->stream);

		for (size_t k = 0; k < s->artifacts.n; k++) {
			void **at = oci_map_at(&a->artifacts, s->artifacts.v[k]);

			if (used) {
				*at = a;
				take_name(a, s->artifacts.v[k]);
			}
		}
	}
}

static bool is_hidden(const struct applying *a, Id id)
{
	Pool *pool = a->p->pool;
	const Solvable *s = pool_id2solvable(pool, id);
	const char *evr = pool_id2str(pool, s->evr), *name = pool_id2str(pool, s->name);
	auto_free char *nevra =
		oci_printf("%s-%s%s.%s", name, strchr(evr, ':') ? "" : "0:", evr, pool_id2str(pool, s->arch));

	if (oci_map_has(&a->artifacts, nevra))
		return !oci_map_get(&a->artifacts, nevra);
	return oci_map_has(&a->names, name);
}

int oci_yum_modules_apply(struct oci_yum_pool *p, const struct oci_rpm_modules *m, const struct oci_os *os,
			  struct oci_err **err)
{
	struct applying a = { .p = p, .m = m };
	int rc = choose(&a, os, err);

	if (rc == 0 && m->streams.n) {
		index_streams(&a);
		OCI_YUM_EACH(p, id)
		{
			if (is_hidden(&a, id))
				oci_yum_pool_hide(p, id);
		}
	}
	oci_map_clear(&a.chosen);
	oci_map_clear(&a.artifacts);
	oci_map_clear(&a.names);
	return rc;
}
