#include "template/value.h"

#include "base/map.h"

#include <stdarg.h>
#include <stdlib.h>

const struct oci_val oci_val_none = { .kind = OCI_VAL_NONE };
const struct oci_val oci_val_true = { .kind = OCI_VAL_BOOL, .b = true };
const struct oci_val oci_val_false = { .kind = OCI_VAL_BOOL, .b = false };
const struct oci_val oci_val_empty = { .kind = OCI_VAL_STR, .text = "" };

static struct oci_val *val_new(struct oci_arena *a, enum oci_val_kind kind)
{
	struct oci_val *v = oci_arena_alloc(a, sizeof(*v));

	v->kind = kind;
	return v;
}

const struct oci_val *oci_val_bool(bool b)
{
	return b ? &oci_val_true : &oci_val_false;
}

const struct oci_val *oci_val_int(struct oci_arena *a, int64_t i)
{
	struct oci_val *v = val_new(a, OCI_VAL_INT);

	v->i = i;
	return v;
}

const struct oci_val *oci_val_float(struct oci_arena *a, double f)
{
	struct oci_val *v = val_new(a, OCI_VAL_FLOAT);

	v->f = f;
	return v;
}

const struct oci_val *oci_val_str(struct oci_arena *a, const char *text, size_t len)
{
	if (len == 0)
		return &oci_val_empty;
	struct oci_val *v = val_new(a, OCI_VAL_STR);

	v->text = oci_arena_strndup(a, text, len);
	v->len = len;
	return v;
}

const struct oci_val *oci_val_text(struct oci_arena *a, const char *text)
{
	return oci_val_str(a, text, strlen(text));
}

const struct oci_val *oci_val_undef(struct oci_arena *a, const char *fmt, ...)
{
	struct oci_val *v = val_new(a, OCI_VAL_UNDEF);
	va_list ap;

	va_start(ap, fmt);
	auto_free char *text = oci_vprintf(fmt, ap);

	va_end(ap);
	v->text = oci_arena_strndup(a, text, strlen(text));
	return v;
}

const struct oci_val *oci_val_func(struct oci_arena *a, const char *name, const struct oci_val *self)
{
	struct oci_val *v = val_new(a, OCI_VAL_FUNC);

	v->text = oci_arena_strndup(a, name, strlen(name));
	v->self = self;
	return v;
}

void oci_vals_add(struct oci_vals *vs, const struct oci_val *v)
{
	const struct oci_val **slot = oci_vec_grow((void **)&vs->v, &vs->n, &vs->cap, sizeof(*vs->v));

	*slot = v;
}

void oci_vals_set(struct oci_vals *pairs, const struct oci_val *key, const struct oci_val *value)
{
	for (size_t i = 0; i < pairs->n; i += 2) {
		if (oci_val_equal(pairs->v[i], key)) {
			pairs->v[i + 1] = value;
			return;
		}
	}
	oci_vals_add(pairs, key);
	oci_vals_add(pairs, value);
}

void oci_vals_clear(struct oci_vals *vs)
{
	free(vs->v);
	*vs = (struct oci_vals){ 0 };
}

static const struct oci_val *collection(struct oci_arena *a, enum oci_val_kind kind, const struct oci_vals *vs,
					size_t len)
{
	struct oci_val *v = val_new(a, kind);
	const struct oci_val **items = oci_arena_alloc(a, vs->n * sizeof(*items));

	for (size_t i = 0; i < vs->n; i++) {
		items[i] = vs->v[i];
		v->raw = v->raw || items[i]->raw;
		v->nest = items[i]->nest > v->nest ? items[i]->nest : v->nest;
	}
	v->items = items;
	v->len = len;
	v->nest++;
	return v;
}

const struct oci_val *oci_val_list(struct oci_arena *a, const struct oci_vals *vs)
{
	return collection(a, OCI_VAL_LIST, vs, vs->n);
}

const struct oci_val *oci_val_tuple(struct oci_arena *a, const struct oci_vals *vs)
{
	return collection(a, OCI_VAL_TUPLE, vs, vs->n);
}

const struct oci_val *oci_val_map(struct oci_arena *a, const struct oci_vals *pairs)
{
	return collection(a, OCI_VAL_MAP, pairs, pairs->n / 2);
}

bool oci_val_is_str(const struct oci_val *v, const char *text)
{
	return v->kind == OCI_VAL_STR && v->len == strlen(text) && memcmp(v->text, text, v->len) == 0;
}

int64_t oci_val_as_int(const struct oci_val *v)
{
	switch (v->kind) {
	case OCI_VAL_BOOL:
		return v->b;
	case OCI_VAL_INT:
		return v->i;
	case OCI_VAL_FLOAT:
		return v->f >= -9.2e18 && v->f <= 9.2e18 ? (int64_t)v->f : 0;
	default:
		return 0;
	}
}

double oci_val_as_float(const struct oci_val *v)
{
	return v->kind == OCI_VAL_FLOAT ? v->f : (double)oci_val_as_int(v);
}

bool oci_val_truth(const struct oci_val *v)
{
	switch (v->kind) {
	case OCI_VAL_UNDEF:
	case OCI_VAL_NONE:
		return false;
	case OCI_VAL_BOOL:
		return v->b;
	case OCI_VAL_INT:
		return v->i != 0;
	case OCI_VAL_FLOAT:
		return v->f != 0;
	case OCI_VAL_STR:
	case OCI_VAL_LIST:
	case OCI_VAL_TUPLE:
	case OCI_VAL_MAP:
		return v->len != 0;
	default:
		return true;
	}
}

static bool equal_items(const struct oci_val *a, const struct oci_val *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++)
		if (!oci_val_equal(a->items[i], b->items[i]))
			return false;
	return true;
}

static bool equal_maps(const struct oci_val *a, const struct oci_val *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++) {
		const struct oci_val *other = oci_val_get(b, a->items[2 * i]);

		if (!other || !oci_val_equal(a->items[2 * i + 1], other))
			return false;
	}
	return true;
}

bool oci_val_equal(const struct oci_val *a, const struct oci_val *b)
{
	if (a == b)
		return a->kind != OCI_VAL_FLOAT || a->f == a->f;
	if (oci_val_is_num(a) && oci_val_is_num(b)) {
		if (a->kind == OCI_VAL_FLOAT || b->kind == OCI_VAL_FLOAT)
			return oci_val_as_float(a) == oci_val_as_float(b);
		return oci_val_as_int(a) == oci_val_as_int(b);
	}
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case OCI_VAL_UNDEF:
	case OCI_VAL_NONE:
		return true;
	case OCI_VAL_STR:
		return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
	case OCI_VAL_LIST:
	case OCI_VAL_TUPLE:
		return equal_items(a, b);
	case OCI_VAL_MAP:
		return equal_maps(a, b);
	default:
		return false;
	}
}

static int compare_texts(const struct oci_val *a, const struct oci_val *b)
{
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int compare_items(const struct oci_val *a, const struct oci_val *b, int *order, struct oci_err **err)
{
	for (size_t i = 0; i < a->len && i < b->len; i++)
		if (!oci_val_equal(a->items[i], b->items[i]))
			return oci_val_compare(a->items[i], b->items[i], order, err);
	*order = (a->len > b->len) - (a->len < b->len);
	return 0;
}

int oci_val_compare(const struct oci_val *a, const struct oci_val *b, int *order, struct oci_err **err)
{
	if (oci_val_is_num(a) && oci_val_is_num(b)) {
		double x = oci_val_as_float(a), y = oci_val_as_float(b);

		*order = (x > y) - (x < y);
		if (a->kind != OCI_VAL_FLOAT && b->kind != OCI_VAL_FLOAT)
			*order = (oci_val_as_int(a) > oci_val_as_int(b)) - (oci_val_as_int(a) < oci_val_as_int(b));
		return 0;
	}
	if (a->kind == OCI_VAL_STR && b->kind == OCI_VAL_STR) {
		*order = compare_texts(a, b);
		return 0;
	}
	if (a->kind == b->kind && oci_val_is_seq(a))
		return compare_items(a, b, order, err);
	return oci_fail(err, OCI_BADINPUT, "'%s' and '%s' have no order", oci_val_type(a), oci_val_type(b));
}

const struct oci_val *oci_val_get(const struct oci_val *map, const struct oci_val *key)
{
	if (map->kind == OCI_VAL_SPACE)
		return key->kind == OCI_VAL_STR ? oci_map_get_n(map->space, key->text, key->len) : NULL;
	if (map->kind != OCI_VAL_MAP)
		return NULL;
	for (size_t i = 0; i < map->len; i++) {
		const struct oci_val *k = map->items[2 * i];

		if (k->kind == OCI_VAL_STR && key->kind == OCI_VAL_STR && k->len != key->len)
			continue;
		if (oci_val_equal(k, key))
			return map->items[2 * i + 1];
	}
	return NULL;
}

const struct oci_val *oci_val_member(const struct oci_val *map, const char *key)
{
	struct oci_val k = { .kind = OCI_VAL_STR, .text = key, .len = strlen(key) };

	return oci_val_get(map, &k);
}

const char *oci_val_type(const struct oci_val *v)
{
	static const char *const names[] = {
		[OCI_VAL_UNDEF] = "undefined", [OCI_VAL_NONE] = "NoneType", [OCI_VAL_BOOL] = "bool",
		[OCI_VAL_INT] = "int",	       [OCI_VAL_FLOAT] = "float",   [OCI_VAL_STR] = "str",
		[OCI_VAL_LIST] = "list",       [OCI_VAL_TUPLE] = "tuple",   [OCI_VAL_MAP] = "dict",
		[OCI_VAL_FUNC] = "function",   [OCI_VAL_VARS] = "hostvars", [OCI_VAL_SPACE] = "namespace",
	};

	return names[v->kind];
}
