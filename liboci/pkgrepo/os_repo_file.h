/* yum's .repo files. */
#ifndef OCI_PKGREPO_OS_REPO_FILE_H
#define OCI_PKGREPO_OS_REPO_FILE_H

#include "base/slice.h"
#include "pkgrepo/os.h"

/* Add the repositories of one .repo file to a description. */
int oci_os_repo_file(struct oci_os *os, const char *path, struct oci_err **err);

#endif
