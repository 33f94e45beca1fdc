/* The packages of an OS's rpm-md repositories for one CPU, as a libsolv pool. Descriptions and changelogs stay in the
 * documents: a package keeps its place there, and what is chosen is copied from it. */
#ifndef OCI_PKGREPO_YUM_POOL_H
#define OCI_PKGREPO_YUM_POOL_H

#include "base/map.h"
#include "base/vec.h"
#include "digest/digest.h"
#include "pkgrepo/yum_repo.h"

#include <solv/pool.h>
#include <solv/queue.h>
#include <solv/repo.h>

/* Where packages come from: a repository, or elements in memory (--with, a repository read back). */
struct oci_yum_source {
	char *what;			/* for messages */
	const struct oci_os_repo *repo; /* NULL: of nobody's */
	char *base;			/* URL that locations continue; NULL: they are paths of this machine */
	char *path;			/* of the primary document, unpacked; or */
	char *text;			/* the document itself */
	bool apart;			/* its packages go into a repository of their own */
	struct oci_yum_repo yum;	/* its repomd; empty when there is none */
	struct oci_yum_file filelists;	/* .data NULL: none; else of yum's */
	Repo *solv;
	Repodata *files; /* of primary, until the pool is ready */
};

struct oci_yum_node {
	uint64_t at; /* of its element in the document */
	uint32_t len;
	uint32_t source;
	struct oci_digest digest;
};

struct oci_yum_pool {
	char *arch;
	const struct oci_strs *cpus; /* that the same run is for; borrowed, may be NULL */
	bool recommends;
	bool locked; /* what no lock names is hidden */
	Pool *pool;
	Repo *base;	 /* assumed installed; NULL: nothing is */
	Queue base_like; /* pairs: its package, and the repositories' one that says what it provides */
	OCI_VEC(struct oci_yum_source) sources;
	OCI_VEC(struct oci_yum_node) nodes; /* by solvable id */
	Map considered;			    /* what oci_yum_pool_hide left */
};

struct oci_yum_pool *oci_yum_pool_new(const char *arch, bool recommends);
void oci_yum_pool_free(struct oci_yum_pool *p);
void oci_yum_pool_freep(struct oci_yum_pool **p);
#define auto_yum_pool OCI_AUTO(oci_yum_pool_freep)

/* Add the packages of a source (taken, on failure too) that this CPU can use. */
int oci_yum_pool_add(struct oci_yum_pool *p, struct oci_yum_source *source_take, struct oci_err **err);
void oci_yum_source_clear(struct oci_yum_source *s);

/* Can a system of this CPU have packages of that one? x86_64 takes i686, all take noarch. */
bool oci_yum_cpu_takes(const char *cpu, const char *arch);

/* Take a package out of the game; before oci_yum_pool_ready. */
void oci_yum_pool_hide(struct oci_yum_pool *p, Id solvable);
bool oci_yum_pool_hidden(const struct oci_yum_pool *p, Id solvable);

/* Prepare for look-ups; again whenever provides were added. */
void oci_yum_pool_ready(struct oci_yum_pool *p);

/* Its element of the primary document, as it is written; the caller's to free. */
int oci_yum_pool_element(const struct oci_yum_pool *p, Id solvable, char **out, struct oci_err **err);

static inline bool oci_yum_pool_installed(const struct oci_yum_pool *p, Id solvable)
{
	return p->base && pool_id2solvable(p->pool, solvable)->repo == p->base;
}

/* Every package that can be chosen, in order; base and hidden ones are left out. */
#define OCI_YUM_EACH(p, id)                                                                                            \
	for (Id id = 2; id < (p)->pool->nsolvables; id++)                                                              \
		if (!oci_yum_pool_usable((p), id)) {                                                                   \
		} else

static inline bool oci_yum_pool_usable(const struct oci_yum_pool *p, Id id)
{
	const Solvable *s = pool_id2solvable(p->pool, id);

	return s->repo && s->repo != p->base && !oci_yum_pool_hidden(p, id);
}

/* The dependency that "NAME OP EVR" means; rich ones ("(a or b)") too. */
Id oci_yum_dep(Pool *pool, const char *name, int op, const char *evr);

#endif
