/* -e of the command line. */
#include "listgen/vars_int.h"

#include "template/data.h"

#include <ctype.h>
#include <string.h>

void oci_vars_add_text(struct oci_vars *v, const char *name, const char *text)
{
	struct oci_arena *a = oci_tmpl_arena(oci_vars_engine(v));
	struct oci_origin *o = oci_arena_alloc(a, sizeof(*o));

	*o = (struct oci_origin){ .file = "-e", .name = oci_arena_strndup(a, name, strlen(name)) };
	vars_add_value(v, name, oci_data_template(a, oci_slice(text), o), true);
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
		return vars_add_file(v, text + 1, true, err);
	if (*text != '{' && *text != '[')
		return add_pairs(v, text, err);
	struct vars_file *f = vars_file_new(v, "-e", true);

	oci_buf_adds(&f->bytes, text);
	return vars_add_document(v, f, err);
}
