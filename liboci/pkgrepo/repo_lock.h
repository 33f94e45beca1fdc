/* Lock files: sorted lines "NAME VERSION ARCH DIGEST OS CPU". ARCH is the package's own ("all", "noarch"), CPU the one
 * that it was taken for: what serves any CPU may be needed, or offered, for one of them only. */
#ifndef OCI_PKGREPO_REPO_LOCK_H
#define OCI_PKGREPO_REPO_LOCK_H

#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "base/vec.h"
#include "digest/digest.h"

struct oci_repo_result;

struct oci_repo_lock {
	char *path;
	struct oci_strs lines; /* sorted */
};

int oci_repo_lock_load(const char *path, struct oci_repo_lock *out, struct oci_err **err);

/* Write what results hold, atomically. */
int oci_repo_lock_save(const char *path, const struct oci_repo_result *results, size_t n, struct oci_err **err);

/* A package as a lock names it. */
struct oci_repo_lock_pkg {
	struct oci_slice name, version, arch;
	const struct oci_digest *digest;
};

/* The locked packages of one OS and CPU, and which of them were found. */
struct oci_repo_locked {
	const struct oci_repo_lock *lock;
	const char *os, *cpu;
	struct oci_map lines; /* -> not NULL: found */
	struct oci_map names;
};

void oci_repo_locked_begin(struct oci_repo_locked *l, const struct oci_repo_lock *lock, const char *os,
			   const char *cpu);
/* Is a package of this name locked? Cheap, to be asked before oci_repo_locked_take. */
bool oci_repo_locked_name(const struct oci_repo_locked *l, struct oci_slice name);
/* Is this one locked? It counts as found then. */
bool oci_repo_locked_take(struct oci_repo_locked *l, const struct oci_repo_lock_pkg *p);
/* A locked package that was not found is an error. l is cleared. */
int oci_repo_locked_end(struct oci_repo_locked *l, struct oci_err **err);

void oci_repo_lock_clear(struct oci_repo_lock *lock);
#define auto_repo_lock OCI_AUTO(oci_repo_lock_clear)

#endif
