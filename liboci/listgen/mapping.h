/* Pairs of an upstream repository and its flat name on the site, as kubeplay's images_origin.yaml has them. */
#ifndef OCI_LISTGEN_MAPPING_H
#define OCI_LISTGEN_MAPPING_H

#include "base/buf.h"
#include "listgen/rows.h"

/* quay.io/calico/node becomes library/calico-node: the host goes, the rest is joined. Two repositories that would meet
 * under one name are an error (OCI_CONFLICT) that names both. */
int oci_mapping_print(const struct oci_rows *images, struct oci_buf *yaml, struct oci_err **err);
char *oci_mapping_flat(const char *host, const char *repository); /* "library/calico-node"; the caller's to free */

#endif
