/* What a written repository says of modules: the streams of its own packages. dnf installs no package of a module that
 * it knows nothing of. */
#include "base/buf.h"
#include "pkgrepo/yum_modules.h"

struct cutting {
	const struct oci_map *have;
	struct oci_rpm_modules all;
	struct oci_map used;   /* module -> a stream of it that packages are from, borrowed */
	struct oci_map needed; /* and what these require */
	struct oci_map told;   /* modules whose default was written */
	struct oci_buf *out;
};

static bool is_used(const struct cutting *c, const struct oci_rpm_stream *s)
{
	for (size_t i = 0; i < s->artifacts.n; i++)
		if (oci_map_has(c->have, s->artifacts.v[i]))
			return true;
	return false;
}

static void note_needed(struct cutting *c)
{
	for (size_t i = 0; i < c->all.streams.n; i++) {
		const struct oci_rpm_stream *s = &c->all.streams.v[i];

		if (is_used(c, s))
			*oci_map_at(&c->needed, s->module) = *oci_map_at(&c->used, s->module) = s->stream;
	}
	oci_rpm_modules_need(&c->all, &c->needed);
}

/* Without packages here, but a stream that has some requires it: dnf refuses that one else. */
static bool is_needed(const struct cutting *c, const struct oci_rpm_stream *s)
{
	return !oci_map_has(&c->used, s->module) && oci_streq(oci_map_get(&c->needed, s->module), s->stream);
}

static bool is_used_named(const struct cutting *c, const char *module, const char *stream)
{
	for (size_t i = 0; i < c->all.streams.n; i++) {
		const struct oci_rpm_stream *s = &c->all.streams.v[i];

		if (oci_streq(s->module, module) && oci_streq(s->stream, stream) && is_used(c, s))
			return true;
	}
	return false;
}

/* "  - nginx-1:1.22-1.x86_64", quoted or not: an artifact that is not here? */
static bool is_missing(const struct cutting *c, const struct oci_map *artifacts, struct oci_slice line)
{
	struct oci_slice item = oci_slice_trim(line);

	if (item.len < 2 || item.p[0] != '-' || item.p[1] != ' ')
		return false;
	item = oci_slice_trim((struct oci_slice){ item.p + 2, item.len - 2 });
	if (item.len > 1 && (*item.p == '"' || *item.p == '\''))
		item = (struct oci_slice){ item.p + 1, item.len - 2 };
	auto_free char *name = oci_strndup(item.p, item.len);

	return oci_map_has(artifacts, name) && !oci_map_has(c->have, name);
}

static void print_stream(struct cutting *c, const struct oci_rpm_stream *s, struct oci_slice text)
{
	auto_map struct oci_map artifacts = { 0 };
	struct oci_slice line;

	for (size_t i = 0; i < s->artifacts.n; i++)
		oci_map_add(&artifacts, s->artifacts.v[i], c);
	bool none = !is_used(c, s), in_artifacts = false;

	oci_buf_adds(c->out, "---\n");
	while (oci_slice_line(&text, &line)) {
		struct oci_slice item = oci_slice_trim(line);

		/* a list without items would be none */
		if (!is_missing(c, &artifacts, line))
			oci_buf_addf(c->out, "%.*s%s\n", (int)line.len, line.p,
				     none && in_artifacts && oci_slice_eq(item, "rpms:") ? " []" : "");
		in_artifacts = oci_slice_eq(item, "artifacts:");
	}
	oci_buf_adds(c->out, "...\n");
}

static int cut_document(void *ctx, const char *what, struct oci_slice text, struct oci_err **err)
{
	auto_rpm_modules struct oci_rpm_modules one = { 0 };
	struct cutting *c = ctx;

	if (oci_rpm_modules_take(&one, what, text, err) < 0)
		return -1;
	if (one.streams.n && (is_used(c, &one.streams.v[0]) || is_needed(c, &one.streams.v[0])))
		print_stream(c, &one.streams.v[0], text);
	if (one.defaults.n && is_used_named(c, one.defaults.items[0].key, one.defaults.items[0].value)) {
		oci_map_add(&c->told, one.defaults.items[0].key, c);
		oci_buf_addf(c->out, "---\n%.*s\n...\n", (int)text.len, text.p);
	}
	return 0;
}

static void add_defaults(struct cutting *c)
{
	for (size_t i = 0; i < c->all.streams.n; i++) {
		const struct oci_rpm_stream *s = &c->all.streams.v[i];

		if (is_used(c, s) && oci_map_add(&c->told, s->module, c))
			oci_buf_addf(c->out,
				     "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: %s\n"
				     "  stream: \"%s\"\n  profiles: {}\n...\n",
				     s->module, s->stream);
	}
}

int oci_rpm_modules_cut(const char *what, const char *text, size_t n, const struct oci_map *have, struct oci_buf *out,
			struct oci_err **err)
{
	struct cutting c = { .have = have, .out = out };
	int rc = oci_rpm_modules_parse(&c.all, what, text, n, err);

	note_needed(&c);
	if (rc == 0)
		rc = oci_rpm_modules_each(what, text, n, cut_document, &c, err);
	if (rc == 0)
		add_defaults(&c);
	oci_rpm_modules_clear(&c.all);
	oci_map_clear(&c.used);
	oci_map_clear(&c.needed);
	oci_map_clear(&c.told);
	return rc;
}
