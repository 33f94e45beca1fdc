/* A value for each of very many paths, in little memory: a tree of names, each of which is kept once, however much
 * stands below it. Paths are parts between slashes; "" is the root, which is there from the first path on. */
#ifndef OCI_BASE_PATHS_H
#define OCI_BASE_PATHS_H

#include "base/auto.h"

#include <stddef.h>
#include <stdint.h>

struct oci_paths {
	size_t value_size; /* to be set before the first path is added */
	char **chunks;	   /* of nodes, which never move */
	uint32_t n;	   /* nodes; the folders above a path are among them */
	uint32_t *slots;   /* node, 0 is free */
	size_t n_slots;
	uint64_t seed;			      /* of this tree, so that nobody can send names which all collide */
	char **texts;			      /* blocks of names */
	size_t n_texts, text_used, text_size; /* of the last block */
};

/* Values stay where they are until the end. */
void *oci_paths_find(const struct oci_paths *p, const char *path, size_t n); /* NULL when absent */
void *oci_paths_at(struct oci_paths *p, const char *path, size_t n);	     /* added, as zeros, when absent */
/* The value of the path, or else of the nearest folder above it that is there; *whole tells which. NULL: empty tree. */
void *oci_paths_nearest(const struct oci_paths *p, const char *path, size_t n, bool *whole);
void *oci_paths_above(const struct oci_paths *p, const void *value); /* of the folder above; NULL for the root */
void *oci_paths_nth(const struct oci_paths *p, uint32_t i);	     /* in the order they were added, 0 the root */
char *oci_paths_text(const struct oci_paths *p, const void *value);  /* the path; the caller's to free */
void oci_paths_clear(struct oci_paths *p);

#define auto_paths OCI_AUTO(oci_paths_clear)

#endif
