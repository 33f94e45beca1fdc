/* Stanzas into the pool: those of a name, then of whatever they can lead to. */
#include "pkgrepo/apt_pool_int.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_dep.h"
#include "pkgrepo/os.h"

#include <fnmatch.h>
#include <stdlib.h>

static Id slice_id(Pool *pool, struct oci_slice s)
{
	return pool_strn2id(pool, s.p, (unsigned)s.len, 1);
}

/* "a:any" is what packages marked Multi-Arch: allowed provide besides "a". Our own CPU's, or none, is the plain name;
 * what is said of another CPU's package concerns nobody here. */
static Id name_id(const struct oci_apt_pool *p, const struct oci_deb_dep *dep)
{
	if (!dep->arch.len || oci_slice_eq(dep->arch, p->arch) || oci_slice_eq(dep->arch, "native") ||
	    oci_slice_eq(dep->arch, "all"))
		return slice_id(p->pool, dep->name);
	auto_free char *text =
		oci_printf("%.*s:%.*s", (int)dep->name.len, dep->name.p, (int)dep->arch.len, dep->arch.p);

	return pool_str2id(p->pool, text, 1);
}

Id oci_apt_pool_dep(const struct oci_apt_pool *p, const struct oci_deb_dep *dep)
{
	Pool *pool = p->pool;
	Id id = name_id(p, dep);
	int flags = (dep->op & OCI_DEB_LT ? REL_LT : 0) | (dep->op & OCI_DEB_EQ ? REL_EQ : 0) |
		    (dep->op & OCI_DEB_GT ? REL_GT : 0);

	return dep->op ? pool_rel2id(pool, id, slice_id(pool, dep->version), flags, 1) : id;
}

static void want_name(struct oci_apt_pool *p, struct oci_slice name)
{
	void **at = oci_map_at_n(&p->loaded, name.p, name.len);

	if (*at)
		return;
	oci_vec_push(&p->names)->rank = UINT64_MAX;
	*at = (void *)(uintptr_t)p->names.n;
	*oci_vec_push(&p->todo) = name;
}

/* a | b | c, in order. */
struct relation {
	struct oci_deb_dep alternatives[64];
	size_t n;
};

static int next_relation(struct oci_slice *rest, struct relation *r, struct oci_err **err)
{
	int rc;

	r->n = 0;
	do {
		if (r->n == OCI_COUNT(r->alternatives))
			return oci_fail(err, OCI_UNSUPPORTED, "a relation with more than %zu alternatives",
					OCI_COUNT(r->alternatives));
		rc = oci_deb_dep_next(rest, &r->alternatives[r->n], err);
		if (rc <= 0)
			return rc < 0 || !r->n ? rc : 1;
		r->n++;
	} while (r->alternatives[r->n - 1].more);
	return 1;
}

static Id relation_id(const struct oci_apt_pool *p, const struct relation *r)
{
	Id id = oci_apt_pool_dep(p, &r->alternatives[r->n - 1]);

	for (size_t i = r->n - 1; i-- > 0;)
		id = pool_rel2id(p->pool, oci_apt_pool_dep(p, &r->alternatives[i]), id, REL_OR, 1);
	return id;
}

static int add_relations(struct oci_apt_pool *p, struct oci_slice value, bool follow, Offset *to, struct oci_err **err)
{
	struct relation r;
	int rc;

	while ((rc = next_relation(&value, &r, err)) > 0) {
		*to = repo_addid(p->repo, *to, relation_id(p, &r));
		for (size_t i = 0; follow && i < r.n; i++)
			want_name(p, r.alternatives[i].name);
	}
	return rc;
}

static uint8_t priority_of(struct oci_slice value)
{
	static const char *const words[] = { "required", "important", "standard", "optional", "extra" };

	for (size_t i = 0; i < OCI_COUNT(words); i++)
		if (oci_slice_eq(value, words[i]))
			return (uint8_t)(i + 1);
	return OCI_COUNT(words) + 1;
}

struct relations {
	struct oci_slice pre_depends, depends, recommends, conflicts, breaks, provides, multi_arch, priority, arch,
		important, protected;
};

static void find_relations(struct oci_slice stanza, struct relations *r)
{
	const struct {
		const char *name;
		struct oci_slice *to;
	} fields[] = { { "Depends", &r->depends },	 { "Pre-Depends", &r->pre_depends },
		       { "Recommends", &r->recommends }, { "Conflicts", &r->conflicts },
		       { "Breaks", &r->breaks },	 { "Provides", &r->provides },
		       { "Multi-Arch", &r->multi_arch }, { "Priority", &r->priority },
		       { "Architecture", &r->arch },	 { "Important", &r->important },
		       { "Protected", &r->protected } };
	struct oci_field822 f;

	while (oci_stanza_field(&stanza, &f))
		for (size_t i = 0; i < OCI_COUNT(fields); i++)
			if (oci_field_is(f.name, fields[i].name))
				*fields[i].to = f.value;
}

static void provide(struct oci_apt_pool *p, Solvable *s, Id name, Id evr)
{
	s->provides = repo_addid(p->repo, s->provides, pool_rel2id(p->pool, name, evr, REL_EQ, 1));
}

/* A package marked Multi-Arch: allowed fulfils "a:any" by its name, and by each name that it provides. */
static int provide_any(struct oci_apt_pool *p, Solvable *s, struct oci_slice provides, struct oci_err **err)
{
	auto_free char *any = oci_printf("%s:any", pool_id2str(p->pool, s->name));
	struct oci_deb_dep dep;
	int rc;

	provide(p, s, pool_str2id(p->pool, any, 1), s->evr);
	while ((rc = oci_deb_dep_next(&provides, &dep, err)) > 0) {
		if (dep.arch.len)
			continue;
		dep.arch = oci_slice("any");
		s->provides = repo_addid(p->repo, s->provides, oci_apt_pool_dep(p, &dep));
	}
	return rc;
}

/* The order matters to the walk: what apt reads first, it installs first. */
static int fill(struct oci_apt_pool *p, Id id, const struct relations *r, struct oci_err **err)
{
	Solvable *s = pool_id2solvable(p->pool, id);
	Offset requires = 0, recommends = 0, conflicts = 0, provides = 0;

	if (add_relations(p, r->pre_depends, true, &requires, err) < 0 ||
	    add_relations(p, r->depends, true, &requires, err) < 0 ||
	    (p->recommends && add_relations(p, r->recommends, true, &recommends, err) < 0) ||
	    add_relations(p, r->conflicts, false, &conflicts, err) < 0 ||
	    add_relations(p, r->breaks, false, &conflicts, err) < 0 ||
	    add_relations(p, r->provides, false, &provides, err) < 0)
		return -1;
	s->requires = requires;
	s->recommends = recommends;
	s->conflicts = conflicts;
	s->provides = provides;
	provide(p, s, s->name, s->evr);
	return oci_slice_eq(r->multi_arch, "allowed") ? provide_any(p, s, r->provides, err) : 0;
}

static bool is_excluded(const struct oci_apt_file *file, struct oci_slice name)
{
	if (!file->repo || !file->repo->exclude.n)
		return false;
	auto_free char *text = oci_slice_dup(name);

	for (size_t i = 0; i < file->repo->exclude.n; i++)
		if (fnmatch(file->repo->exclude.v[i], text, 0) == 0)
			return true;
	return false;
}

/* One stanza twice in the pool (a suite and its updates hold the same version) would be a choice that is none. */
static bool is_there(const struct oci_apt_pool *p, Id name, Id evr, int pin)
{
	for (Id id = p->pool->nsolvables - 1; id >= p->repo->start && id > 0; id--) {
		const Solvable *s = pool_id2solvable(p->pool, id);

		if (s->name != name)
			break; /* the stanzas of one name are added in a row */
		if (s->repo == p->repo && s->evr == evr && p->nodes.v[id].pin >= pin)
			return true;
	}
	return false;
}

static int load_pkg(struct oci_apt_pool *p, uint32_t index, struct oci_err **err)
{
	const struct oci_apt_pkg *pkg = &p->index->pkgs.v[index];
	const struct oci_apt_file *file = &p->index->files.v[pkg->file];
	Id name = slice_id(p->pool, pkg->name), evr = slice_id(p->pool, pkg->version);

	if (pkg->flags & OCI_APT_LEFT_OUT || is_excluded(file, pkg->name) || is_there(p, name, evr, file->pin))
		return 0;
	struct relations r = { 0 };

	find_relations(pkg->text, &r);
	Id id = repo_add_solvable(p->repo);
	Solvable *s = pool_id2solvable(p->pool, id);

	s->name = name;
	s->evr = evr;
	s->arch = slice_id(p->pool, r.arch);
	*oci_apt_pool_node(p, id) = (struct oci_apt_node){ .pkg = index,
							   .pin = file->pin,
							   .priority = priority_of(r.priority),
							   .essential = pkg->flags & OCI_APT_ESSENTIAL,
							   .important = oci_slice_eq(r.important, "yes") ||
									oci_slice_eq(r.protected, "yes") };
	if (fill(p, id, &r, err) < 0)
		return oci_fail_in(err, "%s: %.*s %.*s", file->what, (int)pkg->name.len, pkg->name.p,
				   (int)pkg->version.len, pkg->version.p);
	return 0;
}

static int compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The packages of this very name, in index order; those that provide it are loaded under their own names. */
static int load_name(struct oci_apt_pool *p, struct oci_slice name, struct oci_err **err)
{
	const struct oci_apt_entry *e = oci_apt_index_find(p->index, name);
	OCI_VEC(uint32_t) own = { 0 };
	int rc = 0;

	for (; e; e = oci_apt_index_next(p->index, e)) {
		if (e->provided)
			want_name(p, p->index->pkgs.v[e->pkg].name);
		else
			*oci_vec_push(&own) = e->pkg;
	}
	if (own.n)
		qsort(own.v, own.n, sizeof(*own.v), compare_u32);
	for (size_t i = 0; i < own.n && rc == 0; i++)
		rc = load_pkg(p, own.v[i], err);
	free(own.v);
	return rc;
}

int oci_apt_pool_reach(struct oci_apt_pool *p, struct oci_slice name, struct oci_err **err)
{
	want_name(p, name);
	while (p->todo.n) {
		struct oci_slice next = p->todo.v[--p->todo.n];

		if (load_name(p, next, err) < 0)
			return -1;
	}
	return 0;
}
