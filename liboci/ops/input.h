/* What -i names: a layout (oci:DIR or DIR), or the store of a registry (registry:DIR); and what -o does. */
#ifndef OCI_OPS_INPUT_H
#define OCI_OPS_INPUT_H

#include "image/layout.h"

/* Where a tool writes, said as sources are: kind ("oci:") in front of -o's path is fine, and left out here. A name
 * behind the path, as a source may have one, is refused: images keep theirs. */
int oci_output_path(const char *output, const char *kind, const char **out, struct oci_err **err);

/* A store is read as a layout of docker.io names, see storage/view.h. */
int oci_input_open(const char *input, struct oci_layout *out, struct oci_err **err);
/* Out of a store an image keeps its repository, library/ or not, unless a map renamed it: to becomes what the store
 * says of entry when it still has name's repository. */
void oci_input_repository(const struct oci_desc *entry, const struct oci_ref *name, struct oci_ref *to);

#endif
