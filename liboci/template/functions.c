#include "template/call_int.h"

#include <stdlib.h>

static const struct oci_val *keyword(const struct oci_call *c, const char *name)
{
	for (size_t i = 0; i < c->rest.n; i++)
		if (c->rest.names && oci_slice_eq(c->rest.names[i], name))
			return c->rest.v[i];
	return NULL;
}

static int look_env(const struct oci_call *c, const struct oci_val *name, const struct oci_val **out,
		    struct oci_err **err)
{
	const char *value = getenv(oci_text_of(c->t, name).p);
	const struct oci_val *absent = keyword(c, "default");

	(void)err;
	*out = value ? oci_val_text(&c->t->arena, value) : absent ? absent : &oci_val_empty;
	return 0;
}

static int look_vars(const struct oci_call *c, const struct oci_val *name, const struct oci_val **out,
		     struct oci_err **err)
{
	const char *text = oci_text_of(c->t, name).p;
	const struct oci_val *absent = keyword(c, "default");

	if (oci_tmpl_lookup(c->t, text, out, err) < 0)
		return -1;
	if (*out && (*out)->kind != OCI_VAL_UNDEF)
		return 0;
	if (absent)
		return *out = absent, 0;
	if (*out)
		return oci_tmpl_use(c->t, *out, err);
	return oci_fail(err, OCI_NOTFOUND, "No variable found with this name: %s", text);
}

/* lookup() joins the texts that its plugin found for several names; query() keeps the list. */
static int look_up(const struct oci_call *c, bool query, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice plugin = oci_text_of(c->t, c->args[0]);
	auto_vals struct oci_vals vs = { 0 };

	if (oci_slice_starts(plugin, "ansible.builtin."))
		plugin = (struct oci_slice){ plugin.p + 16, plugin.len - 16 };
	bool env = oci_slice_eq(plugin, "env");

	if (!env && !oci_slice_eq(plugin, "vars"))
		return oci_fail(err, OCI_UNSUPPORTED, "lookup('%.*s') is not supported", (int)plugin.len, plugin.p);
	for (size_t i = 0; i < c->rest.n; i++) {
		const struct oci_val *v = c->rest.v[i];

		if (c->rest.names && c->rest.names[i].len)
			continue;
		if (v->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(c->t, v, err);
		if ((env ? look_env : look_vars)(c, v, &v, err) < 0)
			return -1;
		oci_vals_add(&vs, v);
	}
	const struct oci_val *wantlist = keyword(c, "wantlist");
	bool texts = true;

	query = query || (wantlist && oci_val_truth(wantlist));
	if (!query && vs.n == 1)
		return *out = vs.v[0], 0;
	*out = oci_val_list(&c->t->arena, &vs);
	for (size_t i = 0; i < vs.n; i++)
		texts = texts && vs.v[i]->kind == OCI_VAL_STR;
	if (query || !texts)
		return 0;
	const struct oci_val *comma = oci_val_text(&c->t->arena, ",");

	return oci_call_filter(c->t, OCI_SLICE("join"), *out, &(struct oci_args){ &comma, NULL, 1 }, out, err);
}

static int g_lookup(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return look_up(c, false, out, err);
}

static int g_query(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return look_up(c, true, out, err);
}

static int g_range(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 };
	int64_t start, stop, step;

	if (oci_arg_int(c, 0, 0, &start, err) < 0 || oci_arg_int(c, 1, 0, &stop, err) < 0 ||
	    oci_arg_int(c, 2, 1, &step, err) < 0)
		return -1;
	if (!c->args[1]) {
		stop = start;
		start = 0;
	}
	if (step == 0)
		return oci_fail(err, OCI_BADINPUT, "range() arg 3 must not be zero");
	for (int64_t i = start; step > 0 ? i < stop : i > stop;) {
		if (oci_tmpl_step(c->t, err) < 0)
			return -1;
		oci_vals_add(&vs, oci_val_int(&c->t->arena, i));
		if (__builtin_add_overflow(i, step, &i))
			break;
	}
	return oci_give_list(c, &vs, out, err);
}

static int g_dict(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals pairs = { 0 };

	for (size_t i = 0; i < c->rest.n; i++) {
		struct oci_slice name = c->rest.names ? c->rest.names[i] : oci_slice("");
		const struct oci_val *v = c->rest.v[i];

		if (name.len) {
			oci_vals_set(&pairs, oci_val_str(&c->t->arena, name.p, name.len), v);
			continue;
		}
		for (size_t k = 0; v->kind == OCI_VAL_MAP && k < v->len; k++)
			oci_vals_set(&pairs, v->items[2 * k], v->items[2 * k + 1]);
		for (size_t k = 0; oci_val_is_seq(v) && k < v->len; k++) {
			if (!oci_val_is_seq(v->items[k]) || v->items[k]->len != 2)
				return oci_fail(err, OCI_BADINPUT, "dict() wants pairs");
			oci_vals_set(&pairs, v->items[k]->items[0], v->items[k]->items[1]);
		}
	}
	*out = oci_val_map(&c->t->arena, &pairs);
	oci_val_made(c->t, *out);
	return 0;
}

static int g_namespace(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *space = oci_arena_alloc(&c->t->arena, sizeof(*space));
	struct oci_map *map = oci_calloc(1, sizeof(*map));

	*oci_vec_push(&c->t->spaces) = map;
	*space = (struct oci_val){ .kind = OCI_VAL_SPACE, .space = map };
	for (size_t i = 0; i < c->rest.n; i++) {
		if (!c->rest.names || !c->rest.names[i].len)
			return oci_fail(err, OCI_UNSUPPORTED, "namespace() wants names: namespace(a=1)");
		*oci_map_at_n(map, c->rest.names[i].p, c->rest.names[i].len) = (void *)c->rest.v[i];
	}
	*out = space;
	return 0;
}

static int g_undef(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	*out = oci_val_undef(&c->t->arena, "%s",
			     c->args[0] ? oci_text_of(c->t, c->args[0]).p : "the value is undefined");
	return 0;
}

const struct oci_builtin oci_functions[] = {
	{ "lookup", g_lookup, "plugin *", 1, false },
	{ "query", g_query, "plugin *", 1, false },
	{ "q", g_query, "plugin *", 1, false },
	{ "range", g_range, "start stop step", 1, false },
	{ "dict", g_dict, "*", 0, false },
	{ "namespace", g_namespace, "*", 0, false },
	{ "undef", g_undef, "hint", 0, false },
	{ 0 },
};
