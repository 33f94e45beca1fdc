/* Lock files: sorted lines "NAME VERSION ARCH DIGEST OS". ARCH is the CPU a package was taken for. */
#ifndef OCI_PKGREPO_REPO_LOCK_H
#define OCI_PKGREPO_REPO_LOCK_H

#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "base/vec.h"

struct oci_apt_index;
struct oci_repo_result;

struct oci_repo_lock {
	char *path;
	struct oci_strs lines; /* sorted */
};

int oci_repo_lock_load(const char *path, struct oci_repo_lock *out, struct oci_err **err);

/* Write what results hold, atomically. */
int oci_repo_lock_save(const char *path, const struct oci_repo_result *results, size_t n, struct oci_err **err);

/* The locked packages of one OS and CPU, and which of them were found. */
struct oci_repo_locked {
	const struct oci_repo_lock *lock;
	const char *os, *arch;
	struct oci_map lines; /* -> not NULL: found */
	struct oci_map names;
};

void oci_repo_locked_begin(struct oci_repo_locked *l, const struct oci_repo_lock *lock, const char *os,
			   const char *arch);
/* Is a package of this name locked? Cheap, to be asked before oci_repo_locked_take. */
bool oci_repo_locked_name(const struct oci_repo_locked *l, struct oci_slice name);
/* Is this one locked? It counts as found then. */
bool oci_repo_locked_take(struct oci_repo_locked *l, struct oci_slice name, struct oci_slice version,
			  const char *digest);
/* A locked package that was not found is an error. l is cleared. */
int oci_repo_locked_end(struct oci_repo_locked *l, struct oci_err **err);

/* Leave nothing in the index but what is locked for this OS and CPU. */
int oci_repo_lock_keep(const struct oci_repo_lock *lock, const char *os, const char *arch, struct oci_apt_index *ix,
		       struct oci_err **err);

/* "name version arch digest os" is it locked? */
bool oci_repo_lock_has(const struct oci_repo_lock *lock, const char *line);
void oci_repo_lock_clear(struct oci_repo_lock *lock);
#define auto_repo_lock OCI_AUTO(oci_repo_lock_clear)

#endif
