/* Paths that packages require: primary lists only some of a package's files. */
#ifndef OCI_PKGREPO_YUM_PATHS_H
#define OCI_PKGREPO_YUM_PATHS_H

#include <stdbool.h>

/* Does primary name every package's file of this path? It does below /etc, in folders whose name ends in bin, and of
 * /usr/lib/sendmail. */
bool oci_yum_path_is_primary(const char *path);

#endif
