#include "transport/cosign_int.h"

#include "base/auto.h"

char *oci_cosign_tag(const struct oci_digest *d, unsigned which)
{
	static const char *const suffixes[OCI_COSIGN_TAGS] = { "sig", "att", "sbom" };

	return oci_printf("%s-%s.%s", oci_digest_algorithm(d), OCI_HEX(d), suffixes[which]);
}
