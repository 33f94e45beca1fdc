/* What apt would choose: its own order of looking at dependencies, without its problem resolver. libsolv decides real
 * conflicts, but ignores the order in "a | b" and would take a provider for the package itself; so it gets this walk's
 * choices as weak jobs (pkgrepo/apt_solve.h). The facts followed here are listed in docs/apt-closure.md. */
#ifndef OCI_PKGREPO_APT_WALK_H
#define OCI_PKGREPO_APT_WALK_H

#include "pkgrepo/apt_pool.h"

struct oci_apt_mark {
	bool chosen, keep_away, protect; /* keep_away: no longer a candidate */
};

struct oci_apt_walk {
	struct oci_apt_pool *pool;
	struct oci_apt_mark *marks; /* by solvable id */
};

struct oci_apt_walk *oci_apt_walk_new(struct oci_apt_pool *p);

/* All at once, as apt-get install does: `asked` are the candidates of the requested names. */
void oci_apt_walk_run(struct oci_apt_walk *w, const Queue *asked);

void oci_apt_walk_free(struct oci_apt_walk *w);
void oci_apt_walk_freep(struct oci_apt_walk **w);
#define auto_apt_walk OCI_AUTO(oci_apt_walk_freep)

/* Providers of a relation in the order in which apt tries them, each once: the first alternative before the second; in
 * one alternative what is protected, the name itself, essential ones, then those that the list protects, then by
 * Priority, the name that is mentioned later in the index first. */
void oci_apt_walk_order(const struct oci_apt_walk *w, Id relation, Queue *out);

#endif
