/* Where in a file an error happened. */
#include "template/tmpl_int.h"

#undef oci_tmpl_place

/* Walk the file and the template side by side: YAML folds lines, drops indents and undoes escapes on the way. */
static size_t source_offset(const struct oci_origin *o, size_t start, struct oci_slice text, size_t at)
{
	size_t i = 0, j = start;

	while (i < at && j < o->source.len) {
		if (o->source.p[j] == text.p[i]) {
			i++;
			j++;
		} else if (strchr(" \t\n", text.p[i]) && !strchr(" \t\n", o->source.p[j])) {
			i++;
		} else {
			j++;
		}
	}
	return j;
}

static size_t line_start(struct oci_slice s, unsigned line)
{
	size_t at = 0;

	for (unsigned l = 1; l < line && at < s.len; at++)
		l += s.p[at] == '\n';
	return at;
}

/* Line and column of an offset in a template. */
static void find_place(const struct oci_frame *f, size_t at, unsigned *line, unsigned *column)
{
	const struct oci_origin *o = f->origin;
	size_t j;

	*line = o->line;
	*column = o->column;
	if (!o->source.len || !o->line)
		return;
	j = line_start(o->source, o->line) + o->column - 1;
	/* Behind the quote, or the line with | or > and its indent. */
	if (j < o->source.len && strchr("|>", o->source.p[j]))
		while (j < o->source.len && o->source.p[j] != '\n')
			j++;
	while (j < o->source.len && at + 1 < f->text.len && o->source.p[j] != f->text.p[0])
		j++;
	j = source_offset(o, j, f->text, at);
	while (j < o->source.len && at < f->text.len && o->source.p[j] != f->text.p[at] &&
	       strchr(" \t\n", o->source.p[j]))
		j++;
	*line = 1;
	*column = 1;
	for (size_t k = 0; k < j && k < o->source.len; k++) {
		*line += o->source.p[k] == '\n';
		*column = o->source.p[k] == '\n' ? 1 : *column + 1;
	}
}

int oci_tmpl_place(struct oci_tmpl *t, size_t at, struct oci_err **err)
{
	const struct oci_frame *f = t->frame;
	unsigned line, column;
	auto_free char *text = NULL;

	if (t->placed || !f || !*err)
		return -1;
	t->placed = true;
	if (f->mark.len)
		text = oci_printf("%s in %.*s", oci_err_text(*err), (int)(f->mark.len < 300 ? f->mark.len : 300),
				  f->mark.p);
	else
		text = oci_strdup(oci_err_text(*err));
	enum oci_code code = oci_err_code(*err);

	if (!f->origin)
		return oci_fail(err, code, "%s", text);
	find_place(f, at, &line, &column);
	const char *name = f->origin->name ? f->origin->name : "template";

	if (!f->origin->file)
		return oci_fail(err, code, "%s: %s", name, text);
	if (!line)
		return oci_fail(err, code, "%s: %s: %s", f->origin->file, name, text);
	return oci_fail(err, code, "%s:%u:%u: %s: %s", f->origin->file, line, column, name, text);
}
