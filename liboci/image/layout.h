/* OCI image layouts: oci-layout, index.json and the names in it.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
#ifndef OCI_IMAGE_LAYOUT_H
#define OCI_IMAGE_LAYOUT_H

#include "base/map.h"
#include "image/blobs.h"
#include "image/manifest.h"
#include "image/ref.h"

#define OCI_CONTAINERD_NAME "io.containerd.image.name"

struct oci_layout {
	char *dir;
	struct oci_blobs *blobs;
	OCI_VEC(struct oci_desc) entries; /* of index.json; a name stands in annotation OCI_REF_NAME */
	struct oci_map by_name;		  /* name -> its place in entries, plus one; kept by the functions below */
	json_t *index;			  /* index.json as it was read, without its entries; NULL: there was none */
	struct oci_map as_read;		  /* "DIGEST NAME" -> json_t of an entry that says more than its desc */
};

/* Open for reading. What is no layout, or one of another version than 1.0.0, is an error that says so. */
int oci_layout_open(const char *dir, struct oci_layout *out, struct oci_err **err);
/* Fill in the entries of a layout whose files oci-layout and index.json were read elsewhere (an archive); it has no
 * blobs and cannot be saved. */
int oci_layout_parse(const char *what, const void *marker_text, size_t marker_n, const void *index_text, size_t index_n,
		     struct oci_layout *out, struct oci_err **err);
/* Open for adding: an absent or empty folder becomes a layout; a folder with anything else in it is refused. */
int oci_layout_create(const char *dir, struct oci_layout *out, struct oci_err **err);

const char *oci_layout_name(const struct oci_desc *entry); /* NULL for an entry without a name */
/* The reference that an entry's name means: containerd's own annotation, which buildx writes beside a bare tag, else
 * the name normalised. OCI_NOTFOUND for an entry without a name. */
int oci_layout_ref(const struct oci_desc *entry, struct oci_ref *out, struct oci_err **err);
/* The entry that stands under a name: the full normalised reference. NULL when there is none. */
const struct oci_desc *oci_layout_find(const struct oci_layout *l, const char *name);
/* Let desc stand under name, instead of what stood there. true when that changed anything. */
bool oci_layout_set(struct oci_layout *l, const char *name, const struct oci_desc *desc);

/* Write index.json (entries sorted by name, then digest) atomically; unchanged bytes are not written again. */
int oci_layout_save(struct oci_layout *l, struct oci_err **err);
void oci_layout_close(struct oci_layout *l);

#define auto_layout OCI_AUTO(oci_layout_close)

#endif
