/* From the list, or from all that the sources hold, to items. */
#include "ops/fetch_int.h"

#include <stdlib.h>

struct fetch_item *fetch_item_new(struct fetch_plan *p, const char *where, const char *text)
{
	struct fetch_item *item = oci_calloc(1, sizeof(*item));

	item->where = oci_strdup(where);
	item->text = oci_strdup(text);
	*oci_vec_push(&p->items) = item;
	return item;
}

void fetch_item_free(struct fetch_item *item)
{
	free(item->where);
	free(item->text);
	oci_ref_clear(&item->from);
	oci_ref_clear(&item->to);
	oci_strs_clear(&item->names);
	oci_desc_clear(&item->root);
	oci_desc_clear(&item->entry);
	oci_err_free(item->err);
	free(item);
}

void fetch_item_fail(struct fetch_plan *p, struct fetch_item *item, struct oci_err **err)
{
	oci_fail_in(err, "%s%s%s", item->where ? item->where : "", item->where ? ": " : "", item->text);
	oci_note(p->out, "failed: %s", oci_err_text(*err));
	item->err = oci_steal(err);
}

/* "name:tag@digest" stands under both names. */
static void name_item(struct fetch_item *item)
{
	if (item->to.tag)
		oci_strs_add_take(&item->names, oci_ref_tagged(&item->to));
	if (item->to.digest.algorithm != OCI_NO_DIGEST)
		oci_strs_add_take(&item->names, oci_ref_digested(&item->to, &item->to.digest));
}

static int parse_options(struct fetch_item *item, struct oci_slice words, struct oci_err **err)
{
	struct oci_slice word;

	while (oci_slice_word(&words, &word)) {
		if (!oci_slice_eq(word, "platform=any"))
			return oci_fail(err, OCI_BADINPUT,
					"\"%.*s\" behind the name; only platform=any may stand there",
					(int)(word.len < 100 ? word.len : 100), word.p);
		item->any_platform = true;
	}
	return 0;
}

static int parse_item(struct fetch_plan *p, struct fetch_item *item, struct oci_err **err)
{
	struct oci_slice rest = oci_slice(item->text), name;
	auto_ref struct oci_ref line = { 0 };

	oci_slice_word(&rest, &name);
	if (oci_slice_starts(name, "docker://"))
		name = (struct oci_slice){ name.p + 9, name.len - 9 };
	if (oci_ref_parse_slice(name, &line, err) < 0 || parse_options(item, rest, err) < 0 ||
	    oci_rename_line(p->rename, &line, &item->from, &item->to, err) < 0)
		return -1;
	name_item(item);
	return 0;
}

/* The same image under the same name twice in a list is once; platform=any on one of the lines is enough. */
static bool is_twin(const struct fetch_item *a, const struct fetch_item *b)
{
	return oci_ref_same(&a->to, &b->to) && oci_ref_same(&a->from, &b->from);
}

static void add_line(struct fetch_plan *p, const char *where, const char *text, struct oci_map *by_name)
{
	auto_err struct oci_err *e = NULL;
	struct fetch_item *item = fetch_item_new(p, where, text);

	if (parse_item(p, item, &e) < 0) {
		fetch_item_fail(p, item, &e);
		return;
	}
	auto_free char *name = oci_ref_name(&item->to);
	struct fetch_item *other = oci_map_get(by_name, name);

	if (other && is_twin(item, other)) {
		other->any_platform |= item->any_platform;
		p->items.n--;
		fetch_item_free(item);
	} else if (!other) {
		oci_map_add(by_name, name, item);
	}
}

static int add_everything(struct fetch_plan *p, struct oci_map *by_name, struct oci_err **err)
{
	for (size_t i = 0; i < p->sources.n; i++) {
		auto_strs struct oci_strs names = { 0 };

		if (oci_source_names(&p->sources.v[i], &names, err) < 0)
			return -1;
		if (!names.n)
			oci_warn(p->out, "%s: holds no names", p->sources.v[i].spec);
		for (size_t k = 0; k < names.n; k++)
			add_line(p, NULL, names.v[k], by_name);
	}
	return 0;
}

int fetch_list(struct fetch_plan *p, struct oci_err **err)
{
	const struct oci_fetch *what = p->what;
	auto_list struct oci_list list = { 0 };
	auto_map struct oci_map by_name = { 0 };

	if (what->from.n && !what->files.n && !(what->operands && what->operands[0]))
		return add_everything(p, &by_name, err);
	if (oci_list_gather(&list, &(struct oci_list_args){ what->files.v, what->files.n, what->operands, "images" },
			    err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		auto_free char *where = list.v[i].line ? oci_list_where(&list.v[i]) : NULL;

		add_line(p, where, list.v[i].text, &by_name);
	}
	return 0;
}
