/* Which module gives what to which platform. */
#include "ops/bundle_merge_int.h"

#include "base/list.h"

#include <stdlib.h>

static int parse_modules(struct oci_merge *m, struct oci_err **err)
{
	const struct oci_list_args args = { m->what->files.v, m->what->files.n, m->what->operands, "modules" };
	auto_list struct oci_list list = { 0 };

	if (oci_list_gather(&list, &args, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		auto_free char *where = oci_list_where(&list.v[i]);
		struct oci_module module;

		if (oci_module_parse(list.v[i].text, &module, err) < 0)
			return list.v[i].line ? oci_fail_in(err, "%s", where) : -1;
		*oci_vec_push(&m->modules) = module;
	}
	return list.n ? 0 : oci_fail(err, OCI_USAGE, "no modules given");
}

static int open_modules(struct oci_merge *m, struct oci_err **err)
{
	if (parse_modules(m, err) < 0)
		return -1;
	for (size_t i = 0; i < m->modules.n; i++)
		if (oci_module_open(&m->modules.v[i], &m->what->remote, &m->what->out, err) < 0)
			return -1;
	return 0;
}

/* Those asked for; else all that modules name; else this machine's. */
static int choose_platforms(struct oci_merge *m, struct oci_platforms *out, struct oci_err **err)
{
	if (m->what->platform && oci_platforms_parse(m->what->platform, out, err) < 0)
		return -1;
	if (!m->what->platform || out->all) {
		out->all = false;
		for (size_t i = 0; i < m->modules.n; i++)
			oci_module_platforms(&m->modules.v[i], out);
	}
	return out->n ? 0 : oci_platforms_parse(NULL, out, err);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(OCI_PLATFORM((const struct oci_platform *)a), OCI_PLATFORM((const struct oci_platform *)b));
}

static int add_platform(struct oci_merge *m, const struct oci_platform *platform, struct oci_err **err)
{
	struct oci_merge_platform *p = oci_vec_push(&m->platforms);

	oci_platform_copy(&p->platform, platform);
	for (size_t i = 0; i < m->modules.n; i++)
		if (oci_module_parts(&m->modules.v[i], platform, &p->parts, err) < 0)
			return -1;
	if (p->parts.n == 0)
		return oci_fail(err, OCI_NOTFOUND, "no module is for %s", OCI_PLATFORM(platform));
	return 0;
}

static void parts_free(struct oci_parts *parts)
{
	free(parts->v);
}

static bool has_module(const struct oci_merge_platform *p, const char *name)
{
	for (size_t i = 0; i < p->parts.n; i++)
		if (oci_streq(p->parts.v[i]->name, name))
			return true;
	return false;
}

static int fail_lacking(const char *name, const struct oci_platform *platform, struct oci_err **err)
{
	return oci_fail(err, OCI_NOTFOUND,
			"module %s: not there for %s; add %s@FOLDER, or choose platforms with --platform", name,
			OCI_PLATFORM(platform), OCI_PLATFORM(platform));
}

/* A sealed module of one platform must be there for the others: P@ tells its folders apart, it does not excuse one. */
static int expect_complete(const struct oci_merge *m, struct oci_err **err)
{
	for (size_t i = 0; i < m->platforms.n; i++)
		for (size_t k = 0; k < m->platforms.v[i].parts.n; k++) {
			const struct oci_part *p = m->platforms.v[i].parts.v[k];

			for (size_t o = 0; p->sealed && o < m->platforms.n; o++)
				if (!has_module(&m->platforms.v[o], p->name))
					return fail_lacking(p->name, &m->platforms.v[o].platform, err);
		}
	return 0;
}

/* A module that is for none of the platforms: fine when another folder stands for it there. */
static int judge_unused(const struct oci_merge *m, struct oci_module *module, struct oci_err **err)
{
	OCI_AUTO(parts_free) struct oci_parts parts = { 0 };

	if (oci_module_parts(module, &module->platforms.v[0], &parts, err) < 0)
		return -1;
	for (size_t i = 0; i < parts.n; i++)
		for (size_t o = 0; parts.v[i]->sealed && o < m->platforms.n; o++)
			if (!has_module(&m->platforms.v[o], parts.v[i]->name))
				return fail_lacking(parts.v[i]->name, &m->platforms.v[o].platform, err);
	if (!parts.v[0]->sealed)
		oci_warn(&m->what->out, "%s: for none of the platforms of this bundle, so it is left out", module->arg);
	return 0;
}

static int judge_all_unused(const struct oci_merge *m, struct oci_err **err)
{
	for (size_t i = 0; i < m->modules.n; i++)
		if (m->modules.v[i].parts.n == 0 && judge_unused(m, &m->modules.v[i], err) < 0)
			return -1;
	return 0;
}

int oci_merge_plan(struct oci_merge *m, struct oci_err **err)
{
	auto_platforms struct oci_platforms wanted = { 0 };

	if (open_modules(m, err) < 0 || choose_platforms(m, &wanted, err) < 0)
		return -1;
	qsort(wanted.v, wanted.n, sizeof(wanted.v[0]), by_text);
	for (size_t i = 0; i < wanted.n; i++)
		if (add_platform(m, &wanted.v[i], err) < 0)
			return -1;
	return expect_complete(m, err) < 0 ? -1 : judge_all_unused(m, err);
}
