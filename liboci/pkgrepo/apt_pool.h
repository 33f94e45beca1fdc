/* The part of an index that a set of names can reach, as a libsolv pool. Reading dependencies of the rest would take
 * most of the time and memory, and cannot change the answer: nobody outside is a candidate for anything inside. */
#ifndef OCI_PKGREPO_APT_POOL_H
#define OCI_PKGREPO_APT_POOL_H

#include "base/map.h"
#include "base/vec.h"
#include "pkgrepo/apt_index.h"
#include "pkgrepo/apt_mention.h"

#include <solv/pool.h>
#include <solv/evr.h>
#include <solv/queue.h>
#include <solv/repo.h>

/* What apt looks at when it chooses, per solvable. */
struct oci_apt_node {
	uint32_t pkg; /* index into index->pkgs; UINT32_MAX for one of the base system */
	int pin;
	uint64_t rank;	  /* where its name is first mentioned: apt's order where nothing else decides */
	uint8_t priority; /* 1 required … 5 extra, 6 none */
	bool essential;
	bool important; /* Protected: yes, or its older word Important */
	bool candidate; /* the version that apt would take of its name */
};

struct oci_list;

struct oci_apt_pool {
	const struct oci_apt_index *index;
	char *arch;
	const struct oci_strs *cpus; /* CPUs that the same run is for; borrowed, may be NULL */
	Pool *pool;
	Repo *repo, *base;
	OCI_VEC(struct oci_apt_node) nodes; /* by solvable id */
	bool recommends;
	struct oci_map loaded; /* names whose packages are in the pool -> index + 1 into names */
	OCI_VEC(struct oci_apt_mention) names;
	OCI_VEC(struct oci_slice) todo;
};

struct oci_apt_pool *oci_apt_pool_new(const struct oci_apt_index *ix, const char *arch, bool recommends);

/* Assume the packages of a file installed; before the first oci_apt_pool_reach. */
int oci_apt_base_assume(struct oci_apt_pool *p, const struct oci_list *list, struct oci_err **err);

/* Load whatever a name and, in turn, the dependencies of its packages can reach. */
int oci_apt_pool_reach(struct oci_apt_pool *p, struct oci_slice name, struct oci_err **err);

/* Packages of this name, which were reached, provide a path. */
void oci_apt_pool_offer(struct oci_apt_pool *p, const char *name, const char *path);

/* After the last reach and offer: choose each name's candidate, prepare for look-ups. */
void oci_apt_pool_ready(struct oci_apt_pool *p);

const struct oci_apt_pkg *oci_apt_pool_pkg(const struct oci_apt_pool *p, Id solvable); /* NULL for the base system's */
struct oci_slice oci_apt_pool_stanza(const struct oci_apt_pool *p, Id solvable);
bool oci_apt_pool_installed(const struct oci_apt_pool *p, Id solvable);
/* Make this version the candidate of its name (name=version). */
void oci_apt_pool_prefer(struct oci_apt_pool *p, Id solvable);

void oci_apt_pool_free(struct oci_apt_pool *p);
void oci_apt_pool_freep(struct oci_apt_pool **p);
#define auto_apt_pool OCI_AUTO(oci_apt_pool_freep)

#endif
