/* comps.xml, updateinfo.xml and modules.yaml of the repositories that packages came from, cut to these packages. */
#include "pkgrepo/yum_extra.h"

#include "base/map.h"
#include "base/stream.h"
#include "pkgrepo/family.h"
#include "pkgrepo/rpmmd_cut.h"
#include "pkgrepo/rpmmd_xml.h"
#include "pkgrepo/yum_modules.h"
#include "pkgrepo/yum_repo.h"

#include <string.h>

#define MAX_TEXT ((uint64_t)512 << 20) /* the longest list of advisories has a tenth */

/* One document a repository may have; the groups of groups are cut by the groups that are left. */
enum part { GROUPS, ENVIRONMENTS, UPDATES, PARTS };

struct making {
	const struct oci_repo_target *target;
	struct oci_map keys[PARTS]; /* what is there: names, ids of groups, NEVRAs */
	struct oci_rpm_cut cuts[PARTS];
	struct oci_buf modules;
};

static bool keep(void *ctx, const char *key)
{
	return oci_map_has(ctx, key);
}

static char *nevra(const char *name, const char *epoch, const char *version, const char *release, const char *arch)
{
	return oci_printf("%s-%s:%s-%s.%s", name, epoch && *epoch ? epoch : "0", version, release, arch);
}

static char *update_key(const char **atts)
{
	static const char *const names[] = { "name", "epoch", "version", "release", "arch" };
	const char *v[OCI_COUNT(names)];

	for (size_t i = 0; i < OCI_COUNT(names); i++) {
		v[i] = oci_xml_att(atts, names[i]);
		v[i] = v[i] ? v[i] : "";
	}
	return nevra(v[0], v[1], v[2], v[3], v[4]);
}

static const char *const group_units[] = { "group", NULL }, *const group_lists[] = { "packagelist", NULL },
			 *const env_units[] = { "environment", "category", NULL },
			 *const env_lists[] = { "grouplist", "optionlist", NULL },
			 *const update_units[] = { "update", NULL }, *const update_lists[] = { "collection", NULL };

static const struct oci_rpm_cut_rules rules[PARTS] = {
	[GROUPS] = { "comps", group_units, group_lists, "packagereq", NULL, keep, NULL },
	[ENVIRONMENTS] = { "comps", env_units, env_lists, "groupid", NULL, keep, NULL },
	[UPDATES] = { "updates", update_units, update_lists, "package", update_key, keep, NULL },
};

static int cut(struct making *m, enum part part, const struct oci_yum_file *f, const struct oci_buf *text,
	       struct oci_err **err)
{
	struct oci_rpm_cut_rules r = rules[part];

	r.ctx = &m->keys[part];
	return oci_rpm_cut_read(&m->cuts[part], &r, f->url, (struct oci_slice){ oci_buf_text(text), text->len }, err);
}

static void note_groups(struct making *m)
{
	for (size_t i = 0; i < m->cuts[GROUPS].units.n; i++)
		oci_map_add(&m->keys[ENVIRONMENTS], m->cuts[GROUPS].units.v[i].id, m);
}

struct text {
	struct oci_buf *to;
	const struct oci_yum_file *of;
	uint64_t max;
};

static int text_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	const struct text *t = ctx;

	if (t->to->len + n > t->max)
		return oci_fail(err, OCI_BADINPUT, "%s: unpacks to more than %llu bytes", t->of->url,
				(unsigned long long)t->max);
	oci_buf_add(t->to, data, n);
	return 0;
}

static int read_text(const struct oci_yum_file *f, struct oci_buf *text, struct oci_err **err)
{
	auto_reader struct oci_reader r = { 0 };
	uint64_t max = oci_yum_file_max(f);
	struct text t = { text, f, max < MAX_TEXT ? max : MAX_TEXT };
	struct oci_writer w = { .write = text_write, .ctx = &t };

	if (oci_yum_file_open(f, &r, err) < 0)
		return -1;
	return oci_stream_copy(&r, &w, NULL, err);
}

static int cut_groups(struct making *m, const struct oci_yum_file *f, const struct oci_buf *text, struct oci_err **err)
{
	if (cut(m, GROUPS, f, text, err) < 0)
		return -1;
	note_groups(m);
	return cut(m, ENVIRONMENTS, f, text, err);
}

static int cut_updates(struct making *m, const struct oci_yum_file *f, const struct oci_buf *text, struct oci_err **err)
{
	return cut(m, UPDATES, f, text, err);
}

/* Artifacts of modules are called as packages of advisories are. */
static int cut_modules(struct making *m, const struct oci_yum_file *f, const struct oci_buf *text, struct oci_err **err)
{
	return oci_rpm_modules_cut(f->url, oci_buf_text(text), text->len, &m->keys[UPDATES], &m->modules, err);
}

/* One of a repository's documents; most have few of them. */
static int read_document(struct making *m, const struct oci_yum_repo *yum, const char *type,
			 int (*take)(struct making *m, const struct oci_yum_file *f, const struct oci_buf *text,
				     struct oci_err **err),
			 struct oci_err **err)
{
	const struct oci_repomd_data *data = oci_repomd_find(&yum->md, type);
	OCI_AUTO(oci_yum_file_clear) struct oci_yum_file file = { 0 };
	struct oci_yum_file *files[] = { &file };
	auto_buf struct oci_buf text = { 0 };

	if (!data)
		return 0;
	oci_yum_file_init(&file, yum, data, m->target->cache);
	if (oci_yum_files_get(m->target->net, files, 1, err) < 0 || read_text(&file, &text, err) < 0)
		return -1;
	return take(m, &file, &text, err);
}

static int read_repo(struct making *m, const struct oci_os_repo *repo, struct oci_err **err)
{
	auto_yum_repo struct oci_yum_repo yum = { 0 };

	if (oci_yum_repo_open(m->target->net, m->target->os, m->target->arch, repo, &yum, err) < 0 ||
	    read_document(m, &yum, "group", cut_groups, err) < 0 ||
	    read_document(m, &yum, "updateinfo", cut_updates, err) < 0)
		return -1;
	return read_document(m, &yum, "modules", cut_modules, err);
}

static bool gave_packages(const struct oci_repo_closure *c, const struct oci_os_repo *repo)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].repo == repo)
			return true;
	return false;
}

static void note_package(struct making *m, const struct oci_repo_pkg *p)
{
	const char *colon = strchr(p->version, ':'), *rest = colon ? colon + 1 : p->version;
	auto_free char *whole = oci_printf("%s-%.*s:%s.%s", p->name, colon ? (int)(colon - p->version) : 1,
					   colon ? p->version : "0", rest, p->arch);

	oci_map_add(&m->keys[GROUPS], p->name, m);
	oci_map_add(&m->keys[UPDATES], whole, m);
}

static void print(const struct making *m, const char *root, enum part first, enum part last, struct oci_yum_doc doc,
		  struct oci_yum_docs *docs)
{
	bool any = false;

	for (size_t i = first; i <= last; i++)
		any |= m->cuts[i].units.n > 0;
	if (!any)
		return;
	oci_buf_addf(&doc.text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s>\n", root);
	for (size_t i = first; i <= last; i++)
		oci_rpm_cut_print(&m->cuts[i], &doc.text);
	oci_buf_addf(&doc.text, "</%s>\n", root);
	*oci_vec_push(docs) = doc;
}

static void making_clear(struct making *m)
{
	for (size_t i = 0; i < PARTS; i++) {
		oci_map_clear(&m->keys[i]);
		oci_rpm_cut_clear(&m->cuts[i]);
	}
	oci_buf_clear(&m->modules);
}

int oci_yum_extra_add(const struct oci_repo_result *result, struct oci_yum_docs *docs, struct oci_err **err)
{
	OCI_AUTO(making_clear) struct making m = { .target = result->target };
	const struct oci_os *os = result->target->os;

	for (size_t i = 0; i < result->closure.n; i++)
		note_package(&m, &result->closure.v[i]);
	for (size_t i = 0; i < os->repos.n; i++)
		if (gave_packages(&result->closure, &os->repos.v[i]) && read_repo(&m, &os->repos.v[i], err) < 0)
			return -1;
	/* old readers know only a plain one */
	print(&m, "comps", GROUPS, ENVIRONMENTS, (struct oci_yum_doc){ "group", "comps.xml", true, { 0 } }, docs);
	print(&m, "updates", UPDATES, UPDATES, (struct oci_yum_doc){ "updateinfo", "updateinfo.xml", false, { 0 } },
	      docs);
	if (m.modules.len) {
		*oci_vec_push(docs) = (struct oci_yum_doc){ "modules", "modules.yaml", false, m.modules };
		m.modules = (struct oci_buf){ 0 };
	}
	return 0;
}
