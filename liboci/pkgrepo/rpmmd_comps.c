#include "pkgrepo/rpmmd_comps.h"

#include "base/buf.h"
#include "pkgrepo/rpmmd_xml.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct oci_rpm_comps *comps;
	struct oci_rpm_group group; /* the one at hand */
	char **text;		    /* what the text of this element goes to */
	struct oci_strs *list;	    /* or this */
	char *condition;	    /* the package that this one comes along with, or NULL */
	bool packages, groups;	    /* inside <packagelist>, <grouplist> */
};

static void group_clear(struct oci_rpm_group *g)
{
	free(g->id);
	free(g->name);
	oci_strs_clear(&g->packages);
	oci_strs_clear(&g->groups);
	*g = (struct oci_rpm_group){ 0 };
}

void oci_rpm_comps_clear(struct oci_rpm_comps *c)
{
	for (size_t i = 0; i < c->groups.n; i++)
		group_clear(&c->groups.v[i]);
	free(c->groups.v);
	*c = (struct oci_rpm_comps){ 0 };
}

static const struct oci_rpm_group *find(const struct oci_rpm_comps *c, const char *id)
{
	for (size_t i = 0; i < c->groups.n; i++)
		if (oci_streq(c->groups.v[i].id, id))
			return &c->groups.v[i];
	return NULL;
}

static void gather_text(struct reading *r, struct oci_xml *x, char **to)
{
	r->text = to;
	oci_xml_gather(x);
}

/* Optional ones are not installed with their group. */
static bool is_usual(const char **atts)
{
	const char *type = oci_xml_att(atts, "type");

	return !type || oci_streq(type, "mandatory") || oci_streq(type, "default") || oci_streq(type, "conditional");
}

static void start_package(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *requires = oci_xml_att(atts, "requires");

	free(r->condition);
	r->condition = oci_streq(oci_xml_att(atts, "type"), "conditional") && requires ? oci_strdup(requires) : NULL;
	r->list = &r->group.packages;
	oci_xml_gather(x);
}

static void on_start(void *ctx, struct oci_xml *x, const char *name, const char **atts)
{
	struct reading *r = ctx;
	unsigned depth = oci_xml_depth(x);

	r->text = NULL;
	r->list = NULL;
	if (depth == 1 && strcmp(name, "comps") != 0)
		oci_xml_fail(x, "<%s> where <comps> is wanted", name);
	else if (depth == 2)
		group_clear(&r->group);
	else if (depth == 3 && strcmp(name, "id") == 0)
		gather_text(r, x, &r->group.id);
	else if (depth == 3 && strcmp(name, "name") == 0 && !oci_xml_att(atts, "xml:lang"))
		gather_text(r, x, &r->group.name);
	else if (depth == 3) {
		r->packages = strcmp(name, "packagelist") == 0;
		r->groups = strcmp(name, "grouplist") == 0;
	} else if (depth == 4 && r->packages && strcmp(name, "packagereq") == 0 && is_usual(atts)) {
		start_package(r, x, atts);
	} else if (depth == 4 && r->groups && strcmp(name, "groupid") == 0) {
		r->list = &r->group.groups;
		oci_xml_gather(x);
	}
}

static void join(struct oci_strs *to, const struct oci_strs *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (!oci_strs_has(to, from->v[i]))
			oci_strs_add(to, from->v[i]);
}

static void end_group(struct reading *r)
{
	struct oci_rpm_group *had = r->group.id ? (struct oci_rpm_group *)(uintptr_t)find(r->comps, r->group.id) : NULL;

	if (had) {
		join(&had->packages, &r->group.packages);
		join(&had->groups, &r->group.groups);
	} else if (r->group.id) {
		*oci_vec_push(&r->comps->groups) = r->group;
		r->group = (struct oci_rpm_group){ 0 };
	}
}

static void end_item(struct reading *r, struct oci_xml *x)
{
	auto_free char *text = oci_slice_dup(oci_xml_text(x)), *condition = oci_steal(&r->condition);

	oci_strs_add_take(r->list, condition ? oci_printf("(%s if %s)", text, condition) : oci_steal(&text));
}

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct reading *r = ctx;

	if (r->text) {
		free(*r->text);
		*r->text = oci_slice_dup(oci_xml_text(x));
	} else if (r->list) {
		end_item(r, x);
	}
	r->text = NULL;
	r->list = NULL;
	if (oci_xml_depth(x) == 3)
		r->packages = r->groups = false;
	if (oci_xml_depth(x) == 2 && (strcmp(name, "group") == 0 || strcmp(name, "environment") == 0))
		end_group(r);
}

int oci_rpm_comps_read(struct oci_rpm_comps *c, struct oci_reader *reader, const char *what, uint64_t max,
		       struct oci_err **err)
{
	static const struct oci_xml_events events = { on_start, on_end };
	struct reading r = { .comps = c };
	int rc = oci_xml_read(reader, what, max, &events, &r, err);

	group_clear(&r.group);
	free(r.condition);
	return rc;
}

static bool is_named(const struct oci_rpm_group *g, const char *name)
{
	return oci_streq(g->id, name) || oci_streq(g->name, name);
}

static bool fits(const struct oci_rpm_group *g, const char *pattern)
{
	return fnmatch(pattern, g->id, FNM_CASEFOLD) == 0 || (g->name && fnmatch(pattern, g->name, FNM_CASEFOLD) == 0);
}

static void join_members(const struct oci_rpm_comps *c, const struct oci_rpm_group *g, struct oci_strs *out)
{
	join(out, &g->packages);
	for (size_t i = 0; i < g->groups.n; i++) {
		const struct oci_rpm_group *member = find(c, g->groups.v[i]);

		if (member)
			join(out, &member->packages);
	}
}

bool oci_rpm_comps_members(const struct oci_rpm_comps *c, const char *pattern, struct oci_strs *out)
{
	bool (*const ways[])(const struct oci_rpm_group *g, const char *text) = { is_named, fits };
	bool found = false;

	for (size_t w = 0; w < OCI_COUNT(ways) && !found; w++)
		for (size_t i = 0; i < c->groups.n; i++)
			if (ways[w](&c->groups.v[i], pattern)) {
				join_members(c, &c->groups.v[i], out);
				found = true;
			}
	return found;
}

char *oci_rpm_comps_names(const struct oci_rpm_comps *c)
{
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < c->groups.n; i++)
		oci_buf_addf(&b, "%s%s", i ? ", " : "", c->groups.v[i].id);
	oci_buf_adds(&b, "");
	return oci_buf_take(&b);
}
