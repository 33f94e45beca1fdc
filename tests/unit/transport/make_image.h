/* Small images for the tests of storage and transport: not runnable, but whole. */
#ifndef TEST_MAKE_IMAGE_H
#define TEST_MAKE_IMAGE_H

#include "image/layout.h"

/* A manifest for linux/ARCHITECTURE with one layer of the bytes `layer`; subject may be NULL. The caller clears it. */
struct oci_desc make_manifest(struct oci_layout *l, const char *architecture, const char *layer,
			      const struct oci_desc *subject);
struct oci_desc make_index(struct oci_layout *l, const struct oci_desc *children, size_t n);
void make_folder(char *pattern); /* "/tmp/x-XXXXXX" */

#endif
