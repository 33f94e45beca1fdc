#include "template/call_int.h"
#include "template/letter.h"
#include "template/sequence_int.h"

#include <stdlib.h>

int oci_seq_attribute(struct oci_tmpl *t, const struct oci_val *item, const struct oci_val *attribute,
		      const struct oci_val **out, struct oci_err **err)
{
	*out = item;
	if (attribute->kind != OCI_VAL_STR)
		return oci_get_item(t, item, attribute, out, err);
	struct oci_slice rest = { attribute->text, attribute->len }, part;

	for (bool more = true; more;) {
		uint64_t index;

		more = oci_slice_cut(rest, '.', &part, &rest);
		const struct oci_val *key = oci_slice_u64(part, &index) ? oci_val_int(&t->arena, (int64_t)index)
									: oci_val_str(&t->arena, part.p, part.len);

		if (oci_get_item(t, *out, key, out, err) < 0)
			return -1;
	}
	return 0;
}

const struct oci_val *oci_seq_folded(struct oci_tmpl *t, const struct oci_val *v)
{
	if (v->kind != OCI_VAL_STR || v->len == 0)
		return v;
	auto_buf struct oci_buf b = { 0 };

	oci_letters_lower((struct oci_slice){ v->text, v->len }, &b);
	return oci_val_str(&t->arena, oci_buf_text(&b), b.len);
}

struct keyed {
	const struct oci_val *item, *key;
	size_t at;
};

struct sorting {
	bool reverse, failed;
	struct oci_err **err;
};

static int by_key(const void *a, const void *b, void *ctx)
{
	const struct keyed *x = a, *y = b;
	struct sorting *s = ctx;
	int order = 0;

	if (!s->failed && oci_val_compare(x->key, y->key, &order, s->err) < 0)
		s->failed = true;
	if (order == 0)
		return (x->at > y->at) - (x->at < y->at);
	return s->reverse ? -order : order;
}

static int key_of(const struct oci_seq_order *how, const struct oci_val *item, const struct oci_val **key,
		  struct oci_err **err)
{
	auto_vals struct oci_vals keys = { 0 };
	struct oci_slice rest, part;

	*key = how->case_sensitive ? item : oci_seq_folded(how->t, item);
	if (!how->attribute || how->attribute->kind == OCI_VAL_NONE)
		return 0;
	rest = oci_text_of(how->t, how->attribute);
	for (bool more = true; more;) {
		const struct oci_val *v = how->attribute;

		more = oci_slice_cut(rest, ',', &part, &rest);
		if (v->kind == OCI_VAL_STR)
			v = oci_val_str(&how->t->arena, part.p, part.len);
		if (oci_seq_attribute(how->t, item, v, &v, err) < 0)
			return -1;
		if (v->kind == OCI_VAL_UNDEF)
			return oci_tmpl_use(how->t, v, err);
		oci_vals_add(&keys, how->case_sensitive ? v : oci_seq_folded(how->t, v));
	}
	*key = oci_val_list(&how->t->arena, &keys);
	return 0;
}

int oci_seq_sort(struct oci_vals *vs, const struct oci_seq_order *how, struct oci_err **err)
{
	auto_free struct keyed *rows = oci_calloc(vs->n + 1, sizeof(*rows));
	struct sorting s = { .reverse = how->reverse, .err = err };

	if (oci_tmpl_spend(how->t, vs->n, err) < 0)
		return -1;
	for (size_t i = 0; i < vs->n; i++) {
		rows[i].item = vs->v[i];
		rows[i].at = i;
		if (key_of(how, vs->v[i], &rows[i].key, err) < 0)
			return -1;
	}
	qsort_r(rows, vs->n, sizeof(*rows), by_key, &s);
	for (size_t i = 0; i < vs->n; i++)
		vs->v[i] = rows[i].item;
	return s.failed ? -1 : 0;
}
