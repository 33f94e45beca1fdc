#include "template/call_int.h"
#include "template/print.h"
#include "base/utf8.h"

/* "'dict object' has no attribute 'x'", as people know it from Ansible. */
static const struct oci_val *missing(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *key)
{
	auto_buf struct oci_buf name = { 0 };

	oci_val_repr(key, &name);
	if (key->kind == OCI_VAL_STR)
		return oci_val_undef(&t->arena, "'%s object' has no attribute %s", oci_val_type(v),
				     oci_buf_text(&name));
	return oci_val_undef(&t->arena, "%s object has no element %s", oci_val_type(v), oci_buf_text(&name));
}

static const struct oci_val *method_of(struct oci_tmpl *t, const struct oci_val *v, const char *name)
{
	return oci_method_find(v, name) ? oci_val_func(&t->arena, name, v) : NULL;
}

static const struct oci_val *named_item(const struct oci_val *v, const struct oci_val *key)
{
	if (v->group && oci_val_is_str(key, "grouper"))
		return v->items[0];
	return v->group && oci_val_is_str(key, "list") ? v->items[1] : NULL;
}

static int variable_of(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *key,
		       const struct oci_val **out, struct oci_err **err)
{
	*out = NULL;
	if (key->kind == OCI_VAL_STR && oci_tmpl_lookup(t, key->text, out, err) < 0)
		return -1;
	if (!*out)
		*out = missing(t, v, key);
	return 0;
}

int oci_get_attr(struct oci_tmpl *t, const struct oci_val *v, struct oci_slice name, const struct oci_val **out,
		 struct oci_err **err)
{
	const struct oci_val *key = oci_val_str(&t->arena, name.p, name.len);

	if (v->kind == OCI_VAL_UNDEF) {
		*out = v;
		return v->lenient ? oci_tmpl_use(t, v, err) : 0;
	}
	if (oci_tmpl_spend(t, v->kind == OCI_VAL_MAP ? v->len / 16 : 0, err) < 0)
		return -1;
	if (v->kind == OCI_VAL_VARS)
		return variable_of(t, v, key, out, err);
	*out = named_item(v, key);
	if (!*out)
		*out = method_of(t, v, key->text);
	if (!*out)
		*out = oci_val_get(v, key);
	if (!*out)
		*out = missing(t, v, key);
	return 0;
}

/* An index from the end counts backwards; false when it is outside. */
static bool index_of(const struct oci_val *key, size_t len, size_t *out)
{
	int64_t i = oci_val_as_int(key);

	if (i < 0)
		i += (int64_t)len;
	*out = (size_t)i;
	return i >= 0 && (size_t)i < len;
}

static const struct oci_val *item_of_run(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *key)
{
	size_t i;

	if (key->kind != OCI_VAL_INT && key->kind != OCI_VAL_BOOL)
		return NULL;
	if (v->kind != OCI_VAL_STR)
		return index_of(key, v->len, &i) ? v->items[i] : NULL;
	if (!index_of(key, oci_utf8_len(v->text, v->len), &i))
		return NULL;
	size_t from = oci_utf8_at(v->text, v->len, i), to = oci_utf8_at(v->text, v->len, i + 1);

	return oci_val_str(&t->arena, v->text + from, to - from);
}

int oci_get_item(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *key, const struct oci_val **out,
		 struct oci_err **err)
{
	*out = v;
	if (v->kind == OCI_VAL_UNDEF)
		return v->lenient ? oci_tmpl_use(t, v, err) : 0;
	if (key->kind == OCI_VAL_UNDEF)
		return oci_tmpl_use(t, key, err);
	if (oci_tmpl_spend(t, v->len / 16, err) < 0)
		return -1;
	if (v->kind == OCI_VAL_VARS)
		return variable_of(t, v, key, out, err);
	if (v->kind == OCI_VAL_STR || oci_val_is_seq(v))
		*out = item_of_run(t, v, key);
	else
		*out = oci_val_get(v, key);
	if (!*out && key->kind == OCI_VAL_STR)
		*out = named_item(v, key);
	if (!*out && key->kind == OCI_VAL_STR)
		*out = method_of(t, v, key->text);
	if (!*out)
		*out = missing(t, v, key);
	return 0;
}

static int slice_bound(const struct oci_val *v, int64_t absent, int64_t *out, struct oci_err **err)
{
	*out = absent;
	if (v->kind == OCI_VAL_NONE)
		return 0;
	if (v->kind != OCI_VAL_INT && v->kind != OCI_VAL_BOOL)
		return oci_fail(err, OCI_BADINPUT, "slice indices must be integers, not '%s'", oci_val_type(v));
	*out = oci_val_as_int(v);
	return 0;
}

static int64_t clamp(int64_t i, int64_t len, bool forward)
{
	int64_t low = forward ? 0 : -1, high = forward ? len : len - 1;

	i += i < 0 ? len : 0;
	return i < low ? low : i > high ? high : i;
}

static int slice_bounds(const struct oci_val *const parts[3], int64_t len, int64_t bounds[3], struct oci_err **err)
{
	if (slice_bound(parts[2], 1, &bounds[2], err) < 0)
		return -1;
	bool forward = bounds[2] > 0;

	if (bounds[2] == 0 || bounds[2] == INT64_MIN)
		return oci_fail(err, OCI_BADINPUT, "slice step cannot be zero");
	if (slice_bound(parts[0], forward ? 0 : INT64_MAX, &bounds[0], err) < 0 ||
	    slice_bound(parts[1], forward ? INT64_MAX : INT64_MIN, &bounds[1], err) < 0)
		return -1;
	bounds[0] = clamp(bounds[0], len, forward);
	bounds[1] = clamp(bounds[1], len, forward);
	return 0;
}

int oci_get_slice(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *const parts[3],
		  const struct oci_val **out, struct oci_err **err)
{
	auto_vals struct oci_vals vs = { 0 }, items = { 0 };
	auto_buf struct oci_buf text = { 0 };
	int64_t b[3] = { 0 };

	*out = v;
	if (v->kind == OCI_VAL_UNDEF)
		return v->lenient ? oci_tmpl_use(t, v, err) : 0;
	if (v->kind != OCI_VAL_STR && !oci_val_is_seq(v))
		return oci_fail(err, OCI_BADINPUT, "'%s' object cannot be sliced", oci_val_type(v));
	if (oci_iterate(t, v, &items, err) < 0 || slice_bounds(parts, (int64_t)items.n, b, err) < 0)
		return -1;
	for (int64_t i = b[0]; items.v && (b[2] > 0 ? i < b[1] : i > b[1]);) {
		oci_vals_add(&vs, items.v[i]);
		if (__builtin_add_overflow(i, b[2], &i))
			break;
	}
	for (size_t i = 0; v->kind == OCI_VAL_STR && i < vs.n; i++)
		oci_val_print(vs.v[i], &text);
	*out = v->kind == OCI_VAL_STR	 ? oci_val_str(&t->arena, oci_buf_text(&text), text.len)
	       : v->kind == OCI_VAL_LIST ? oci_val_list(&t->arena, &vs)
					 : oci_val_tuple(&t->arena, &vs);
	if (v->kind != OCI_VAL_STR)
		oci_val_made(t, *out);
	return 0;
}

int oci_iterate(struct oci_tmpl *t, const struct oci_val *v, struct oci_vals *out, struct oci_err **err)
{
	if (oci_tmpl_spend(t, v->len / 4, err) < 0)
		return -1;
	switch (v->kind) {
	case OCI_VAL_UNDEF:
		return v->lenient ? 0 : oci_tmpl_use(t, v, err);
	case OCI_VAL_STR:
		for (const char *p = v->text, *end = p + v->len, *start = p; p < end; start = p) {
			oci_utf8_next(&p, end);
			oci_vals_add(out, oci_val_str(&t->arena, start, (size_t)(p - start)));
		}
		return 0;
	case OCI_VAL_LIST:
	case OCI_VAL_TUPLE:
		for (size_t i = 0; i < v->len; i++)
			oci_vals_add(out, v->items[i]);
		return 0;
	case OCI_VAL_MAP:
		for (size_t i = 0; i < v->len; i++)
			oci_vals_add(out, v->items[2 * i]);
		return 0;
	default:
		return oci_fail(err, OCI_BADINPUT, "'%s' object is not iterable", oci_val_type(v));
	}
}
