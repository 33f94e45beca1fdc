/* Renaming of images by a file of pairs (--map):
 *
 *	- src: k8s.gcr.io/kube-proxy
 *	  dest: library/kube-proxy
 *
 * A pair without tags is for every tag and digest of src and keeps them; a pair with tags is for that tag alone and
 *goes first. */
#ifndef OCI_IMAGE_RENAME_H
#define OCI_IMAGE_RENAME_H

#include "image/ref.h"

struct oci_rename;

/* Errors name the file, line and column. */
int oci_rename_load(const char *path, struct oci_rename **out, struct oci_err **err);
int oci_rename_parse(const char *what, const char *text, size_t n, struct oci_rename **out, struct oci_err **err);

/* What a list line means: it is fetched as *from and stands under *to. A line that equals a pair's dest comes from its
 * src; one that equals a src stands under its dest; any other is both. OCI_CONFLICT names the pairs when more than one
 * answers: two src for one dest, two dest for one src. map may be NULL. */
int oci_rename_line(const struct oci_rename *map, const struct oci_ref *line, struct oci_ref *from, struct oci_ref *to,
		    struct oci_err **err);

/* Where something that is already here, under name, is to stand: under dest when name is a src, else under name. */
int oci_rename_target(const struct oci_rename *map, const struct oci_ref *name, struct oci_ref *to,
		      struct oci_err **err);

void oci_rename_free(struct oci_rename *map);
void oci_rename_freep(struct oci_rename **map);

#define auto_rename OCI_AUTO(oci_rename_freep)

#endif
