/* Does a folder's content shrink when it is packed? A look at the middle of some files, spread over all bytes:
 * packages, images and archives are packed already. */
#ifndef OCI_BUNDLE_FOLDER_LOOK_H
#define OCI_BUNDLE_FOLDER_LOOK_H

#include "bundle/folder.h"
#include "image/media.h"

#define OCI_FOLDER_SAMPLES 64

struct oci_folder_sample {
	char *path;
	uint64_t size, at; /* at: bytes of the files up to this one */
};

struct oci_folder_look { /* zero to begin with */
	struct oci_folder_sample samples[2 * OCI_FOLDER_SAMPLES];
	size_t n;
	uint64_t passed, next; /* bytes of the files so far, and those before the next sample */
};

void oci_folder_look_at(struct oci_folder_look *l, const struct oci_folder_item *item); /* each item in turn */
enum oci_compression oci_folder_look_end(struct oci_folder_look *l, const char *dir);
void oci_folder_look_clear(struct oci_folder_look *l);

#endif
