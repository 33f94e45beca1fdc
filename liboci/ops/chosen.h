/* The images of a layout that a command line asks for. */
#ifndef OCI_OPS_CHOSEN_H
#define OCI_OPS_CHOSEN_H

#include "base/map.h"
#include "base/vec.h"
#include "image/layout.h"

struct oci_chosen {
	bool some;	      /* names were given; else all images are meant */
	struct oci_map names; /* full references */
};

/* lists are files with a name a line ("-" is stdin), operands single names or "-". `platform=any` behind a name is for
 * oci-fetch and ignored. */
int oci_chosen_load(struct oci_chosen *c, const struct oci_strs *lists, char *const *operands, struct oci_err **err);
bool oci_chosen_has(const struct oci_chosen *c, const char *name);
/* The error for a name that none of n layouts has; it tells what they have. */
int oci_chosen_absent(const char *name, const struct oci_layout *layouts, size_t n, struct oci_err **err);
void oci_chosen_clear(struct oci_chosen *c);

#endif
