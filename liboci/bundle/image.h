/* One image of any source, and what it holds for each platform. */
#ifndef OCI_BUNDLE_IMAGE_H
#define OCI_BUNDLE_IMAGE_H

#include "bundle/layer.h"
#include "image/config.h"
#include "transport/remote.h"

/* What an image holds for one platform. */
struct oci_image_part {
	struct oci_platform platform;
	struct oci_desc desc; /* of its manifest */
};

struct oci_image {
	char *spec; /* as the user wrote it */
	struct oci_source source;
	struct oci_ref ref;
	bool remote;
	struct oci_desc root;
	struct oci_pairs annotations;	      /* of the root document */
	OCI_VEC(struct oci_image_part) parts; /* in the order of the index; unknown/unknown is left out */
};

/* Open an image: "oci:DIR:TAG", "docker://REF", a bare name… A source with several images and no name is an error that
 * says how to name one. */
int oci_image_open(struct oci_image *image, const char *spec, const struct oci_remote *how, const struct oci_out *out,
		   struct oci_err **err);

/* The part that serves a platform; NULL: none. A part of just this platform comes before one that only serves it. */
const struct oci_image_part *oci_image_part(const struct oci_image *image, const struct oci_platform *want);
/* OCI_NOTFOUND, naming the platforms there are. */
int oci_image_fail_platform(const struct oci_image *image, const struct oci_platform *want, struct oci_err **err);

/* The layers of one part, from its manifest and config; the manifest's annotations are appended when wanted (NULL). */
int oci_image_layers(const struct oci_image *image, const struct oci_image_part *part, struct oci_layers *out,
		     struct oci_pairs *annotations, struct oci_err **err);
/* All bytes of a small blob (16 MiB at most), checked. */
int oci_image_small_blob(const struct oci_image *image, const struct oci_desc *d, struct oci_buf *out,
			 struct oci_err **err);
/* Bring layers into a store: linked, copied or downloaded; *wrote (or NULL) becomes true when one was more than linked.
 */
int oci_image_bring(const struct oci_image *image, const struct oci_layer *layers, size_t n, struct oci_blobs *into,
		    bool *wrote, struct oci_err **err);
void oci_image_close(struct oci_image *image);

#define auto_image OCI_AUTO(oci_image_close)

#endif
