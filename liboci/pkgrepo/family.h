/* What one kind of repository (apt, yum) does for ops/repo_pack: read, solve, write, prove. A target is one OS for one
 * CPU; the targets that share an output folder are written together. */
#ifndef OCI_PKGREPO_FAMILY_H
#define OCI_PKGREPO_FAMILY_H

#include "base/err.h"
#include "base/vec.h"
#include "digest/digest.h"
#include "pkgrepo/os.h"
#include "pkgrepo/wants.h"

struct oci_out;
struct oci_repo_lock;
struct oci_repo_net;
struct oci_signer;

/* Below a system's folder: the repository of local packages that nobody signed whom the nodes trust. Of yum one a CPU;
 * of apt every local package, as a .deb bears no signature. */
#define OCI_REPO_APART "unsigned"

/* One package of a closure. */
struct oci_repo_pkg {
	char *name, *version, *arch; /* as its own metadata say */
	struct oci_digest digest;
	uint64_t size;
	char *url;			/* NULL for a local one */
	char *local;			/* path of a --with package, else NULL */
	bool apart;			/* nobody whom the nodes trust signed it: into a repository of its own */
	char *path;			/* below the target's output folder */
	char *stanza;			/* apt: its stanza as upstream has it. yum: its entry in primary */
	char *files, *other;		/* yum: its entries in filelists and other; NULL until they are read */
	const struct oci_os_repo *repo; /* it comes from; NULL for a local one. Lives as long as the OS */
};

struct oci_repo_closure {
	struct oci_repo_pkg *v; /* sorted by name, then version */
	size_t n, cap;
};

void oci_repo_pkg_clear(struct oci_repo_pkg *p);
void oci_repo_closure_clear(struct oci_repo_closure *c);

struct oci_repo_target {
	const struct oci_os *os;
	const char *arch;	       /* in the family's own words */
	const struct oci_strs *arches; /* all CPUs of the run, in anybody's words; may be NULL */
	const struct oci_wants *wants;
	const struct oci_strs *with;	    /* local package files of this family */
	const struct oci_list *base;	    /* the packages of a base system, or NULL */
	const struct oci_repo_lock *locked; /* only these packages, or NULL */
	bool recommends, with_essential;
	struct oci_repo_net *net;
	const char *cache; /* folder for metadata */
	const struct oci_out *out;
};

/* Where a target's packages stand, read back. */
struct oci_repo_place {
	const char *dir;	   /* the repository's folder */
	const struct oci_os *os;   /* NULL: not known (--prove) */
	struct oci_signer *signer; /* NULL: not signed */
	struct oci_strs keys;	   /* files of the keys that may have signed it, for reading back */
	struct oci_strs *proved;   /* gets the CPUs that were read back, in the family's words; may be NULL */
	int64_t date;
	const struct oci_out *out;
};

struct oci_repo_result {
	const struct oci_repo_target *target;
	struct oci_repo_closure closure;
};

/* Does a repository of local packages belong beside? Once it is there it stays, be it empty: the client file names it.
 */
bool oci_repo_needs_apart(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n);

struct oci_repo_family {
	/* Read the target's metadata and solve; warnings go to out. why (may be NULL): packages to explain, the chains
	 * added to chains, one for each. */
	int (*solve)(const struct oci_repo_target *t, struct oci_repo_closure *out, const struct oci_strs *why,
		     struct oci_strs *chains, struct oci_err **err);
	/* Write the metadata of the packages, which are in place, below place->dir. CPUs of an earlier run stay. */
	int (*write)(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		     struct oci_err **err);
	/* Files below dir that its metadata name, relative to it. */
	int (*list)(const char *dir, struct oci_strs *paths, struct oci_err **err);
	/* Read the repository of a folder back and solve `wants` from it alone (without any: each package of it). arch
	 * may be NULL: all that it has. */
	int (*prove)(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		     struct oci_err **err);
	/* Does this folder hold a repository of this family? */
	bool (*is_repo)(const char *dir);
};

extern const struct oci_repo_family oci_repo_apt;
extern const struct oci_repo_family oci_repo_yum;

const struct oci_repo_family *oci_repo_family(enum oci_os_family family);

#endif
