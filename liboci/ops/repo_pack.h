/* repo-pack: package names in, offline apt and yum repositories out. */
#ifndef OCI_OPS_REPO_PACK_H
#define OCI_OPS_REPO_PACK_H

#include "base/err.h"
#include "base/out.h"
#include "base/vec.h"

struct oci_repo_pack {
	struct oci_out out;
	struct oci_strs os;	 /* names, files, "host"; "+ID" switches add-ons on */
	struct oci_strs arch;	 /* "amd64,arm64"; empty: this machine's */
	struct oci_strs groups;	 /* "tools,extra" */
	struct oci_strs with;	 /* local packages */
	struct oci_strs mirrors; /* "PREFIX=URL" */
	struct oci_strs why;	 /* packages to explain; nothing is downloaded then */
	struct oci_strs lists;	 /* -f FILE */
	const char *base, *sign_key, *lock, *output, *prove;
	bool recommends, with_essential, locked, prune, dry_run;
	int jobs;
	char *const *operands; /* PACKAGES.yaml, names, "-" */
};

/* Solve, download, write and prove. One record a package: OS ARCH PACKAGE VERSION BYTES new|kept. An OS that fails does
 * not stop the others. */
int oci_repo_pack_run(const struct oci_repo_pack *what, struct oci_err **err);

void oci_repo_pack_clear(struct oci_repo_pack *what); /* the lists that options filled */

#endif
