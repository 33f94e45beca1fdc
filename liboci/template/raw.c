/* Raw values, rendered: a text as a template, lists and maps item by item. */
#include "template/literal.h"
#include "template/print.h"
#include "template/tmpl_int.h"

#include <ctype.h>

/* Jinja knows one kind of line end. */
static struct oci_slice with_newlines(struct oci_tmpl *t, struct oci_slice text)
{
	auto_buf struct oci_buf b = { 0 };

	if (!text.len || !memchr(text.p, '\r', text.len))
		return text;
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '\r')
			oci_buf_addc(&b, text.p[i]);
		else if (i + 1 == text.len || text.p[i + 1] != '\n')
			oci_buf_addc(&b, '\n');
	}
	return (struct oci_slice){ oci_arena_strndup(&t->arena, oci_buf_text(&b), b.len), b.len };
}

static int render_frame(struct oci_tmpl *t, struct oci_frame *f, bool keep_backslashes, const struct oci_node **body,
			struct oci_err **err)
{
	size_t at = 0;
	struct oci_node *tree;

	f->text = with_newlines(t, f->text);
	struct oci_parse what = { &t->arena, f->text, keep_backslashes, &at };

	f->up = t->frame;
	f->serial = ++t->serials;
	t->frame = f;
	if (oci_parse_template(&what, &tree, err) < 0)
		return oci_tmpl_place(t, at, err);
	*body = tree;
	return 0;
}

static size_t newlines_at_end(const char *s, size_t n)
{
	size_t count = 0;

	while (count < n && s[n - 1 - count] == '\n')
		count++;
	return count;
}

/* Jinja drops one newline at the end of a template; Ansible puts back what the text had. */
static const struct oci_val *convert(struct oci_tmpl *t, struct oci_slice source, struct oci_buf *out)
{
	const char *s = oci_buf_text(out);
	const struct oci_val *v = NULL;

	if (oci_streq(s, "True") || oci_streq(s, "False"))
		return oci_val_bool(*s == 'T');
	if (*s == '{' || *s == '[')
		v = oci_literal_parse(&t->arena, (struct oci_slice){ s, out->len });
	if (v)
		return v;
	size_t want = newlines_at_end(source.p, source.len), have = newlines_at_end(s, out->len);

	for (; have < want; have++)
		oci_buf_addc(out, '\n');
	return oci_val_str(&t->arena, oci_buf_text(out), out->len);
}

/* Lists and maps of plain values come out of the way through text and back as they went in; spare them the way. */
static bool is_plain(const struct oci_val *v)
{
	size_t n = v->kind == OCI_VAL_MAP ? 2 * v->len : v->len;

	if (v->kind == OCI_VAL_FLOAT)
		return v->f - v->f == 0;
	if (v->kind != OCI_VAL_MAP && !oci_val_is_seq(v))
		return v->kind <= OCI_VAL_STR && v->kind != OCI_VAL_UNDEF;
	for (size_t i = 0; i < n; i++)
		if (!is_plain(v->items[i]))
			return false;
	return true;
}

static int render_body(struct oci_tmpl *t, const struct oci_node *body, const struct oci_val **out,
		       struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	const struct oci_val *v;

	if (body->n == 1 && body->kids[0]->kind == OCI_NODE_PRINT) {
		t->frame->mark = body->kids[0]->mark;
		if (oci_eval(t, body->kids[0]->kids[0], &v, err) < 0 || oci_render_finish(t, v, &v, err) < 0)
			return oci_tmpl_place(t, body->kids[0]->kids[0]->at, err);
		if (((v->kind == OCI_VAL_LIST || v->kind == OCI_VAL_MAP) && is_plain(v)) ||
		    (v->kind == OCI_VAL_STR && v->native)) {
			*out = v;
			return 0;
		}
		oci_val_print(v, &text);
	} else {
		t->pieces = 0;
		if (oci_render(t, body, &text, err) < 0)
			return -1;
		if (t->pieces == 1 && t->native) {
			*out = oci_val_str(&t->arena, oci_buf_text(&text), text.len);
			return 0;
		}
	}
	*out = convert(t, t->frame->text, &text);
	return 0;
}

/* A text that is one bare name of a number, a truth value or none is that value, and no text of it. */
static int bare_name(struct oci_tmpl *t, const struct oci_val *raw, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = { raw->text, raw->len }, name = { 0 };
	const struct oci_val *v = NULL;

	*out = NULL;
	if (s.len && s.p[s.len - 1] == '\n')
		s.len--;
	if (s.len < 5 || !oci_slice_starts(s, "{{") || memcmp(s.p + s.len - 2, "}}", 2) != 0)
		return 0;
	name = oci_slice_trim((struct oci_slice){ s.p + 2, s.len - 4 });
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.p[i]) && name.p[i] != '_')
			return 0;
	auto_free char *text = oci_slice_dup(name);

	if (t->vars.find(t->vars.ctx, text, &v, err) < 0)
		return -1;
	if (v && (v->kind == OCI_VAL_NONE || oci_val_is_num(v)))
		*out = v;
	return 0;
}

static int render_text(struct oci_tmpl *t, const struct oci_val *raw, const struct oci_val **out, struct oci_err **err)
{
	struct oci_frame f = { .text = { raw->text, raw->len }, .origin = raw->origin };
	struct oci_frame *frame = t->frame;
	size_t pieces = t->pieces;
	bool native = t->native;
	const struct oci_node *body = NULL;

	if (bare_name(t, raw, out, err) < 0)
		return -1;
	if (*out)
		return 0;
	int rc = render_frame(t, &f, true, &body, err);

	if (rc == 0)
		rc = render_body(t, body, out, err);
	t->pieces = pieces;
	t->native = native;
	t->frame = frame;
	return rc;
}

static int render_items(struct oci_tmpl *t, const struct oci_val *raw, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	bool map = raw->kind == OCI_VAL_MAP;

	for (size_t i = 0; i < (map ? 2 * raw->len : raw->len); i++) {
		const struct oci_val *v = raw->items[i];

		/* Keys stay as they are written. */
		if (!(map && i % 2 == 0) && oci_tmpl_value(t, v, &v, err) < 0)
			return -1;
		oci_vals_add(&vs, v);
	}
	*out = map ? oci_val_map(&t->arena, &vs) : oci_val_list(&t->arena, &vs);
	((struct oci_val *)*out)->raw = false;
	return 0;
}

int oci_tmpl_value(struct oci_tmpl *t, const struct oci_val *raw, const struct oci_val **out, struct oci_err **err)
{
	struct oci_err *e = NULL;
	int rc;

	if (!raw->raw || raw->kind == OCI_VAL_UNDEF) {
		*out = raw;
		return 0;
	}
	if (t->depth == 0)
		t->placed = false;
	rc = oci_tmpl_down(t, &e);
	if (rc == 0) {
		rc = raw->kind == OCI_VAL_STR ? render_text(t, raw, out, &e) : render_items(t, raw, out, &e);
		t->depth--;
	}
	return rc < 0 ? oci_fail_with(err, &e) : 0;
}

int oci_tmpl_text(struct oci_tmpl *t, struct oci_slice text, const struct oci_origin *origin, struct oci_buf *out,
		  struct oci_err **err)
{
	struct oci_frame f = { .text = text, .origin = origin };
	struct oci_err *e = NULL;
	const struct oci_node *body = NULL;

	t->placed = false;
	int rc = render_frame(t, &f, false, &body, &e);

	if (rc == 0)
		rc = oci_render(t, body, out, &e);
	t->frame = NULL;
	return rc < 0 ? oci_fail_with(err, &e) : 0;
}
