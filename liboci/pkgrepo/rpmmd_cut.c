#include "pkgrepo/rpmmd_cut.h"

#include "pkgrepo/rpmmd_xml.h"

#include <stdlib.h>
#include <string.h>

struct cutting {
	struct oci_rpm_cut *to;
	const struct oci_rpm_cut_rules *rules;
	struct oci_slice doc;
	struct oci_rpm_cut_unit unit; /* .kind NULL: in none that is wanted */
	size_t done;		      /* of the document: copied or left out */
	unsigned list_depth;	      /* of the list at hand, 0: in none */
	size_t item_at;
	char *key;
	bool in_item, in_id;
};

static void list_clear(struct oci_rpm_cut_list *l)
{
	free(l->name);
	oci_strs_clear(&l->keys);
	oci_strs_clear(&l->texts);
}

static void unit_clear(struct oci_rpm_cut_unit *u)
{
	for (size_t i = 0; i < u->lists.n; i++)
		list_clear(&u->lists.v[i]);
	free(u->lists.v);
	free(u->kind);
	free(u->id);
	oci_buf_clear(&u->text);
	*u = (struct oci_rpm_cut_unit){ 0 };
}

void oci_rpm_cut_clear(struct oci_rpm_cut *c)
{
	for (size_t i = 0; i < c->units.n; i++)
		unit_clear(&c->units.v[i]);
	free(c->units.v);
	*c = (struct oci_rpm_cut){ 0 };
}

static bool is_among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void copy_to(struct cutting *c, size_t end)
{
	oci_buf_add(&c->unit.text, c->doc.p + c->done, end - c->done);
	c->done = end;
}

static void begin_unit(struct cutting *c, size_t at, const char *name)
{
	if (!is_among(c->rules->units, name))
		return;
	c->unit.kind = oci_strdup(name);
	c->done = at;
	c->list_depth = 0;
}

static void begin_list(struct cutting *c, size_t tag_end, const char *name, unsigned depth)
{
	copy_to(c, tag_end);
	*oci_vec_push(&c->unit.lists) = (struct oci_rpm_cut_list){ .name = oci_strdup(name), .end = c->unit.text.len };
	c->list_depth = depth;
}

static void begin_item(struct cutting *c, struct oci_xml *x, const char **atts)
{
	c->in_item = true;
	c->item_at = (size_t)oci_xml_at(x);
	if (c->rules->key)
		c->key = c->rules->key(atts);
	else
		oci_xml_gather(x);
}

static void on_start(void *ctx, struct oci_xml *x, const char *name, const char **atts)
{
	struct cutting *c = ctx;
	unsigned depth = oci_xml_depth(x);
	size_t at = (size_t)oci_xml_at(x);

	if (depth == 1 && strcmp(name, c->rules->root) != 0)
		oci_xml_fail(x, "<%s> where <%s> is wanted", name, c->rules->root);
	else if (depth == 2)
		begin_unit(c, at, name);
	if (!c->unit.kind || depth < 3 || c->in_item)
		return;
	if (depth == 3 && strcmp(name, "id") == 0) {
		c->in_id = true;
		oci_xml_gather(x);
	} else if (is_among(c->rules->lists, name)) {
		begin_list(c, at + (size_t)oci_xml_tag_len(x), name, depth);
	} else if (c->list_depth && depth == c->list_depth + 1 && strcmp(name, c->rules->item) == 0) {
		begin_item(c, x, atts);
	}
}

/* Blanks before an item that went go, too. */
static void drop_item(struct cutting *c, size_t end)
{
	struct oci_buf *text = &c->unit.text;

	copy_to(c, c->item_at);
	while (text->len && strchr(" \t\r\n", text->data[text->len - 1]))
		text->data[--text->len] = '\0';
	c->done = end;
}

static void end_item(struct cutting *c, struct oci_xml *x, size_t end)
{
	auto_free char *key = c->key ? oci_steal(&c->key) : oci_slice_dup(oci_xml_text(x));
	struct oci_rpm_cut_list *list = &c->unit.lists.v[c->unit.lists.n - 1];

	c->in_item = false;
	if (!c->rules->keep(c->rules->ctx, key)) {
		drop_item(c, end);
		return;
	}
	copy_to(c, end);
	list->end = c->unit.text.len;
	oci_strs_add(&list->keys, key);
	oci_strs_add_take(&list->texts, oci_strndup(c->doc.p + c->item_at, end - c->item_at));
}

static void insert(struct oci_rpm_cut_unit *u, size_t at, const char *text)
{
	struct oci_buf b = { 0 };

	oci_buf_add(&b, u->text.data, at);
	oci_buf_addf(&b, "\n      %s", text);
	size_t more = b.len - at;

	oci_buf_add(&b, u->text.data + at, u->text.len - at);
	oci_buf_clear(&u->text);
	u->text = b;
	for (size_t i = 0; i < u->lists.n; i++)
		if (u->lists.v[i].end >= at)
			u->lists.v[i].end += more;
}

static struct oci_rpm_cut_list *find_list(struct oci_rpm_cut_unit *u, const char *name)
{
	for (size_t i = 0; i < u->lists.n; i++)
		if (strcmp(u->lists.v[i].name, name) == 0)
			return &u->lists.v[i];
	return NULL;
}

static void join(struct oci_rpm_cut_unit *to, const struct oci_rpm_cut_unit *from)
{
	for (size_t i = 0; i < from->lists.n; i++) {
		const struct oci_rpm_cut_list *more = &from->lists.v[i];
		struct oci_rpm_cut_list *list = find_list(to, more->name);

		for (size_t k = 0; list && k < more->keys.n; k++) {
			if (oci_strs_has(&list->keys, more->keys.v[k]))
				continue;
			insert(to, list->end, more->texts.v[k]);
			oci_strs_add(&list->keys, more->keys.v[k]);
			oci_strs_add(&list->texts, more->texts.v[k]);
		}
	}
}

static struct oci_rpm_cut_unit *find_unit(struct oci_rpm_cut *c, const char *kind, const char *id)
{
	for (size_t i = 0; i < c->units.n; i++)
		if (oci_streq(c->units.v[i].kind, kind) && oci_streq(c->units.v[i].id, id))
			return &c->units.v[i];
	return NULL;
}

static bool has_items(const struct oci_rpm_cut_unit *u)
{
	for (size_t i = 0; i < u->lists.n; i++)
		if (u->lists.v[i].keys.n)
			return true;
	return false;
}

static void end_unit(struct cutting *c, size_t end)
{
	bool kept = c->unit.id && has_items(&c->unit);
	struct oci_rpm_cut_unit *had = kept ? find_unit(c->to, c->unit.kind, c->unit.id) : NULL;

	copy_to(c, end);
	if (had) {
		join(had, &c->unit);
	} else if (kept) {
		*oci_vec_push(&c->to->units) = c->unit;
		c->unit = (struct oci_rpm_cut_unit){ 0 };
	}
	unit_clear(&c->unit);
}

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct cutting *c = ctx;
	unsigned depth = oci_xml_depth(x);
	size_t end = (size_t)(oci_xml_at(x) + oci_xml_tag_len(x));

	(void)name;
	if (!c->unit.kind)
		return;
	if (c->in_id && depth == 3) {
		free(c->unit.id);
		c->unit.id = oci_slice_dup(oci_xml_text(x));
		c->in_id = false;
	} else if (c->in_item && depth == c->list_depth + 1) {
		end_item(c, x, end);
	} else if (depth == c->list_depth) {
		c->list_depth = 0;
	} else if (depth == 2) {
		end_unit(c, end);
	}
}

int oci_rpm_cut_read(struct oci_rpm_cut *cut, const struct oci_rpm_cut_rules *rules, const char *what,
		     struct oci_slice text, struct oci_err **err)
{
	static const struct oci_xml_events events = { on_start, on_end };
	struct cutting c = { .to = cut, .rules = rules, .doc = text };
	int rc = oci_xml_parse(what, text, &events, &c, err);

	unit_clear(&c.unit);
	free(c.key);
	return rc;
}

void oci_rpm_cut_print(const struct oci_rpm_cut *c, struct oci_buf *out)
{
	for (size_t i = 0; i < c->units.n; i++) {
		const struct oci_rpm_cut_unit *u = &c->units.v[i];

		oci_buf_adds(out, "  ");
		oci_buf_add(out, u->text.data, u->text.len);
		oci_buf_addc(out, '\n');
	}
}
