#include "pkgrepo/rpmmd_comps.h"

#include "base/buf.h"
#include "pkgrepo/rpmmd_xml.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct oci_rpm_comps *comps;
	struct oci_rpm_group group; /* the one at hand */
	char **text;		    /* what the text of this element goes to */
	struct oci_strs *list;	    /* or this */
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

static const struct oci_rpm_group *find(const struct oci_rpm_comps *c, const char *name)
{
	for (size_t i = 0; i < c->groups.n; i++)
		if (oci_streq(c->groups.v[i].id, name))
			return &c->groups.v[i];
	for (size_t i = 0; i < c->groups.n; i++)
		if (oci_streq(c->groups.v[i].name, name))
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

	return !type || oci_streq(type, "mandatory") || oci_streq(type, "default");
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
	} else if (depth == 4 && ((r->packages && strcmp(name, "packagereq") == 0 && is_usual(atts)) ||
				  (r->groups && strcmp(name, "groupid") == 0))) {
		r->list = r->packages ? &r->group.packages : &r->group.groups;
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

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct reading *r = ctx;

	if (r->text) {
		free(*r->text);
		*r->text = oci_slice_dup(oci_xml_text(x));
	} else if (r->list) {
		oci_strs_add_take(r->list, oci_slice_dup(oci_xml_text(x)));
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
	return rc;
}

bool oci_rpm_comps_members(const struct oci_rpm_comps *c, const char *name, struct oci_strs *out)
{
	const struct oci_rpm_group *g = find(c, name);

	if (!g)
		return false;
	join(out, &g->packages);
	for (size_t i = 0; i < g->groups.n; i++) {
		const struct oci_rpm_group *member = find(c, g->groups.v[i]);

		if (member)
			join(out, &member->packages);
	}
	return true;
}

char *oci_rpm_comps_names(const struct oci_rpm_comps *c)
{
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < c->groups.n; i++)
		oci_buf_addf(&b, "%s%s", i ? ", " : "", c->groups.v[i].id);
	oci_buf_adds(&b, "");
	return oci_buf_take(&b);
}
