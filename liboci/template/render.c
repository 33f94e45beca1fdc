#include "template/call_int.h"
#include "template/print.h"

static int render_node(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err);

/* {{ }} prints None as nothing, and refuses what is undefined. */
int oci_render_finish(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val **out, struct oci_err **err)
{
	size_t n = v->kind == OCI_VAL_MAP ? 2 * v->len : v->len;
	const struct oci_val *item;

	if (v->kind == OCI_VAL_UNDEF && !v->lenient)
		return oci_tmpl_use(t, v, err);
	if (v->kind == OCI_VAL_FUNC)
		return oci_fail(err, OCI_BADINPUT, "%s is a function: a call has parentheses", v->text);
	for (size_t i = 0; (oci_val_is_seq(v) || v->kind == OCI_VAL_MAP) && i < n; i++)
		if (oci_render_finish(t, v->items[i], &item, err) < 0)
			return -1;
	*out = v->kind == OCI_VAL_NONE || v->kind == OCI_VAL_UNDEF ? &oci_val_empty : v;
	return 0;
}

static void scope_push(struct oci_tmpl *t, struct oci_scope *s)
{
	s->up = t->scope;
	t->scope = s;
}

static void scope_pop(struct oci_tmpl *t)
{
	struct oci_scope *s = t->scope;

	t->scope = s->up;
	oci_map_clear(&s->vars);
}

static int assign_tuple(struct oci_tmpl *t, struct oci_scope *s, const struct oci_node *target, const struct oci_val *v,
			struct oci_err **err);

static int assign_space(struct oci_tmpl *t, const struct oci_node *target, const struct oci_val *v,
			struct oci_err **err)
{
	const struct oci_val *space;

	if (oci_eval(t, target->kids[0], &space, err) < 0)
		return -1;
	if (space->kind != OCI_VAL_SPACE)
		return oci_fail(err, OCI_BADINPUT, "cannot assign attribute on non-namespace object");
	*oci_map_at_n(space->space, target->name.p, target->name.len) = (void *)v;
	return 0;
}

static int assign(struct oci_tmpl *t, struct oci_scope *s, const struct oci_node *target, const struct oci_val *v,
		  struct oci_err **err)
{
	if (target->kind == OCI_NODE_ATTR)
		return assign_space(t, target, v, err);
	if (target->kind == OCI_NODE_TUPLE)
		return assign_tuple(t, s, target, v, err);
	*oci_map_at_n(&s->vars, target->name.p, target->name.len) = (void *)v;
	return 0;
}

static int assign_tuple(struct oci_tmpl *t, struct oci_scope *s, const struct oci_node *target, const struct oci_val *v,
			struct oci_err **err)
{
	auto_vals struct oci_vals items = { 0 };

	if (oci_iterate(t, v, &items, err) < 0)
		return -1;
	if (items.n != target->n)
		return oci_fail(err, OCI_BADINPUT, "%zu values for %zu names", items.n, target->n);
	for (size_t i = 0; i < items.n; i++)
		if (assign(t, s, target->kids[i], items.v[i], err) < 0)
			return -1;
	return 0;
}

static int render_print(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	const struct oci_val *v;

	t->frame->mark = n->mark;
	if (oci_eval(t, n->kids[0], &v, err) < 0)
		return -1;
	if (oci_render_finish(t, v, &v, err) < 0)
		return oci_tmpl_place(t, n->kids[0]->at, err);
	t->pieces++;
	t->native = v->native;
	oci_val_print(v, out);
	return oci_tmpl_room(t, out->len, err);
}

static int render_if(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	bool holds;

	t->frame->mark = n->mark;
	if (oci_eval_truth(t, n->kids[0], &holds, err) < 0)
		return -1;
	const struct oci_node *body = n->kids[holds ? 1 : 2];

	return body ? render_node(t, body, out, err) : 0;
}

/* The variable `loop` in a {% for %}. */
static const struct oci_val *loop_value(struct oci_tmpl *t, const struct oci_vals *items, size_t i)
{
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{ "index", (int64_t)i + 1 },
		{ "index0", (int64_t)i },
		{ "length", (int64_t)items->n },
		{ "revindex", (int64_t)(items->n - i) },
		{ "revindex0", (int64_t)(items->n - i) - 1 },
		{ "depth", 1 },
		{ "depth0", 0 },
	};
	auto_vals struct oci_vals pairs = { 0 };

	for (size_t k = 0; k < OCI_COUNT(numbers); k++) {
		oci_vals_add(&pairs, oci_val_text(&t->arena, numbers[k].name));
		oci_vals_add(&pairs, oci_val_int(&t->arena, numbers[k].value));
	}
	oci_vals_add(&pairs, oci_val_text(&t->arena, "cycle"));
	oci_vals_add(&pairs, oci_val_func(&t->arena, "cycle", oci_val_int(&t->arena, (int64_t)i)));
	oci_vals_add(&pairs, oci_val_text(&t->arena, "first"));
	oci_vals_add(&pairs, oci_val_bool(i == 0));
	oci_vals_add(&pairs, oci_val_text(&t->arena, "last"));
	oci_vals_add(&pairs, oci_val_bool(i + 1 == items->n));
	oci_vals_add(&pairs, oci_val_text(&t->arena, "previtem"));
	oci_vals_add(&pairs, i ? items->v[i - 1] : oci_val_undef(&t->arena, "there is no previous item"));
	oci_vals_add(&pairs, oci_val_text(&t->arena, "nextitem"));
	oci_vals_add(&pairs, i + 1 < items->n ? items->v[i + 1] : oci_val_undef(&t->arena, "there is no next item"));
	return oci_val_map(&t->arena, &pairs);
}

/* The items for which the loop's own "if" holds. */
static int filter_items(struct oci_tmpl *t, const struct oci_node *n, struct oci_vals *items, struct oci_err **err)
{
	size_t kept = 0;

	for (size_t i = 0; n->kids[2] && i < items->n; i++) {
		struct oci_scope s = { 0 };
		bool holds = false;

		scope_push(t, &s);
		int rc = assign(t, &s, n->kids[0], items->v[i], err);

		if (rc == 0)
			rc = oci_eval_truth(t, n->kids[2], &holds, err);
		scope_pop(t);
		if (rc < 0)
			return -1;
		if (holds)
			items->v[kept++] = items->v[i];
	}
	items->n = n->kids[2] ? kept : items->n;
	return 0;
}

static int render_for(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	auto_vals struct oci_vals items = { 0 };
	const struct oci_val *list;

	t->frame->mark = n->mark;
	if (oci_eval(t, n->kids[1], &list, err) < 0)
		return -1;
	if (oci_iterate(t, list, &items, err) < 0)
		return oci_tmpl_place(t, n->kids[1]->at, err);
	if (filter_items(t, n, &items, err) < 0)
		return -1;
	for (size_t i = 0; i < items.n; i++) {
		struct oci_scope s = { 0 };

		scope_push(t, &s);
		*oci_map_at(&s.vars, "loop") = (void *)loop_value(t, &items, i);
		int rc = assign(t, &s, n->kids[0], items.v[i], err);

		if (rc == 0)
			rc = render_node(t, n->kids[3], out, err);
		scope_pop(t);
		if (rc < 0)
			return oci_tmpl_place(t, n->kids[0]->at, err);
	}
	return items.n == 0 && n->kids[4] ? render_node(t, n->kids[4], out, err) : 0;
}

static int render_set(struct oci_tmpl *t, const struct oci_node *n, struct oci_err **err)
{
	const struct oci_val *v;

	t->frame->mark = n->mark;
	if (oci_eval(t, n->kids[1], &v, err) < 0)
		return -1;
	return assign(t, t->scope, n->kids[0], v, err) < 0 ? oci_tmpl_place(t, n->at, err) : 0;
}

/* The body as a text in a scope of its own, sent through the filter when there is one. */
static int capture(struct oci_tmpl *t, const struct oci_node *body, const struct oci_node *filter,
		   const struct oci_val **out, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_scope s = { 0 };

	size_t pieces = t->pieces;

	scope_push(t, &s);
	int rc = render_node(t, body, &text, err);

	scope_pop(t);
	t->pieces = pieces;
	if (rc < 0)
		return -1;
	*out = oci_val_str(&t->arena, oci_buf_text(&text), text.len);
	if (!filter)
		return 0;
	/* The innermost filter of the chain takes the text. */
	const struct oci_node *first = filter;

	while (first->kids[0])
		first = first->kids[0];
	((struct oci_node *)first)->value = *out;
	return oci_eval(t, filter, out, err);
}

static int render_capture(struct oci_tmpl *t, const struct oci_node *n, struct oci_err **err)
{
	const struct oci_val *v;

	t->frame->mark = n->mark;
	return capture(t, n->kids[1], n->kids[2], &v, err) < 0 ? -1 : assign(t, t->scope, n->kids[0], v, err);
}

static int render_apply(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	const struct oci_val *v;

	t->frame->mark = n->mark;
	if (capture(t, n->kids[1], n->kids[0], &v, err) < 0)
		return -1;
	t->pieces++;
	t->native = false;
	oci_val_print(v, out);
	return 0;
}

static int render_with(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	struct oci_scope s = { 0 };
	int rc = 0;

	t->frame->mark = n->mark;
	for (size_t i = 0; rc == 0 && i + 1 < n->n; i += 2) {
		const struct oci_val *v;

		rc = oci_eval(t, n->kids[i + 1], &v, err);
		if (rc == 0)
			rc = assign(t, &s, n->kids[i], v, err);
	}
	scope_push(t, &s);
	if (rc == 0)
		rc = render_node(t, n->kids[n->n - 1], out, err);
	scope_pop(t);
	return rc;
}

static int render_kids(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	for (size_t i = 0; i < n->n; i++)
		if (render_node(t, n->kids[i], out, err) < 0)
			return -1;
	return 0;
}

static int render_kind(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	switch (n->kind) {
	case OCI_NODE_BODY:
		return render_kids(t, n, out, err);
	case OCI_NODE_TEXT:
		t->pieces++;
		t->native = false;
		oci_buf_add(out, n->name.p, n->name.len);
		return oci_tmpl_room(t, out->len, err);
	case OCI_NODE_PRINT:
		return render_print(t, n, out, err);
	case OCI_NODE_IF:
		return render_if(t, n, out, err);
	case OCI_NODE_FOR:
		return render_for(t, n, out, err);
	case OCI_NODE_SET:
		return render_set(t, n, err);
	case OCI_NODE_CAPTURE:
		return render_capture(t, n, err);
	case OCI_NODE_WITH:
		return render_with(t, n, out, err);
	default:
		return render_apply(t, n, out, err);
	}
}

static int render_node(struct oci_tmpl *t, const struct oci_node *n, struct oci_buf *out, struct oci_err **err)
{
	int rc = oci_tmpl_step(t, err) < 0 || oci_tmpl_down(t, err) < 0 ? -1 : 0;

	if (rc == 0) {
		rc = render_kind(t, n, out, err);
		t->depth--;
	}
	return rc < 0 ? oci_tmpl_place(t, n->at, err) : 0;
}

int oci_render(struct oci_tmpl *t, const struct oci_node *body, struct oci_buf *out, struct oci_err **err)
{
	struct oci_scope s = { 0 };

	scope_push(t, &s);
	int rc = render_node(t, body, out, err);

	scope_pop(t);
	return rc;
}
