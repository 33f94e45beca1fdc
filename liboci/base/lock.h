/* Two runs on one output folder take turns. */
#ifndef OCI_BASE_LOCK_H
#define OCI_BASE_LOCK_H

#include "base/err.h"

struct oci_out;

/* Lock a folder (made when missing) with flock(2) on the folder itself: no file is left behind, and the kernel lets go
 * when the process dies. Waits for another run, saying so on out's stderr, and for what has the name then. Where the
 * file system has no locks there is a warning and no turn. *fd is the caller's to close. */
int oci_lock_dir(const char *dir, const struct oci_out *out, int *fd, struct oci_err **err);

#endif
