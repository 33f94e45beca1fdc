#include "template/tmpl_int.h"

#include "template/call_int.h"
#include "template/literal.h"
#include "template/print.h"

#include <ctype.h>
#include <stdlib.h>

#undef oci_tmpl_use

struct var {
	bool busy, done;
	const struct oci_val *value;
};

struct oci_tmpl *oci_tmpl_new(const struct oci_tmpl_vars *vars)
{
	struct oci_tmpl *t = oci_calloc(1, sizeof(*t));

	t->vars = *vars;
	return t;
}

struct oci_arena *oci_tmpl_arena(struct oci_tmpl *t)
{
	return &t->arena;
}

void oci_tmpl_freep(struct oci_tmpl **pointer)
{
	struct oci_tmpl *t = *pointer;

	if (!t)
		return;
	for (size_t i = 0; i < t->spaces.n; i++) {
		oci_map_clear(t->spaces.v[i]);
		free(t->spaces.v[i]);
	}
	free(t->spaces.v);
	oci_map_clear(&t->cache);
	oci_strs_clear(&t->busy);
	oci_arena_clear(&t->arena);
	free(t);
	*pointer = NULL;
}

int oci_tmpl_spend(struct oci_tmpl *t, uint64_t steps, struct oci_err **err)
{
	t->steps += steps;
	if (t->steps > OCI_TMPL_STEPS)
		return oci_fail(err, OCI_BADINPUT, "gave up after %d steps of evaluation", OCI_TMPL_STEPS);
	if (t->arena.total > OCI_TMPL_MEMORY)
		return oci_fail(err, OCI_BADINPUT, "gave up: the values take more than %zu MiB", OCI_TMPL_MEMORY >> 20);
	return 0;
}

int oci_tmpl_step(struct oci_tmpl *t, struct oci_err **err)
{
	return oci_tmpl_spend(t, 1, err);
}

int oci_tmpl_room(struct oci_tmpl *t, uint64_t bytes, struct oci_err **err)
{
	if (bytes > OCI_TMPL_TEXT)
		return oci_fail(err, OCI_BADINPUT, "a value of more than %zu MiB", OCI_TMPL_TEXT >> 20);
	return oci_tmpl_spend(t, 1, err);
}

int oci_tmpl_down(struct oci_tmpl *t, struct oci_err **err)
{
	if (t->depth == OCI_TMPL_DEPTH)
		return oci_fail(err, OCI_BADINPUT, "nested too deep (more than %d levels of evaluation)",
				OCI_TMPL_DEPTH);
	t->depth++;
	return 0;
}

int oci_tmpl_use(struct oci_tmpl *t, const struct oci_val *v, struct oci_err **err)
{
	t->placed = v->raw;
	return oci_fail(err, OCI_NOTFOUND, "%s", v->text);
}

static int recursion(struct oci_tmpl *t, const char *name, struct oci_err **err)
{
	auto_buf struct oci_buf chain = { 0 };
	size_t i = 0;

	while (i < t->busy.n && !oci_streq(t->busy.v[i], name))
		i++;
	for (; i < t->busy.n; i++)
		oci_buf_addf(&chain, "%s -> ", t->busy.v[i]);
	return oci_fail(err, OCI_BADINPUT, "endless recursion between variables: %s%s", oci_buf_text(&chain), name);
}

/* Render what a variable holds. A value that needs an undefined name is undefined itself, so that default() can catch
 * it. */
static int render_var(struct oci_tmpl *t, const char *name, struct var *var, const struct oci_val *raw,
		      const struct oci_val **out, struct oci_err **err)
{
	struct oci_scope *scope = t->scope;
	struct oci_err *e = NULL;
	const struct oci_val *value = NULL;

	var->busy = true;
	oci_strs_add(&t->busy, name);
	t->scope = NULL;
	int rc = oci_tmpl_value(t, raw, &value, &e);

	t->scope = scope;
	free(t->busy.v[--t->busy.n]);
	var->busy = false;
	if (rc < 0 && oci_err_code(e) == OCI_NOTFOUND) {
		struct oci_val *undef = (struct oci_val *)oci_val_undef(&t->arena, "%s", oci_err_text(e));

		undef->raw = t->placed;
		t->placed = false;
		oci_err_free(e);
		value = undef;
		rc = 0;
	}
	if (rc < 0)
		return oci_fail_with(err, &e);
	*out = var->value = value;
	var->done = true;
	return 0;
}

/* *out is NULL when there is no such variable. */
int oci_tmpl_lookup(struct oci_tmpl *t, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct var *var = oci_map_get(&t->cache, name);
	const struct oci_val *raw = NULL;

	if (!var) {
		var = oci_arena_alloc(&t->arena, sizeof(*var));
		oci_map_add(&t->cache, name, var);
	}
	if (var->busy)
		return recursion(t, name, err);
	if (!var->done) {
		if (t->vars.find(t->vars.ctx, name, &raw, err) < 0)
			return -1;
		if (raw && raw->raw)
			return render_var(t, name, var, raw, out, err);
		var->value = raw;
		var->done = true;
	}
	*out = var->value;
	return 0;
}

bool oci_tmpl_has(struct oci_tmpl *t, const char *name)
{
	struct var *var = oci_map_get(&t->cache, name);
	const struct oci_val *raw = NULL;

	return var ? var->busy || var->value : t->vars.find(t->vars.ctx, name, &raw, NULL) == 0 && raw;
}

int oci_tmpl_name(struct oci_tmpl *t, struct oci_slice name, const struct oci_val **out, struct oci_err **err)
{
	for (struct oci_scope *s = t->scope; s; s = s->up)
		if ((*out = oci_map_get_n(&s->vars, name.p, name.len)))
			return 0;
	auto_free char *text = oci_slice_dup(name);

	if (oci_tmpl_lookup(t, text, out, err) < 0)
		return -1;
	if (!*out)
		*out = oci_global_find(t, text);
	if (!*out)
		*out = oci_val_undef(&t->arena, "'%s' is undefined", text);
	return 0;
}

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

int oci_tmpl_var(struct oci_tmpl *t, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct oci_err *e = NULL;
	const struct oci_val *v = NULL;

	t->placed = false;
	if (oci_tmpl_lookup(t, name, &v, &e) < 0)
		return oci_fail_with(err, &e);
	if (!v)
		return oci_fail(err, OCI_NOTFOUND, "'%s' is undefined", name);
	if (v->kind == OCI_VAL_UNDEF)
		return oci_fail(err, OCI_NOTFOUND, "%s", v->text);
	*out = v;
	return 0;
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
