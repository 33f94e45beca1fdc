/* What stands where while layers are put together from the top one down: paths and who has them, no contents. */
#ifndef OCI_BUNDLE_TREE_H
#define OCI_BUNDLE_TREE_H

#include "base/paths.h"
#include "base/vec.h"
#include "digest/digest.h"

enum oci_claim_kind {
	OCI_CLAIM_NONE,	   /* only marks, nobody has the path */
	OCI_CLAIM_IMPLIED, /* a folder that something stands in, without a member of its own so far */
	OCI_CLAIM_FOLDER,
	OCI_CLAIM_OTHER, /* a file, link or device */
};

/* What is known of one path. Layers count from 1, the bottom one; 0 is none. */
struct oci_claim {
	uint16_t layer;	  /* that has the path */
	uint16_t whited;  /* the uppermost whose whiteout deletes it below */
	uint16_t opaque;  /* the uppermost that hides all below it in lower layers */
	uint16_t skipped; /* the last one in which its data passed by unused */
	uint8_t kind;	  /* enum oci_claim_kind */
	bool waits;	  /* a hard link that still waits for its target */
	uint32_t hash;	  /* of its content: place in the tree's hashes, plus one; 0 is none */
};

struct oci_tree_hash {
	uint8_t sha256[32];
};

struct oci_tree {
	struct oci_paths claims;	      /* path -> struct oci_claim; "" is the root */
	OCI_VEC(struct oci_tree_hash) hashes; /* apart, as folders have none and links share theirs */
};

#define OCI_TREE                                                                                                       \
	{                                                                                                              \
		.claims = {.value_size = sizeof(struct oci_claim) }                                                    \
	}

/* Make a member's name a path from the root: without outer and double slashes and ".". A ".." is an error; "" is the
 * root. */
int oci_tree_path(const char *member, char **out, struct oci_err **err);

struct oci_claim *oci_tree_find(const struct oci_tree *t, const char *path); /* NULL when nothing is known */
struct oci_claim *oci_tree_at(struct oci_tree *t, const char *path);	     /* made when it is not there */

/* Do upper layers hide what `layer` has at path: by a whiteout, an opaque folder, or something that is no folder above
 * it? */
bool oci_tree_hides(const struct oci_tree *t, const char *path, unsigned layer);

/* Let a visible member of layer have path, and its parents be folders. A file that is a folder elsewhere in the same
 * layer is an error. *replaced: the same layer had it already. */
int oci_tree_claim(struct oci_tree *t, const char *path, unsigned layer, bool is_folder, struct oci_claim **out,
		   bool *replaced, struct oci_err **err);
void oci_tree_set_hash(struct oci_tree *t, struct oci_claim *c, const struct oci_digest *sha256);
const uint8_t *oci_tree_hash_of(const struct oci_tree *t, const struct oci_claim *c); /* 32 bytes; NULL: none */
void oci_tree_clear(struct oci_tree *t);

#define auto_tree OCI_AUTO(oci_tree_clear)

#endif
