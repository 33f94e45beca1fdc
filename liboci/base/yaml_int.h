/* A document's inside, for who makes it and who gives it back. */
#ifndef OCI_BASE_YAML_INT_H
#define OCI_BASE_YAML_INT_H

#include "base/yaml.h"

/* Nodes are made by the thousand and go all at once. */
struct oci_yaml_chunk {
	struct oci_yaml_chunk *before;
	size_t n;
	struct oci_yaml nodes[64];
};

struct oci_yaml_doc {
	char *what;
	struct oci_yaml_chunk *chunk; /* the last one */
	struct oci_yaml *root;
};

#endif
