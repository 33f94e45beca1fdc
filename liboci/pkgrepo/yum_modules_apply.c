/* Which streams of the modules are in use, and what that hides of the packages. */
#include "base/buf.h"
#include "pkgrepo/solve.h"
#include "pkgrepo/yum_modules.h"

#include <stdlib.h>
#include <string.h>

/* The first stream of m that will do. */
static const struct oci_rpm_stream *find_needed(const struct oci_rpm_modules *m, const struct oci_rpm_need *need)
{
	for (size_t i = 0; i < m->streams.n; i++)
		if (oci_streq(m->streams.v[i].module, need->module) &&
		    (!need->streams.n || oci_strs_has(&need->streams, m->streams.v[i].stream)))
			return &m->streams.v[i];
	return NULL;
}

/* What it requires that the chosen streams do not meet. open: what nothing is chosen of can still be met. */
static const struct oci_rpm_need *unmet(const struct oci_rpm_stream *s, const struct oci_map *chosen, bool open)
{
	for (size_t i = 0; i < s->needs.n; i++) {
		const struct oci_rpm_need *need = &s->needs.v[i];
		const char *stream = oci_map_get(chosen, need->module);

		if (stream ? need->streams.n && !oci_strs_has(&need->streams, stream) : !open)
			return need;
	}
	return NULL;
}

/* Is it one of the builds to take? A stream may be built several times, each against other streams. */
static bool is_used(const struct oci_rpm_stream *s, const struct oci_map *chosen, bool open)
{
	return oci_streq(oci_map_get(chosen, s->module), s->stream) && !unmet(s, chosen, open);
}

static bool choose_needed(const struct oci_rpm_modules *m, const struct oci_rpm_stream *s, struct oci_map *chosen)
{
	bool more = false;

	for (size_t i = 0; i < s->needs.n; i++) {
		const struct oci_rpm_stream *found = find_needed(m, &s->needs.v[i]);

		if (!found || oci_map_has(chosen, found->module))
			continue;
		*oci_map_at(chosen, found->module) = found->stream;
		more = true;
	}
	return more;
}

void oci_rpm_modules_need(const struct oci_rpm_modules *m, struct oci_map *chosen)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < m->streams.n; i++)
			if (is_used(&m->streams.v[i], chosen, true))
				more |= choose_needed(m, &m->streams.v[i], chosen);
	}
}

struct applying {
	struct oci_yum_pool *p;
	const struct oci_rpm_modules *m;
	struct oci_map chosen;	  /* module -> stream, borrowed */
	struct oci_map artifacts; /* of all streams -> not NULL: of one in use */
	Map names;		  /* Ids of those that streams in use have */
};

static bool is_named(const struct oci_rpm_stream *s, const char *named)
{
	size_t n = strlen(s->module);

	return strncmp(named, s->module, n) == 0 && named[n] == ':' && strcmp(named + n + 1, s->stream) == 0;
}

static char *known_streams(const struct oci_rpm_modules *m, const char *named)
{
	auto_free char *module = oci_strndup(named, strcspn(named, ":"));
	auto_map struct oci_map seen = { 0 };
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < m->streams.n; i++)
		if (oci_streq(m->streams.v[i].module, module) && oci_map_add(&seen, m->streams.v[i].stream, &b))
			oci_buf_addf(&b, "%s%s", b.len ? ", " : "", m->streams.v[i].stream);
	oci_buf_adds(&b, b.len ? "" : "none");
	return oci_buf_take(&b);
}

typedef int named_fn(struct applying *a, const char *named, struct oci_err **err);

static int each_named(struct applying *a, const struct oci_os *os, named_fn *fn, struct oci_err **err)
{
	for (size_t i = 0; i < os->repos.n; i++) {
		const struct oci_os_repo *r = &os->repos.v[i];

		for (size_t k = 0; k < r->modules.n && !r->disabled; k++)
			if (fn(a, r->modules.v[k], err) < 0)
				return oci_fail_in(err, "%s: modules: %s", r->id, r->modules.v[k]);
	}
	return 0;
}

static int choose_named(struct applying *a, const char *named, struct oci_err **err)
{
	for (size_t i = 0; i < a->m->streams.n; i++) {
		const struct oci_rpm_stream *s = &a->m->streams.v[i];

		if (!is_named(s, named))
			continue;
		*oci_map_at(&a->chosen, s->module) = s->stream;
		return 0;
	}
	auto_free char *known = known_streams(a->m, named);

	return oci_fail(err, OCI_NOTFOUND, "no such stream; of %.*s there are %s", (int)strcspn(named, ":"), named,
			known);
}

/* Asked for by name, but not to be had beside the others. */
static int check_named(struct applying *a, const char *named, struct oci_err **err)
{
	const struct oci_rpm_need *need = NULL;

	for (size_t i = 0; i < a->m->streams.n; i++) {
		const struct oci_rpm_stream *s = &a->m->streams.v[i];

		if (is_named(s, named) && !(need = unmet(s, &a->chosen, false)))
			return 0;
	}
	if (!need)
		return 0; /* no such stream: that was told when it was chosen */
	const char *wanted = need->streams.n ? need->streams.v[0] : "*", *used = oci_map_get(&a->chosen, need->module);

	if (!used)
		return oci_fail(err, OCI_NOTFOUND, "requires %s:%s, which no repository has", need->module, wanted);
	return oci_fail(err, OCI_CONFLICT, "requires %s:%s, but %s:%s is in use; say which in modules, too",
			need->module, wanted, need->module, used);
}

static int choose(struct applying *a, const struct oci_os *os, struct oci_err **err)
{
	for (size_t i = 0; i < a->m->defaults.n; i++)
		*oci_map_at(&a->chosen, a->m->defaults.items[i].key) = a->m->defaults.items[i].value;
	if (each_named(a, os, choose_named, err) < 0)
		return -1;
	oci_rpm_modules_need(a->m, &a->chosen);
	return each_named(a, os, check_named, err);
}

/* "name-epoch:version-release.arch": the name. Source packages stand in no one's way. */
static void take_name(struct applying *a, const char *artifact)
{
	auto_free char *name = oci_strdup(artifact);

	if (oci_ends(name, ".src") || oci_ends(name, ".nosrc"))
		return;
	for (int cut = 0; cut < 2; cut++) {
		char *dash = strrchr(name, '-');

		if (!dash)
			return;
		*dash = '\0';
	}
	Id id = pool_str2id(a->p->pool, name, 1);

	map_grow(&a->names, id + 1);
	MAPSET(&a->names, id);
}

static void index_streams(struct applying *a)
{
	for (size_t i = 0; i < a->m->streams.n; i++) {
		const struct oci_rpm_stream *s = &a->m->streams.v[i];
		bool used = is_used(s, &a->chosen, false);

		for (size_t k = 0; k < s->artifacts.n; k++) {
			void **at = oci_map_at(&a->artifacts, s->artifacts.v[k]);

			if (used) {
				*at = a;
				take_name(a, s->artifacts.v[k]);
			}
		}
	}
}

/* Its own name is among what it provides. */
static bool provides_name(const struct applying *a, const Solvable *s)
{
	for (const Id *d = oci_solve_ids(s->repo, s->provides); *d; d++) {
		Id name = *d;

		while (ISRELDEP(name))
			name = GETRELDEP(a->p->pool, name)->name;
		if (name >> 3 < a->names.size && MAPTST(&a->names, name))
			return true;
	}
	return false;
}

static bool is_hidden(const struct applying *a, Id id)
{
	Pool *pool = a->p->pool;
	const Solvable *s = pool_id2solvable(pool, id);
	const char *evr = pool_id2str(pool, s->evr);
	auto_free char *nevra = oci_printf("%s-%s%s.%s", pool_id2str(pool, s->name), strchr(evr, ':') ? "" : "0:", evr,
					   pool_id2str(pool, s->arch));

	if (oci_map_has(&a->artifacts, nevra))
		return !oci_map_get(&a->artifacts, nevra);
	return provides_name(a, s);
}

int oci_yum_modules_apply(struct oci_yum_pool *p, const struct oci_rpm_modules *m, const struct oci_os *os,
			  struct oci_err **err)
{
	struct applying a = { .p = p, .m = m };
	int rc = choose(&a, os, err);

	map_init(&a.names, 0);
	if (rc == 0 && m->streams.n) {
		index_streams(&a);
		OCI_YUM_EACH(p, id)
		{
			const struct oci_os_repo *repo = p->sources.v[p->nodes.v[id].source].repo;

			if (!(repo && repo->module_hotfixes) && is_hidden(&a, id))
				oci_yum_pool_hide(p, id);
		}
	}
	oci_map_clear(&a.chosen);
	oci_map_clear(&a.artifacts);
	map_free(&a.names);
	return rc;
}
