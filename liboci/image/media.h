/* Media types of manifests, indexes, configs and layers, OCI's and Docker's.
 * https://github.com/opencontainers/image-spec/blob/main/media-types.md */
#ifndef OCI_IMAGE_MEDIA_H
#define OCI_IMAGE_MEDIA_H

#include "base/auto.h"

#define OCI_MEDIA_INDEX "application/vnd.oci.image.index.v1+json"
#define OCI_MEDIA_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define OCI_MEDIA_CONFIG "application/vnd.oci.image.config.v1+json"
#define OCI_MEDIA_LAYER "application/vnd.oci.image.layer.v1.tar"
#define OCI_MEDIA_LAYER_GZIP "application/vnd.oci.image.layer.v1.tar+gzip"
#define OCI_MEDIA_LAYER_ZSTD "application/vnd.oci.image.layer.v1.tar+zstd"
#define OCI_MEDIA_DOCKER_LIST "application/vnd.docker.distribution.manifest.list.v2+json"
#define OCI_MEDIA_DOCKER_MANIFEST "application/vnd.docker.distribution.manifest.v2+json"
#define OCI_MEDIA_DOCKER_CONFIG "application/vnd.docker.container.image.v1+json"
#define OCI_MEDIA_DOCKER_LAYER "application/vnd.docker.image.rootfs.diff.tar"

enum oci_media_kind {
	OCI_KIND_OTHER,	   /* a blob: config, layer, anything */
	OCI_KIND_MANIFEST, /* OCI manifest or Docker schema2 */
	OCI_KIND_INDEX,	   /* OCI index or Docker manifest list */
	OCI_KIND_SCHEMA1,  /* Docker schema1, refused */
	OCI_KIND_ARTIFACT, /* the retired OCI artifact manifest, refused */
};

enum oci_compression { OCI_PLAIN, OCI_GZIP, OCI_ZSTD };

/* A layer type taken apart; false for what is no image layer. */
struct oci_layer_type {
	enum oci_compression compression;
	bool foreign;	/* non-distributable: may stand behind urls only */
	bool encrypted; /* +encrypted, as ocicrypt writes it */
	bool docker;
};

enum oci_media_kind oci_media_kind(const char *media_type); /* NULL is OTHER; parameters (;charset=…) are ignored */
bool oci_media_is_document(const char *media_type);	    /* a manifest or index, refused kinds included */
bool oci_media_is_image_config(const char *media_type);	    /* OCI's or Docker's image config, not an artifact's */
bool oci_media_layer(const char *media_type, struct oci_layer_type *out);
const char *oci_media_layer_type(enum oci_compression compression); /* OCI's name */

/* What an Accept header offers a registry, best first. */
extern const char oci_media_accept[];

#endif
