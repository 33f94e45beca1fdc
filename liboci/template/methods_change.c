/* Methods that change a list or a dictionary: {% set _ = names.append(x) %}. Only what the same template made may
 * change: values of variables are shared by all who read them. */
#include "template/call_int.h"

/* Levels that changes may add to values, all together: who walks through a value calls itself at each level. */
#define MAX_ADDED_LEVELS 5000

void oci_val_made(struct oci_tmpl *t, const struct oci_val *v)
{
	if (t->frame)
		((struct oci_val *)v)->made = t->frame->serial;
}

static int changeable(const struct oci_call *c, struct oci_val **out, struct oci_err **err)
{
	if (c->self->kind == OCI_VAL_TUPLE)
		return oci_fail(err, OCI_BADINPUT, "'tuple' object has no attribute '%s'", c->name);
	if (!c->t->frame || c->self->made != c->t->frame->serial)
		return oci_fail(
			err, OCI_UNSUPPORTED,
			"%s() would change a value that others read, too; change a copy: LIST + [] or dict(MAP)",
			c->name);
	*out = (struct oci_val *)c->self;
	return 0;
}

static bool holds(const struct oci_val *v, const struct oci_val *what)
{
	size_t n = v->kind == OCI_VAL_MAP ? 2 * v->len : oci_val_is_seq(v) ? v->len : 0;
	bool found = v == what;

	for (size_t i = 0; i < n && !found; i++)
		found = holds(v->items[i], what);
	return found;
}

/* Before v becomes part of `in`. */
static int admit(const struct oci_call *c, struct oci_val *in, const struct oci_val *v, struct oci_err **err)
{
	if (v->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(c->t, v, err);
	if (v->nest && holds(v, in))
		return oci_fail(err, OCI_UNSUPPORTED, "%s() would make a value a part of itself", c->name);
	c->t->added_levels += v->nest;
	if (c->t->added_levels > MAX_ADDED_LEVELS)
		return oci_fail(err, OCI_BADINPUT, "%s() nests values too deep", c->name);
	in->raw = in->raw || v->raw;
	in->nest = v->nest >= in->nest ? v->nest + 1 : in->nest;
	return oci_tmpl_spend(c->t, v->len / 16, err);
}

static size_t room_for(size_t n)
{
	size_t room = 4;

	while (room < n)
		room *= 2;
	return room;
}

/* The items as they may be written to, with place for n of them. */
static const struct oci_val **items_for(const struct oci_call *c, struct oci_val *v, size_t n)
{
	size_t had = v->kind == OCI_VAL_MAP ? 2 * v->len : v->len;

	if (!v->grown || n > room_for(had)) {
		const struct oci_val **items = oci_arena_alloc(&c->t->arena, room_for(n) * sizeof(*items));

		if (had)
			memcpy(items, v->items, had * sizeof(*items));
		v->items = items;
		v->grown = true;
	}
	return (const struct oci_val **)(uintptr_t)v->items;
}

static int insert(const struct oci_call *c, struct oci_val *list, size_t at, const struct oci_val *v,
		  struct oci_err **err)
{
	if (admit(c, list, v, err) < 0 || oci_tmpl_room(c->t, list->len * sizeof(v), err) < 0)
		return -1;
	const struct oci_val **items = items_for(c, list, list->len + 1);

	memmove(items + at + 1, items + at, (list->len - at) * sizeof(*items));
	items[at] = v;
	list->len++;
	return 0;
}

static void cut_out(const struct oci_call *c, struct oci_val *v, size_t at, size_t width)
{
	size_t n = v->len * width;
	const struct oci_val **items = items_for(c, v, n);

	memmove(items + at * width, items + (at + 1) * width, (n - (at + 1) * width) * sizeof(*items));
	v->len--;
}

static int l_append(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *list = NULL;

	*out = &oci_val_none;
	return changeable(c, &list, err) < 0 ? -1 : insert(c, list, list->len, c->args[0], err);
}

static int l_extend(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals more = { 0 };
	struct oci_val *list = NULL;

	*out = &oci_val_none;
	if (changeable(c, &list, err) < 0 || oci_iterate(c->t, c->args[0], &more, err) < 0)
		return -1;
	for (size_t i = 0; i < more.n; i++)
		if (insert(c, list, list->len, more.v[i], err) < 0)
			return -1;
	return 0;
}

/* An index that counts from the end when it is negative. */
static int index_of(const struct oci_call *c, int64_t absent, int64_t *at, struct oci_err **err)
{
	if (oci_arg_int(c, 0, absent, at, err) < 0)
		return -1;
	*at += *at < 0 ? (int64_t)c->self->len : 0;
	return 0;
}

static int l_insert(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *list = NULL;
	int64_t at;

	*out = &oci_val_none;
	if (changeable(c, &list, err) < 0 || index_of(c, 0, &at, err) < 0)
		return -1;
	at = at < 0 ? 0 : at;
	return insert(c, list, (size_t)at < list->len ? (size_t)at : list->len, c->args[1], err);
}

static int l_pop(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *list = NULL;
	int64_t at;

	if (changeable(c, &list, err) < 0 || index_of(c, -1, &at, err) < 0)
		return -1;
	if (at < 0 || (size_t)at >= list->len)
		return oci_fail(err, OCI_BADINPUT, list->len ? "pop index out of range" : "pop from empty list");
	*out = list->items[at];
	cut_out(c, list, (size_t)at, 1);
	return 0;
}

static int l_remove(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *list = NULL;

	*out = &oci_val_none;
	if (changeable(c, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list->len; i++) {
		if (oci_val_equal(list->items[i], c->args[0])) {
			cut_out(c, list, i, 1);
			return 0;
		}
	}
	return oci_fail(err, OCI_BADINPUT, "list.remove(x): x not in list");
}

/* What the filter of that name makes of it, in its own place. */
static int become(const struct oci_call *c, const char *filter, const struct oci_args *args, struct oci_err **err)
{
	const struct oci_val *made;
	struct oci_val *list = NULL;

	if (changeable(c, &list, err) < 0 || oci_call_filter(c->t, oci_slice(filter), list, args, &made, err) < 0)
		return -1;
	list->items = made->items;
	list->grown = false;
	return 0;
}

static int l_reverse(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	*out = &oci_val_none;
	return become(c, "reverse", &(struct oci_args){ 0 }, err);
}

static int l_sort(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_val *how[] = { oci_val_bool(oci_arg_truth(c, 0, false)), &oci_val_true };

	*out = &oci_val_none;
	return become(c, "sort", &(struct oci_args){ how, NULL, 2 }, err);
}

static int m_clear(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *v = NULL;

	*out = &oci_val_none;
	if (changeable(c, &v, err) < 0)
		return -1;
	v->len = 0;
	return 0;
}

static int m_copy(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *copy = oci_arena_alloc(&c->t->arena, sizeof(*copy));

	(void)err;
	*copy = *c->self;
	copy->grown = false; /* its items are the other's */
	if (((struct oci_val *)c->self)->made)
		((struct oci_val *)c->self)->grown = false;
	oci_val_made(c->t, copy);
	*out = copy;
	return 0;
}

static int put(const struct oci_call *c, struct oci_val *map, const struct oci_val *key, const struct oci_val *v,
	       struct oci_err **err)
{
	if (key->kind == OCI_VAL_LIST || key->kind == OCI_VAL_MAP)
		return oci_fail(err, OCI_BADINPUT, "a '%s' cannot be a key", oci_val_type(key));
	if (admit(c, map, v, err) < 0 || oci_tmpl_spend(c->t, map->len / 16, err) < 0 ||
	    oci_tmpl_room(c->t, map->len * 2 * sizeof(v), err) < 0)
		return -1;
	const struct oci_val **items = items_for(c, map, 2 * map->len + 2);
	size_t i = 0;

	while (i < map->len && !oci_val_equal(items[2 * i], key))
		i++;
	if (i == map->len) {
		items[2 * i] = key;
		map->len++;
	}
	items[2 * i + 1] = v;
	return 0;
}

static int m_update(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	const struct oci_builtin *dict = NULL;
	const struct oci_val *more;
	struct oci_val *map = NULL;

	*out = &oci_val_none;
	for (const struct oci_builtin *b = oci_functions; b->name; b++)
		dict = oci_streq(b->name, "dict") ? b : dict;
	if (changeable(c, &map, err) < 0 || oci_call_builtin(c->t, dict, NULL, &c->rest, &more, err) < 0)
		return -1;
	for (size_t i = 0; i < more->len; i++)
		if (put(c, map, more->items[2 * i], more->items[2 * i + 1], err) < 0)
			return -1;
	return 0;
}

static int m_setdefault(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *map = NULL;

	if (changeable(c, &map, err) < 0)
		return -1;
	*out = oci_val_get(map, c->args[0]);
	if (*out)
		return 0;
	*out = c->args[1] ? c->args[1] : &oci_val_none;
	return put(c, map, c->args[0], *out, err);
}

static int m_pop(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_val *map = NULL;

	if (changeable(c, &map, err) < 0)
		return -1;
	for (size_t i = 0; i < map->len; i++) {
		if (oci_val_equal(map->items[2 * i], c->args[0])) {
			*out = map->items[2 * i + 1];
			cut_out(c, map, i, 2);
			return 0;
		}
	}
	if (!c->args[1])
		return oci_fail(err, OCI_BADINPUT, "pop(): no such key");
	*out = c->args[1];
	return 0;
}

const struct oci_builtin oci_methods_list_change[] = {
	{ "append", l_append, "value", 1, false },
	{ "extend", l_extend, "iterable", 1, false },
	{ "insert", l_insert, "index value", 2, false },
	{ "pop", l_pop, "index", 0, false },
	{ "remove", l_remove, "value", 1, false },
	{ "reverse", l_reverse, "", 0, false },
	{ "sort", l_sort, "reverse", 0, false },
	{ "clear", m_clear, "", 0, false },
	{ "copy", m_copy, "", 0, false },
	{ 0 },
};

const struct oci_builtin oci_methods_map_change[] = {
	{ "update", m_update, "*", 0, false },	   { "setdefault", m_setdefault, "key default", 1, false },
	{ "pop", m_pop, "key default", 1, false }, { "clear", m_clear, "", 0, false },
	{ "copy", m_copy, "", 0, false },	   { 0 },
};
