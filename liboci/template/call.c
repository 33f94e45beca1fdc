#include "template/call_int.h"

#include "template/print.h"

#include <string.h>

static const struct oci_builtin *find_in(const struct oci_builtin *const *tables, size_t n, struct oci_slice name)
{
	for (size_t i = 0; i < n; i++)
		for (const struct oci_builtin *b = tables[i]; b->name; b++)
			if (oci_slice_eq(name, b->name))
				return b;
	return NULL;
}

const struct oci_builtin *oci_filter_find(struct oci_slice name)
{
	static const struct oci_builtin *const tables[] = { oci_filters_text,	oci_filters_case, oci_filters_list,
							    oci_filters_set,	oci_filters_pick, oci_filters_map,
							    oci_filters_number, oci_filters_data, oci_filters_regex,
							    oci_filters_url,	oci_filters_hash };

	return find_in(tables, OCI_COUNT(tables), name);
}

const struct oci_builtin *oci_test_find(struct oci_slice name)
{
	static const struct oci_builtin *const tables[] = { oci_tests_kind, oci_tests_case, oci_tests_value };

	return find_in(tables, OCI_COUNT(tables), name);
}

const struct oci_builtin *oci_method_find(const struct oci_val *on, const char *name)
{
	static const struct oci_builtin *const str[] = { oci_methods_str, oci_methods_case, oci_methods_split };
	static const struct oci_builtin *const list[] = { oci_methods_list, oci_methods_list_change };
	static const struct oci_builtin *const map[] = { oci_methods_map, oci_methods_map_change };

	if (on->kind == OCI_VAL_STR)
		return find_in(str, OCI_COUNT(str), oci_slice(name));
	if (on->kind == OCI_VAL_INT)
		return find_in(&(const struct oci_builtin *){ oci_methods_int }, 1, oci_slice(name));
	if (oci_val_is_seq(on))
		return find_in(list, OCI_COUNT(list), oci_slice(name));
	return on->kind == OCI_VAL_MAP ? find_in(map, OCI_COUNT(map), oci_slice(name)) : NULL;
}

const struct oci_val *oci_global_find(struct oci_tmpl *t, const char *name)
{
	for (const struct oci_builtin *b = oci_functions; b->name; b++)
		if (oci_streq(b->name, name))
			return oci_val_func(&t->arena, name, NULL);
	return NULL;
}

/* Take the next word of params; false at the end and at "*". */
static bool next_param(struct oci_slice *params, struct oci_slice *word)
{
	return oci_slice_word(params, word) && !oci_slice_eq(*word, "*");
}

static int param_index(const struct oci_builtin *b, struct oci_slice name)
{
	struct oci_slice params = oci_slice(b->params), word;

	for (int i = 0; next_param(&params, &word); i++)
		if (oci_slice_same(word, name))
			return i;
	return -1;
}

static size_t count_params(const struct oci_builtin *b, bool *rest)
{
	struct oci_slice params = oci_slice(b->params), word;
	size_t n = 0;

	while (next_param(&params, &word))
		n++;
	*rest = strchr(b->params, '*') != NULL;
	return n;
}

static int bind_one(struct oci_call *c, const struct oci_builtin *b, const struct oci_args *args, size_t i,
		    size_t n_params, struct oci_err **err)
{
	bool named = args->names && args->names[i].len;
	int at = named ? param_index(b, args->names[i]) : (int)i;

	if (at < 0)
		return oci_fail(err, OCI_UNSUPPORTED, "%s() has no argument '%.*s'", b->name, (int)args->names[i].len,
				args->names[i].p);
	if ((size_t)at >= n_params)
		return oci_fail(err, OCI_BADINPUT, "%s() takes at most %zu arguments", b->name, n_params);
	if (c->args[at])
		return oci_fail(err, OCI_BADINPUT, "%s() gets an argument twice", b->name);
	c->args[at] = args->v[i];
	return 0;
}

static int bind(struct oci_call *c, const struct oci_builtin *b, const struct oci_args *args, struct oci_err **err)
{
	bool rest;
	size_t n_params = count_params(b, &rest), i;

	for (i = 0; i < args->n; i++) {
		bool named = args->names && args->names[i].len;

		if (rest && (i >= n_params || (named && param_index(b, args->names[i]) < 0)))
			break;
		if (bind_one(c, b, args, i, n_params, err) < 0)
			return -1;
	}
	c->rest = (struct oci_args){ i ? args->v + i : args->v, args->names ? args->names + i : NULL, args->n - i };
	for (i = 0; i < b->need; i++)
		if (!c->args[i])
			return oci_fail(err, OCI_BADINPUT, "%s() needs %u argument%s", b->name, b->need,
					b->need == 1 ? "" : "s");
	return 0;
}

static int refuse_undef(struct oci_tmpl *t, const struct oci_val *self, const struct oci_args *args,
			struct oci_err **err)
{
	if (self && self->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(t, self, err);
	for (size_t i = 0; i < args->n; i++)
		if (args->v[i]->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(t, args->v[i], err);
	return 0;
}

int oci_call_builtin(struct oci_tmpl *t, const struct oci_builtin *b, const struct oci_val *self,
		     const struct oci_args *args, const struct oci_val **out, struct oci_err **err)
{
	struct oci_call c = { .t = t, .name = b->name, .self = self };

	if (!b->undef && refuse_undef(t, self, args, err) < 0)
		return -1;
	if (bind(&c, b, args, err) < 0 || oci_tmpl_step(t, err) < 0)
		return -1;
	return b->fn(&c, out, err);
}

int oci_call_filter(struct oci_tmpl *t, struct oci_slice name, const struct oci_val *self, const struct oci_args *args,
		    const struct oci_val **out, struct oci_err **err)
{
	const struct oci_builtin *b = oci_filter_find(name);

	if (!b)
		return oci_fail(err, OCI_UNSUPPORTED, "no filter named '%.*s'", (int)name.len, name.p);
	return oci_call_builtin(t, b, self, args, out, err);
}

int oci_call_test(struct oci_tmpl *t, struct oci_slice name, const struct oci_val *self, const struct oci_args *args,
		  bool *out, struct oci_err **err)
{
	const struct oci_builtin *b = oci_test_find(name);
	const struct oci_val *v;

	if (!b)
		return oci_fail(err, OCI_UNSUPPORTED, "no test named '%.*s'", (int)name.len, name.p);
	if (oci_call_builtin(t, b, self, args, &v, err) < 0)
		return -1;
	*out = oci_val_truth(v);
	return 0;
}

int oci_call_func(struct oci_tmpl *t, const struct oci_val *func, const struct oci_args *args,
		  const struct oci_val **out, struct oci_err **err)
{
	const struct oci_builtin *b;

	if (func->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(t, func, err);
	if (func->kind != OCI_VAL_FUNC)
		return oci_fail(err, OCI_BADINPUT, "'%s' object is not callable", oci_val_type(func));
	if (func->self)
		b = oci_method_find(func->self, func->text);
	else
		b = find_in(&(const struct oci_builtin *){ oci_functions }, 1, oci_slice(func->text));
	if (!b)
		return oci_fail(err, OCI_UNSUPPORTED, "%s() is not supported", func->text);
	return oci_call_builtin(t, b, func->self, args, out, err);
}

bool oci_arg_truth(const struct oci_call *c, size_t i, bool absent)
{
	return c->args[i] ? oci_val_truth(c->args[i]) : absent;
}

int oci_arg_int(const struct oci_call *c, size_t i, int64_t absent, int64_t *out, struct oci_err **err)
{
	const struct oci_val *v = c->args[i];

	*out = absent;
	if (!v || v->kind == OCI_VAL_NONE)
		return 0;
	if (v->kind != OCI_VAL_INT && v->kind != OCI_VAL_BOOL)
		return oci_fail(err, OCI_BADINPUT, "%s() wants a whole number, not '%s'", c->name, oci_val_type(v));
	*out = oci_val_as_int(v);
	return 0;
}

int oci_arg_text(const struct oci_call *c, size_t i, const char *absent, struct oci_slice *out, struct oci_err **err)
{
	const struct oci_val *v = c->args[i];

	*out = oci_slice(absent);
	if (!v || (v->kind == OCI_VAL_NONE && !absent))
		return 0;
	if (v->kind != OCI_VAL_STR)
		return oci_fail(err, OCI_BADINPUT, "%s() wants a text, not '%s'", c->name, oci_val_type(v));
	*out = (struct oci_slice){ v->text, v->len };
	return 0;
}

struct oci_slice oci_text_of(struct oci_tmpl *t, const struct oci_val *v)
{
	auto_buf struct oci_buf b = { 0 };

	if (v->kind == OCI_VAL_STR)
		return (struct oci_slice){ v->text, v->len };
	oci_val_print(v, &b);
	return (struct oci_slice){ oci_arena_strndup(&t->arena, oci_buf_text(&b), b.len), b.len };
}

int oci_give(const struct oci_call *c, const struct oci_buf *b, const struct oci_val **out, struct oci_err **err)
{
	if (oci_tmpl_room(c->t, b->len, err) < 0)
		return -1;
	*out = oci_val_str(&c->t->arena, oci_buf_text(b), b->len);
	return 0;
}

int oci_give_native(const struct oci_call *c, struct oci_slice text, const struct oci_val **out)
{
	struct oci_val *v = oci_arena_alloc(&c->t->arena, sizeof(*v));

	*v = *oci_val_str(&c->t->arena, text.p, text.len);
	v->native = true;
	*out = v;
	return 0;
}

int oci_give_list(const struct oci_call *c, const struct oci_vals *vs, const struct oci_val **out, struct oci_err **err)
{
	if (oci_tmpl_room(c->t, vs->n * sizeof(*vs->v), err) < 0)
		return -1;
	*out = oci_val_list(&c->t->arena, vs);
	oci_val_made(c->t, *out);
	return 0;
}
