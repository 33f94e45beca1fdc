/* What the words of a list mean to dnf: names and versions, capabilities, paths, groups. */
#include "base/buf.h"
#include "base/slice.h"
#include "pkgrepo/like.h"
#include "pkgrepo/rpmmd_comps.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/solve.h"
#include "pkgrepo/want_cpu.h"
#include "pkgrepo/wants_wrong.h"
#include "pkgrepo/yum_paths.h"
#include "pkgrepo/yum_solve.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <solv/dataiterator.h>
#include <solv/evr.h>

struct making {
	struct oci_yum_pool *p;
	const struct oci_rpm_comps *comps;
	struct oci_map *paths;
	bool incomplete; /* one of them is still to be read for */
	struct oci_asks *asks;
	struct oci_wants_wrong wrong;
};

static int by_id(const void *a, const void *b)
{
	Id x = *(const Id *)a, y = *(const Id *)b;

	return x < y ? -1 : x > y;
}

/* In the order of the documents: between equals the solver takes the first. */
static struct oci_ask *ask(struct making *m, const struct oci_want *w, const Queue *one_of)
{
	struct oci_ask *a = oci_asks_add(m->asks, w);

	queue_insertn(&a->one_of, 0, one_of->count, one_of->elements);
	qsort(a->one_of.elements, (size_t)a->one_of.count, sizeof(Id), by_id);
	return a;
}

/* dnf installs what took a name's place when that name is asked for. */
static void add_obsoleters(const struct oci_yum_pool *p, Queue *found)
{
	Pool *pool = p->pool;
	int n = found->count;

	OCI_YUM_EACH(p, id)
	{
		const Solvable *s = pool_id2solvable(pool, id);
		bool does = false;

		for (const Id *o = oci_solve_ids(s->repo, s->obsoletes); *o && !does; o++)
			for (int i = 0; i < n && !does; i++)
				does = pool_match_nevr(pool, pool_id2solvable(pool, found->elements[i]), *o);
		if (does)
			queue_pushunique(found, id);
	}
}

/* How an entry was understood. */
struct reading {
	bool just_name; /* it is a name: what took its place will do */
	bool each;	/* it fits several names, each of which is asked for */
	bool each_cpu;	/* and several CPUs */
};

static bool are_one(const Pool *pool, struct reading r, Id a, Id b)
{
	const Solvable *x = pool_id2solvable(pool, a), *y = pool_id2solvable(pool, b);

	return !r.each || (x->name == y->name && (!r.each_cpu || x->arch == y->arch));
}

/* One ask for all that was found, or, of a pattern, one for each name that it fits. */
static void ask_found(struct making *m, const struct oci_want *w, struct reading r, Queue *found)
{
	const Pool *pool = m->p->pool;

	while (found->count) {
		auto_queue Queue one;
		Id first = found->elements[0];
		int kept = 0;

		queue_init(&one);
		for (int i = 0; i < found->count; i++)
			if (are_one(pool, r, first, found->elements[i]))
				queue_push(&one, found->elements[i]);
			else
				found->elements[kept++] = found->elements[i];
		queue_truncate(found, kept);
		if (r.just_name || r.each_cpu)
			add_obsoleters(m->p, &one);
		ask(m, w, &one);
	}
}

/* "NAME", "NAME >= EVR", "(a or b)". */
static Id capability(Pool *pool, const char *text)
{
	static const struct {
		const char *sign;
		int op;
	} ops[] = { { ">=", OCI_RPM_GT | OCI_RPM_EQ },
		    { "<=", OCI_RPM_LT | OCI_RPM_EQ },
		    { "==", OCI_RPM_EQ },
		    { "=", OCI_RPM_EQ },
		    { ">", OCI_RPM_GT },
		    { "<", OCI_RPM_LT } };
	struct oci_slice rest = oci_slice(text), name, sign;

	if (*text == '(' || !oci_slice_word(&rest, &name) || !oci_slice_word(&rest, &sign))
		return oci_yum_dep(pool, text, 0, NULL);
	auto_free char *name_text = oci_slice_dup(name), *evr = oci_slice_dup(oci_slice_trim(rest));

	for (size_t i = 0; i < OCI_COUNT(ops); i++)
		if (oci_slice_eq(sign, ops[i].sign) && *evr)
			return oci_yum_dep(pool, name_text, ops[i].op, evr);
	return oci_yum_dep(pool, text, 0, NULL);
}

static void find_providers(const struct oci_yum_pool *p, Id dep, Queue *out)
{
	Pool *pool = p->pool;
	Id id, pp;

	FOR_PROVIDES(id, pp, dep)
	{
		if (oci_yum_pool_usable(p, id))
			queue_pushunique(out, id);
	}
}

/* "perl(Getopt::*)": every capability whose name it fits. */
static void find_glob_providers(const struct oci_yum_pool *p, const char *glob, Queue *out)
{
	Pool *pool = p->pool;

	OCI_YUM_EACH(p, id)
	{
		const Solvable *s = pool_id2solvable(pool, id);

		for (const Id *d = oci_solve_ids(s->repo, s->provides); *d; d++)
			if (fnmatch(glob, pool_id2str(pool, *d), 0) == 0) {
				queue_push(out, id);
				break;
			}
	}
}

static void find_file(const struct oci_yum_pool *p, const char *path, Queue *out)
{
	bool glob = oci_yum_is_glob(path);
	Dataiterator di;

	dataiterator_init(&di, p->pool, NULL, 0, SOLVABLE_FILELIST, path,
			  (glob ? SEARCH_GLOB : SEARCH_STRING) | SEARCH_FILES | SEARCH_COMPLETE_FILELIST);
	while (dataiterator_step(&di)) {
		if (oci_yum_pool_usable(p, di.solvid))
			queue_pushunique(out, di.solvid);
		dataiterator_skip_solvable(&di);
	}
	dataiterator_free(&di);
}

static void say_unknown(struct making *m, const struct oci_want *w)
{
	auto_map struct oci_map seen = { 0 };
	struct oci_like like;
	Pool *pool = m->p->pool;

	oci_like_begin(&like, w->text);
	OCI_YUM_EACH(m->p, id)
	{
		const char *name = pool_id2str(pool, pool_id2solvable(pool, id)->name);

		if (oci_map_add(&seen, name, m))
			oci_like_add(&like, name, strlen(name));
	}
	auto_free char *near = oci_like_end(&like);

	oci_wants_wrong_name(&m->wrong, w, near);
}

/* The packages that an entry stands for. Brackets may be a pattern's, or a capability's own. */
static struct reading find_package(const struct oci_yum_pool *p, const char *text, Queue *found)
{
	struct oci_yum_reading how = oci_yum_match(p, text, found);
	struct reading r = { how.just_name, oci_yum_is_glob(text), how.cpu_glob };

	if (found->count)
		return r;
	if (r.each)
		find_glob_providers(p, text, found);
	if (found->count)
		return (struct reading){ .each = true };
	find_providers(p, capability(p->pool, text), found);
	return (struct reading){ 0 };
}

static bool is_provided(const struct oci_yum_pool *p, Id dep)
{
	OCI_YUM_EACH(p, id)
	{
		if (solvable_matchesdep(pool_id2solvable(p->pool, id), SOLVABLE_PROVIDES, dep, 0))
			return true;
	}
	return false;
}

/* Is there something of it that only the lock leaves out? */
static bool lock_hides(const struct making *m, const char *text)
{
	struct oci_yum_pool whole = *m->p;
	auto_queue Queue found;

	queue_init(&found);
	if (!whole.locked)
		return false;
	whole.considered = (Map){ 0 };
	if (*text == '/')
		find_file(&whole, text, &found);
	else
		find_package(&whole, text, &found);
	return found.count || is_provided(&whole, capability(whole.pool, text));
}

/* Have filelists, too, to be asked for it? Of a pattern they may know more than primary does. */
static bool lacks_lists(const struct making *m, const char *path, const Queue *found)
{
	return !oci_yum_path_is_primary(path) && !oci_map_has(m->paths, path) &&
	       (!found->count || oci_yum_is_glob(path));
}

static void ask_path(struct making *m, const struct oci_want *w)
{
	auto_queue Queue found;

	queue_init(&found);
	find_file(m->p, w->text, &found);
	find_providers(m->p, oci_yum_dep(m->p->pool, w->text, 0, NULL), &found);
	if (lacks_lists(m, w->text, &found)) {
		*oci_map_at(m->paths, w->text) = oci_yum_is_glob(w->text) ? m : NULL;
		m->incomplete = true;
	} else if (found.count) {
		ask(m, w, &found);
	} else if (lock_hides(m, w->text)) {
		oci_wants_wrong_lock(&m->wrong, w);
	} else {
		oci_wants_wrong_add(&m->wrong, w, "no package has this file");
	}
}

/* Nothing is there: is it another CPU's turn, or has the user to be told? */
static void miss(struct making *m, const struct oci_want *w)
{
	const char *dot = strrchr(w->text, '.');
	enum oci_want_cpu whose = dot ? oci_want_cpu(OCI_OS_YUM, dot + 1, m->p->arch, m->p->cpus) : OCI_CPU_NONE;

	if (whose == OCI_CPU_ANOTHERS)
		return;
	if (whose == OCI_CPU_NOBODYS)
		oci_wants_wrong_cpu(&m->wrong, w);
	else if (lock_hides(m, w->text))
		oci_wants_wrong_lock(&m->wrong, w);
	else
		say_unknown(m, w);
}

static bool try_package(struct making *m, const struct oci_want *w, const char *text)
{
	auto_queue Queue found;

	queue_init(&found);
	struct reading r = find_package(m->p, text, &found);

	if (!found.count)
		return false;
	ask_found(m, w, r, &found);
	return true;
}

/* "curl.arm64" as rpm has it, for lists that serve both families; NULL when it is so already. */
static char *with_rpm_cpu(const char *text)
{
	const char *dot = strrchr(text, '.'), *cpu = dot ? oci_os_arch(OCI_OS_YUM, dot + 1) : NULL;

	return cpu && !oci_streq(cpu, dot + 1) ? oci_printf("%.*s.%s", (int)(dot - text), text, cpu) : NULL;
}

static void ask_package(struct making *m, const struct oci_want *w)
{
	auto_free char *other = with_rpm_cpu(w->text);

	if (!try_package(m, w, w->text) && !(other && try_package(m, w, other)))
		miss(m, w);
}

static void find_named(const struct oci_yum_pool *p, struct oci_slice name, Queue *out)
{
	Id id_of_name = pool_strn2id(p->pool, name.p, (unsigned)name.len, 0);

	OCI_YUM_EACH(p, id)
	{
		if (id_of_name && pool_id2solvable(p->pool, id)->name == id_of_name)
			queue_push(out, id);
	}
}

/* "NAME", or "(NAME if OTHER)". */
static void ask_member(struct making *m, const struct oci_want *member)
{
	struct oci_slice rest = oci_slice(member->text), name = rest;
	bool conditional = *member->text == '(';
	auto_queue Queue found;

	queue_init(&found);
	if (conditional) {
		rest = oci_slice(member->text + 1);
		oci_slice_word(&rest, &name);
	}
	find_named(m->p, name, &found);
	if (!found.count)
		return;
	if (conditional) {
		ask(m, member, &found)->dep = oci_yum_dep(m->p->pool, member->text, 0, NULL);
		return;
	}
	add_obsoleters(m->p, &found);
	ask(m, member, &found);
}

/* Members that the repositories lack are passed over, as dnf does: groups name what other CPUs have. */
static void ask_group(struct making *m, const struct oci_want *w)
{
	auto_strs struct oci_strs names = { 0 };
	size_t had = m->asks->n;

	if (!m->comps || !oci_rpm_comps_members(m->comps, w->text + 1, &names)) {
		auto_free char *known = m->comps ? oci_rpm_comps_names(m->comps) : oci_strdup("");

		oci_wants_wrong_add(&m->wrong, w, "no such group%s%s",
				    *known ? "; there are " : " (no repository has groups)", known);
		return;
	}
	for (size_t i = 0; i < names.n; i++)
		ask_member(m, &(struct oci_want){ names.v[i], w->where });
	if (m->asks->n == had)
		oci_wants_wrong_add(&m->wrong, w, "no package of this group is there");
}

int oci_yum_asks_make(struct oci_yum_pool *p, const struct oci_wants *wants, const struct oci_rpm_comps *comps,
		      struct oci_map *paths, struct oci_asks *out, struct oci_err **err)
{
	struct making m = { .p = p, .comps = comps, .paths = paths, .asks = out };

	for (size_t i = 0; i < wants->n; i++) {
		const struct oci_want *w = &wants->v[i];

		if (w->text[0] == '@')
			ask_group(&m, w);
		else if (w->text[0] == '/')
			ask_path(&m, w);
		else
			ask_package(&m, w);
	}
	/* a round with filelists follows; what cannot be found is told then, all at once */
	if (m.incomplete)
		oci_buf_clear(&m.wrong.lines);
	return m.incomplete ? 0 : oci_wants_wrong_end(&m.wrong, err);
}
