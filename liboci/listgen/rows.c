#include "listgen/rows.h"

#include "base/slice.h"
#include "listgen/downloads.h"
#include "listgen/scan.h"
#include "template/print.h"

#include <stdlib.h>

void oci_rows_add(struct oci_rows *rows, const char *text, const char *variable, const char *file, unsigned line)
{
	*oci_vec_push(rows) = (struct oci_row){ oci_strdup(text), NULL, oci_strdup(variable), oci_strdup(file), line };
}

static void row_clear(struct oci_row *r)
{
	free(r->text);
	free(r->checksum);
	free(r->variable);
	free(r->file);
}

void oci_rows_clear(struct oci_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		row_clear(&rows->v[i]);
	free(rows->v);
	*rows = (struct oci_rows){ 0 };
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct oci_row *)a)->text, ((const struct oci_row *)b)->text);
}

void oci_rows_sort(struct oci_rows *rows)
{
	size_t kept = 0;

	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), by_text);
	for (size_t i = 0; i < rows->n; i++) {
		if (kept && oci_streq(rows->v[kept - 1].text, rows->v[i].text))
			row_clear(&rows->v[i]);
		else
			rows->v[kept++] = rows->v[i];
	}
	rows->n = kept;
}

/* The generator renders its lines as one file, in which Jinja drops the newline behind a %} or #}. */
static bool eats_newline(struct oci_slice s)
{
	return s.len > 2 && (s.p[s.len - 2] == '%' || s.p[s.len - 2] == '#') && s.p[s.len - 1] == '}' &&
	       s.p[s.len - 3] != '+';
}

static int render_line(struct oci_vars *vars, const struct oci_scan *scan, const struct oci_scan_line *l,
		       struct oci_buf *out, struct oci_err **err)
{
	struct oci_tmpl *t = oci_vars_engine(vars);
	struct oci_origin *o = oci_arena_alloc(oci_tmpl_arena(t), sizeof(*o));

	*o = (struct oci_origin){ scan->file, l->variable, l->line, l->column, scan->bytes };
	return oci_tmpl_text(t, (struct oci_slice){ l->text, strlen(l->text) }, o, out, err);
}

/* The lines and downloads of one checkout, on their way to rows. */
struct listing {
	struct oci_vars *vars;
	const struct oci_scan *scan;
	const struct oci_rows_how *how;
	bool images; /* else files */
	struct oci_downloads items;
	struct oci_rows *out;
};

static int add_lines(const struct listing *g, const struct oci_scan *lines, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	const struct oci_scan_line *first = NULL;

	for (size_t i = 0; i < lines->n; i++) {
		const struct oci_scan_line *l = &lines->v[i];

		first = first ?: l;
		if (render_line(g->vars, lines, l, &text, err) < 0)
			return -1;
		if (eats_newline(oci_slice(l->text)) && i + 1 < lines->n)
			continue;
		oci_rows_add(g->out, oci_buf_text(&text), first->variable, lines->file, first->line);
		const struct oci_download *item = g->how->checksums ? oci_scan_item(l, &g->items, NULL) : NULL;

		if (item && oci_download_checksum(g->vars, item, &g->out->v[g->out->n - 1].checksum, err) < 0)
			return -1;
		oci_buf_reset(&text);
		first = NULL;
	}
	return 0;
}

/* Is the item deployed, as this kind? */
static int is_wanted(const struct listing *g, const struct oci_download *item, bool *out, struct oci_err **err)
{
	bool container, enabled;

	*out = false;
	if (oci_download_flag(g->vars, item, "container", &container, err) < 0)
		return -1;
	if (container != g->images)
		return 0;
	if (oci_download_flag(g->vars, item, "enabled", &enabled, err) < 0)
		return -1;
	*out = enabled;
	return 0;
}

static int item_text(const struct listing *g, const struct oci_download *item, char **out, struct oci_err **err)
{
	auto_free char *repo = NULL, *tag = NULL;

	if (!g->images)
		return oci_download_text(g->vars, item, "url", out, err);
	if (oci_download_text(g->vars, item, "repo", &repo, err) < 0 ||
	    oci_download_text(g->vars, item, "tag", &tag, err) < 0)
		return -1;
	*out = oci_printf("%s:%s", repo, tag);
	return 0;
}

/* l: the line about it, or NULL. */
static int add_item(const struct listing *g, const struct oci_download *item, const struct oci_scan_line *l,
		    struct oci_err **err)
{
	auto_free char *text = NULL, *variable = oci_printf("downloads.%s", item->name);
	struct oci_vars_place place = { g->scan->file, l ? l->line : 0 };

	if (item_text(g, item, &text, err) < 0)
		return oci_fail_in(err, "downloads.%s", item->name);
	/* An override names its own place. */
	if (item->url_var && oci_vars_is_extra(g->vars, item->url_var))
		oci_vars_place(g->vars, item->url_var, &place);
	oci_rows_add(g->out, text, l ? l->variable : variable, place.file, place.line);
	return g->how->checksums ? oci_download_checksum(g->vars, item, &g->out->v[g->out->n - 1].checksum, err) : 0;
}

/* Each item once, when it is wanted. */
static int list_item(const struct listing *g, struct oci_download *item, const struct oci_scan_line *l,
		     struct oci_err **err)
{
	bool wanted;

	if (item->listed)
		return 0;
	item->listed = true;
	if (is_wanted(g, item, &wanted, err) < 0)
		return -1;
	return wanted ? add_item(g, item, l, err) : 0;
}

/* In the list's order; then what is deployed and no line is about; the control plane's images stay where they are. */
static int add_enabled(struct listing *g, struct oci_err **err)
{
	for (size_t i = 0; i < g->scan->n; i++) {
		const struct oci_scan_line *l = &g->scan->v[i];
		const struct oci_scan one = { g->scan->v + i, 1, 1, g->scan->file, g->scan->bytes };

		if (l->always && add_lines(g, &one, err) < 0)
			return -1;
		for (struct oci_download *item = NULL; !l->always && (item = oci_scan_item(l, &g->items, item));)
			if (list_item(g, item, l, err) < 0)
				return -1;
	}
	for (size_t i = 0; i < g->items.n; i++)
		if (list_item(g, &g->items.v[i], NULL, err) < 0)
			return -1;
	return 0;
}

static int add_scanned(struct listing *g, struct oci_err **err)
{
	const struct oci_rows_how *how = g->how;

	if ((how->enabled || how->checksums) && oci_downloads_load(&g->items, g->vars, err) < 0)
		return -1;
	if (how->enabled && oci_downloads_check(&g->items, g->vars, err) < 0)
		return -1;
	return how->enabled ? add_enabled(g, err) : add_lines(g, g->scan, err);
}

struct suffix {
	struct oci_vars *vars;
	const char *end;
	struct oci_rows *out;
	struct oci_err **err;
	int rc;
};

static void add_named(void *ctx, const char *name)
{
	struct suffix *s = ctx;
	const struct oci_val *v;
	struct oci_vars_place place;

	if (s->rc < 0 || !oci_ends(name, s->end))
		return;
	s->rc = oci_tmpl_var(oci_vars_engine(s->vars), name, &v, s->err);
	if (s->rc < 0)
		return;
	auto_buf struct oci_buf text = { 0 };

	oci_val_print(v, &text);
	const char *value = oci_buf_text(&text);

	/* What was only put there to get at the name goes again. */
	if (oci_streq(s->end, "_image_name") && oci_starts(value, "localhost/"))
		value += strlen("localhost/");
	oci_vars_place(s->vars, name, &place);
	oci_rows_add(s->out, value, name, place.file, place.line);
}

/* The fork behind kubeplay: every variable NAME_download_url or NAME_image_name, sorted. */
static int add_by_suffix(struct oci_vars *vars, const char *end, struct oci_rows *out, struct oci_err **err)
{
	struct suffix s = { vars, end, out, err, 0 };

	oci_vars_each(vars, add_named, &s);
	if (s.rc == 0 && out->n == 0)
		return oci_fail(err, OCI_NOTFOUND,
				"neither a dictionary `downloads` nor variables *%s: these are not kubespray's files",
				end);
	oci_rows_sort(out);
	return s.rc;
}

static int list_rows(struct oci_vars *vars, const struct oci_rows_how *how, bool images, struct oci_rows *out,
		     struct oci_err **err)
{
	auto_scan struct oci_scan scan = { 0 };

	if (!oci_vars_source(vars, "downloads", &scan.file, &scan.bytes)) {
		if (how->enabled)
			return oci_fail(err, OCI_NOTFOUND, "--enabled: no dictionary `downloads` among the variables");
		return add_by_suffix(vars, images ? "_image_name" : "_download_url", out, err);
	}
	(images ? oci_scan_images : oci_scan_files)(&scan);
	struct listing g = { .vars = vars, .scan = &scan, .how = how, .images = images, .out = out };
	int rc = add_scanned(&g, err);

	oci_downloads_clear(&g.items);
	return rc;
}

int oci_rows_files(struct oci_vars *vars, const struct oci_rows_how *how, struct oci_rows *out, struct oci_err **err)
{
	return list_rows(vars, how, false, out, err);
}

int oci_rows_images(struct oci_vars *vars, const struct oci_rows_how *how, struct oci_rows *out, struct oci_err **err)
{
	return list_rows(vars, how, true, out, err);
}
