#include "pkgrepo/yum_pool.h"

#include "base/buf.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/solve.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <solv/evr.h>
#include <solv/pool_parserpmrichdep.h>
#include <solv/poolarch.h>
#include <solv/solver.h>

#define MAX_PRIMARY ((uint64_t)4 << 30)

/* dnf's defaults where they differ from libsolv's: what is 32 and 64 bit of one name may stand together. */
struct oci_yum_pool *oci_yum_pool_new(const char *arch, bool recommends)
{
	struct oci_yum_pool *p = oci_calloc(1, sizeof(*p));

	p->arch = oci_strdup(arch);
	p->recommends = recommends;
	p->pool = pool_create();
	queue_init(&p->base_like);
	pool_setdisttype(p->pool, DISTTYPE_RPM);
	pool_set_flag(p->pool, POOL_FLAG_IMPLICITOBSOLETEUSESCOLORS, 1);
	pool_set_flag(p->pool, POOL_FLAG_OBSOLETEUSESCOLORS, 1);
	pool_setarch(p->pool, arch);
	return p;
}

void oci_yum_source_clear(struct oci_yum_source *s)
{
	free(s->what);
	free(s->base);
	free(s->path);
	free(s->text);
	oci_yum_file_clear(&s->filelists);
	oci_yum_repo_clear(&s->yum);
	*s = (struct oci_yum_source){ 0 };
}

void oci_yum_pool_free(struct oci_yum_pool *p)
{
	if (!p)
		return;
	p->pool->considered = NULL;
	pool_free(p->pool);
	for (size_t i = 0; i < p->sources.n; i++)
		oci_yum_source_clear(&p->sources.v[i]);
	free(p->sources.v);
	map_free(&p->considered);
	queue_free(&p->base_like);
	free(p->arch);
	free(p->nodes.v);
	free(p);
}

void oci_yum_pool_freep(struct oci_yum_pool **p)
{
	oci_yum_pool_free(*p);
	*p = NULL;
}

static struct oci_yum_node *new_node(struct oci_yum_pool *p, Id solvable)
{
	while (p->nodes.n <= (size_t)solvable)
		oci_vec_push(&p->nodes);
	return &p->nodes.v[solvable];
}

Id oci_yum_dep(Pool *pool, const char *name, int op, const char *evr)
{
	Id id = *name == '(' ? pool_parserpmrichdep(pool, name) : 0;
	int flags = (op & OCI_RPM_LT ? REL_LT : 0) | (op & OCI_RPM_EQ ? REL_EQ : 0) | (op & OCI_RPM_GT ? REL_GT : 0);

	if (!id)
		id = pool_str2id(pool, name, 1);
	return op ? pool_rel2id(pool, id, pool_str2id(pool, evr, 1), flags, 1) : id;
}

struct adding {
	struct oci_yum_pool *p;
	const struct oci_yum_source *source;
	uint32_t index;
};

static Offset add_deps(const struct adding *a, const struct oci_rpm_pkg *pkg, enum oci_rpm_dep_kind kind)
{
	const struct oci_rpm_deps *deps = &pkg->deps[kind];
	Offset to = 0;

	for (size_t i = 0; i < deps->n; i++) {
		const char *name = oci_rpm_text(pkg, deps->v[i].name);

		/* what rpm itself must be able to do */
		if (kind == OCI_RPM_REQUIRES && oci_starts(name, "rpmlib("))
			continue;
		Id id = oci_yum_dep(a->p->pool, name, deps->v[i].op, oci_rpm_text(pkg, deps->v[i].evr));

		to = repo_addid(a->source->solv, to, id);
	}
	return to;
}

/* Every package provides itself; most say so. */
static void add_provides(const struct adding *a, const struct oci_rpm_pkg *pkg, Id id)
{
	Offset to = add_deps(a, pkg, OCI_RPM_PROVIDES);
	Solvable *s = pool_id2solvable(a->p->pool, id);
	Id self = pool_rel2id(a->p->pool, s->name, s->evr, REL_EQ, 1);

	for (const Id *had = oci_solve_ids(a->source->solv, to); *had; had++)
		if (*had == self)
			self = 0;
	s->provides = self ? repo_addid(a->source->solv, to, self) : to;
}

static void add_files(const struct adding *a, const struct oci_rpm_pkg *pkg, Id id)
{
	Repodata *data = a->source->files;

	for (size_t i = 0; i < pkg->files.n; i++) {
		const char *path = oci_rpm_text(pkg, pkg->files.v[i]), *base = strrchr(path, '/');

		if (!base)
			continue;
		auto_free char *dir = oci_strndup(path, (size_t)(base - path));

		repodata_add_dirstr(data, id, SOLVABLE_FILELIST, repodata_str2dir(data, *dir ? dir : "/", 1), base + 1);
	}
}

static bool can_use(const Pool *pool, const char *arch)
{
	Id id = pool_str2id((Pool *)(uintptr_t)pool, arch, 0);

	return id && (id == ARCH_NOARCH || (id <= pool->lastarch && pool->id2arch[id]));
}

bool oci_yum_cpu_takes(const char *cpu, const char *arch)
{
	auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new(cpu, false);

	return can_use(p->pool, arch);
}

static int add_pkg(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	const struct adding *a = ctx;
	Pool *pool = a->p->pool;
	const char *name = oci_rpm_text(pkg, pkg->name), *arch = oci_rpm_text(pkg, pkg->arch),
		   *evr = oci_rpm_text(pkg, pkg->evr);

	if (!can_use(pool, arch))
		return 0;
	if (pkg->digest.algorithm == OCI_NO_DIGEST)
		return oci_fail(err, OCI_UNSUPPORTED,
				"%s: package %s: neither a sha256 nor a sha512 checksum; nothing weaker is taken",
				a->source->what, name);
	if (pkg->len > UINT32_MAX)
		return oci_fail(err, OCI_BADINPUT, "package %s: its entry is too long", name);
	Id id = repo_add_solvable(a->source->solv);
	Solvable *s = pool_id2solvable(pool, id);

	*new_node(a->p, id) = (struct oci_yum_node){ pkg->at, (uint32_t)pkg->len, a->index, pkg->digest };
	s->name = pool_str2id(pool, name, 1);
	s->arch = pool_str2id(pool, arch, 1);
	s->evr = pool_str2id(pool, evr, 1);
	/* in the order of the documents: between equals the solver takes the name that was heard first, as dnf's does
	 */
	add_provides(a, pkg, id);
	s = pool_id2solvable(pool, id);
	s->requires = add_deps(a, pkg, OCI_RPM_REQUIRES);
	s->conflicts = add_deps(a, pkg, OCI_RPM_CONFLICTS);
	s->obsoletes = add_deps(a, pkg, OCI_RPM_OBSOLETES);
	s->suggests = add_deps(a, pkg, OCI_RPM_SUGGESTS);
	s->enhances = add_deps(a, pkg, OCI_RPM_ENHANCES);
	s->recommends = add_deps(a, pkg, OCI_RPM_RECOMMENDS);
	s->supplements = add_deps(a, pkg, OCI_RPM_SUPPLEMENTS);
	add_files(a, pkg, id);
	return 0;
}

static int open_document(const struct oci_yum_source *s, struct oci_reader *out, struct oci_err **err)
{
	if (s->text) {
		*out = oci_reader_of_memory(s->text, strlen(s->text));
		return 0;
	}
	return oci_reader_of_path(out, s->path, err);
}

int oci_yum_pool_add(struct oci_yum_pool *p, struct oci_yum_source *source_take, struct oci_err **err)
{
	struct oci_yum_source *s = oci_vec_push(&p->sources);

	*s = *source_take;
	*source_take = (struct oci_yum_source){ 0 };
	auto_reader struct oci_reader r = { 0 };

	if (open_document(s, &r, err) < 0)
		return -1;
	s->solv = repo_create(p->pool, s->repo ? s->repo->id : "local");
	if (s->repo) {
		s->solv->priority = -(int)oci_yum_repo_priority(s->repo);
		s->solv->subpriority = -(int)oci_yum_repo_cost(s->repo);
	}
	s->files = repo_add_repodata(s->solv, 0);
	struct adding a = { p, s, (uint32_t)(p->sources.n - 1) };
	int rc = oci_primary_read(&r, s->what, MAX_PRIMARY, add_pkg, &a, err);

	repodata_internalize(s->files);
	return rc;
}

void oci_yum_pool_hide(struct oci_yum_pool *p, Id solvable)
{
	if (p->considered.size < (p->pool->nsolvables >> 3) + 1) {
		int had = p->considered.size;

		map_grow(&p->considered, p->pool->nsolvables);
		memset(p->considered.map + had, 0xff, (size_t)(p->considered.size - had));
	}
	MAPCLR(&p->considered, solvable);
}

bool oci_yum_pool_hidden(const struct oci_yum_pool *p, Id solvable)
{
	return p->considered.size > solvable >> 3 && !MAPTST(&p->considered, solvable);
}

void oci_yum_pool_ready(struct oci_yum_pool *p)
{
	if (p->considered.size) {
		oci_yum_pool_hide(p, 0); /* as long as the pool is now */
		p->pool->considered = &p->considered;
	}
	pool_addfileprovides(p->pool);
	pool_createwhatprovides(p->pool);
}

int oci_yum_pool_element(const struct oci_yum_pool *p, Id solvable, char **out, struct oci_err **err)
{
	const struct oci_yum_node *n = &p->nodes.v[solvable];
	const struct oci_yum_source *s = &p->sources.v[n->source];

	if (s->text) {
		*out = oci_strndup(s->text + n->at, n->len);
		return 0;
	}
	auto_fd int fd = open(s->path, O_RDONLY | O_CLOEXEC);
	auto_free char *text = oci_calloc(1, (size_t)n->len + 1);

	if (fd < 0)
		return oci_fail_errno(err, "%s", s->path);
	ssize_t got = pread(fd, text, n->len, (off_t)n->at);

	if (got != (ssize_t)n->len)
		return oci_fail(err, OCI_FAILED, "%s: changed while it was read", s->path);
	*out = oci_steal(&text);
	return 0;
}
