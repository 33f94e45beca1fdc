/* The tags under which cosign keeps what belongs to a digest.
 * https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
#ifndef OCI_TRANSPORT_COSIGN_INT_H
#define OCI_TRANSPORT_COSIGN_INT_H

#include "digest/digest.h"

#define OCI_COSIGN_TAGS 3 /* a signature, attestations, an SBOM */

char *oci_cosign_tag(const struct oci_digest *d, unsigned which); /* the caller's to free */

#endif
