/* yum's .repo files, and the folder they lie in. */
#ifndef OCI_PKGREPO_OS_REPO_FILE_H
#define OCI_PKGREPO_OS_REPO_FILE_H

#include "base/map.h"
#include "pkgrepo/os.h"

struct oci_repo_folder {
	const char *dir;
	char *root;	     /* of the system whose etc/yum.repos.d it is, else NULL */
	struct oci_map vars; /* of etc/dnf/vars and the like: name -> char * */
};

/* $name and ${name} of the folder's own variables filled in; the caller's to free. */
char *oci_repo_folder_expand(const struct oci_repo_folder *folder, const char *text);

/* Add the repositories of one .repo file to a description. A key is looked for beside the file first, by its name. */
int oci_os_repo_file(const struct oci_repo_folder *folder, const char *path, struct oci_os *os, struct oci_err **err);

#endif
