/* What a node needs to use a repository: the settings file with @URL@ for the place that serves it, and the key. */
#ifndef OCI_PKGREPO_CLIENT_H
#define OCI_PKGREPO_CLIENT_H

#include "base/err.h"

struct oci_os;
struct oci_signer;

#define OCI_CLIENT_KEYS "/usr/share/keyrings" /* where apt nodes put the key */

/* Write OUT/repos/NAME.sources and NAME.list (apt) or NAME.repo (yum, with the keys that upstream
 * signs packages with as NAME-*), and the key as OUT/repos/kubecrate-NAME.asc. */
int oci_client_write(const char *out, const struct oci_os *os, const struct oci_signer *signer, struct oci_err **err);

#endif
