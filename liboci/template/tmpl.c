#include "template/tmpl_int.h"

#include "template/call_int.h"

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
