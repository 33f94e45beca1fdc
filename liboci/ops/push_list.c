/* Which images are pushed, and under which names. */
#include "ops/push_int.h"

#include "base/list.h"
#include "ops/input.h"

#include <stdlib.h>

void push_item_fail(struct push_plan *p, struct push_item *item, struct oci_err **err)
{
	oci_fail_in(err, "%s%s%s", item->where ? item->where : "", item->where ? ": " : "", item->name);
	oci_note(p->out, "failed: %s", oci_err_text(*err));
	item->err = oci_steal(err);
}

void push_item_free(struct push_item *item)
{
	free(item->where);
	free(item->name);
	oci_ref_clear(&item->to);
	oci_desc_clear(&item->root);
	oci_err_free(item->err);
	free(item);
}

/* The host goes, the rest stays, behind the prefix. */
static int name_target(struct push_plan *p, struct push_item *item, struct oci_err **err)
{
	auto_ref struct oci_ref name = { 0 }, to = { 0 };

	if (oci_ref_parse(item->name, &name, err) < 0 || oci_rename_target(p->rename, &name, &to, err) < 0)
		return -1;
	item->to = (struct oci_ref){ .host = oci_strdup(p->host), .tag = oci_strdup(to.tag), .digest = to.digest };
	oci_input_repository(&item->root, &name, &to);
	item->to.repository = p->prefix ? oci_printf("%s/%s", p->prefix, to.repository) : oci_strdup(to.repository);
	return 0;
}

static void add(struct push_plan *p, char *where_take, const char *name, const struct oci_desc *entry)
{
	struct push_item *item = oci_calloc(1, sizeof(*item));
	auto_err struct oci_err *e = NULL;

	*item = (struct push_item){ .where = where_take, .name = oci_strdup(name) };
	*oci_vec_push(&p->items) = item;
	if (!entry && oci_layout_resolve(&p->layout, name, &entry, &e) < 0) {
		push_item_fail(p, item, &e);
		return;
	}
	oci_desc_copy(&item->root, entry);
	if (oci_layout_name(entry)) {
		free(item->name);
		item->name = oci_strdup(oci_layout_name(entry));
	}
	if (name_target(p, item, &e) < 0)
		push_item_fail(p, item, &e);
}

static int add_all(struct push_plan *p)
{
	for (size_t i = 0; i < p->layout.entries.n; i++) {
		const struct oci_desc *entry = &p->layout.entries.v[i];

		if (oci_layout_name(entry))
			add(p, NULL, oci_layout_name(entry), entry);
		else
			oci_warn(p->out, "%s: %s has no name and is left out", p->what->input,
				 OCI_DIGEST(&entry->digest));
	}
	return 0;
}

static void fail_meeting(struct push_plan *p, struct push_item *item, const char *place, const struct push_item *other)
{
	auto_err struct oci_err *e = NULL;

	oci_fail(&e, OCI_CONFLICT, "would be %s, as %s would, with another digest (%s and %s); --map can rename one",
		 place, other->name, OCI_DIGEST(&item->root.digest), OCI_DIGEST(&other->root.digest));
	push_item_fail(p, item, &e);
}

/* Names that differ by their host only meet in the registry. Which of them is meant there nobody knows, so none goes.
 */
static void check_names(struct push_plan *p)
{
	auto_map struct oci_map owners = { 0 }, rivals = { 0 };

	for (size_t i = 0; i < p->items.n; i++) {
		struct push_item *item = p->items.v[i];
		auto_free char *place = item->err ? NULL : oci_ref_tagged(&item->to);

		if (!place || oci_map_add(&owners, place, item))
			continue;
		const struct push_item *owner = oci_map_get(&owners, place);

		if (!oci_digest_same(&owner->root.digest, &item->root.digest))
			oci_map_add(&rivals, place, item);
	}
	for (size_t i = 0; i < p->items.n && rivals.n; i++) {
		struct push_item *item = p->items.v[i];
		auto_free char *place = item->err ? NULL : oci_ref_tagged(&item->to);
		const struct push_item *rival = place ? oci_map_get(&rivals, place) : NULL;

		if (rival && oci_digest_same(&rival->root.digest, &item->root.digest))
			rival = oci_map_get(&owners, place);
		if (rival)
			fail_meeting(p, item, place, rival);
	}
}

int push_list(struct push_plan *p, struct oci_err **err)
{
	const struct oci_push *what = p->what;
	auto_list struct oci_list list = { 0 };

	if (!what->files.n && !(what->operands && what->operands[0])) {
		add_all(p);
	} else if (oci_list_gather(&list,
				   &(struct oci_list_args){ what->files.v, what->files.n, what->operands, "names" },
				   err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < list.n; i++)
		add(p, list.v[i].line ? oci_list_where(&list.v[i]) : NULL, list.v[i].text, NULL);
	check_names(p);
	return 0;
}
