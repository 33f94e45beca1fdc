/* Which images are pushed, and under which names. */
#include "ops/push_int.h"

#include "base/list.h"
#include "ops/chosen.h"
#include "ops/input.h"

#include <stdlib.h>

static void take_failure(struct push_plan *p, struct push_item *item, struct oci_err **err)
{
	if (item->where)
		oci_fail_in(err, "%s", item->where);
	oci_note(p->out, "failed: %s", oci_err_text(*err));
	item->err = oci_steal(err);
}

void push_item_fail(struct push_plan *p, struct push_item *item, struct oci_err **err)
{
	oci_fail_in(err, "%s", item->name);
	take_failure(p, item, err);
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
static int set_target(const struct push_plan *p, struct push_item *item, const struct oci_ref *name,
		      struct oci_err **err)
{
	auto_ref struct oci_ref to = { 0 };

	if (oci_rename_target(p->rename, name, &to, err) < 0)
		return -1;
	item->to = (struct oci_ref){ .host = oci_strdup(p->host), .tag = oci_strdup(to.tag), .digest = to.digest };
	oci_input_repository(&item->root, name, &to);
	item->to.repository = p->prefix ? oci_printf("%s/%s", p->prefix, to.repository) : oci_strdup(to.repository);
	return 0;
}

static struct push_item *add(struct push_plan *p, char *where_take, char *name_take)
{
	struct push_item *item = oci_calloc(1, sizeof(*item));

	*item = (struct push_item){ .where = where_take, .name = name_take };
	*oci_vec_push(&p->items) = item;
	return item;
}

static void set_entry(struct push_plan *p, struct push_item *item, const struct oci_ref *name,
		      const struct oci_desc *entry)
{
	auto_err struct oci_err *e = NULL;

	oci_desc_copy(&item->root, entry);
	if (set_target(p, item, name, &e) < 0)
		push_item_fail(p, item, &e);
}

static int add_all(struct push_plan *p, struct oci_err **err)
{
	for (size_t i = 0; i < p->layout.entries.n; i++) {
		const struct oci_desc *entry = &p->layout.entries.v[i];
		auto_ref struct oci_ref name = { 0 };
		auto_err struct oci_err *e = NULL;

		if (oci_layout_ref(entry, &name, &e) == 0) {
			set_entry(p, add(p, NULL, oci_ref_name(&name)), &name, entry);
		} else if (oci_err_code(e) == OCI_NOTFOUND) {
			oci_warn(p->out, "%s: %s has no name and is left out", p->what->input,
				 OCI_DIGEST(&entry->digest));
		} else {
			push_item_fail(p, add(p, NULL, oci_strdup(p->layout.dir)), &e);
		}
	}
	return p->items.n || !p->layout.entries.n
		       ? 0
		       : oci_fail(err, OCI_NOTFOUND, "%s: holds no image with a name", p->layout.dir);
}

static void add_line(struct push_plan *p, const struct oci_list_line *line, const struct oci_map *entries)
{
	char *where = line->line ? oci_list_where(line) : NULL;
	struct oci_slice rest = oci_slice(line->text), word = { 0 };
	auto_ref struct oci_ref name = { 0 };
	auto_err struct oci_err *e = NULL;

	oci_slice_word(&rest, &word);
	if (oci_ref_parse_slice(word, &name, &e) < 0) {
		take_failure(p, add(p, where, oci_strdup(line->text)), &e);
		return;
	}
	struct push_item *item = add(p, where, oci_ref_name(&name));
	const struct oci_desc *entry = oci_map_get(entries, item->name);

	if (entry) {
		set_entry(p, item, &name, entry);
		return;
	}
	oci_chosen_absent(item->name, &p->layout, 1, &e);
	take_failure(p, item, &e);
}

static void add_lines(struct push_plan *p, const struct oci_list *list)
{
	auto_map struct oci_map entries = { 0 };

	for (size_t i = 0; i < p->layout.entries.n; i++) {
		auto_ref struct oci_ref ref = { 0 };

		if (oci_layout_ref(&p->layout.entries.v[i], &ref, NULL) < 0)
			continue;
		auto_free char *name = oci_ref_name(&ref);

		oci_map_add(&entries, name, &p->layout.entries.v[i]);
	}
	for (size_t i = 0; i < list->n; i++)
		add_line(p, &list->v[i], &entries);
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
	const struct oci_list_args args = { what->files.v, what->files.n, what->operands, "names" };
	auto_list struct oci_list list = { 0 };

	if (!what->files.n && !(what->operands && what->operands[0])) {
		if (add_all(p, err) < 0)
			return -1;
	} else {
		if (oci_list_gather(&list, &args, err) < 0)
			return -1;
		add_lines(p, &list);
	}
	check_names(p);
	return 0;
}
