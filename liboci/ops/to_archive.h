/* oci-to-archive: from a layout to one tar file that docker, podman, nerdctl and containerd load. */
#ifndef OCI_OPS_TO_ARCHIVE_H
#define OCI_OPS_TO_ARCHIVE_H

#include "base/out.h"
#include "base/vec.h"

struct oci_to_archive {
	const char *input;     /* the layout, or "registry:DIR" */
	const char *output;    /* a file, "KIND-archive:FILE", or "-" for stdout; NULL is stdout */
	const char *format;    /* "docker" or "oci"; NULL is docker */
	const char *platform;  /* as oci_platforms_parse; NULL: docker takes the only one that is there, else this
				* machine's;  oci takes all */
	struct oci_strs lists; /* files with names; "-" is stdin */
	char *const *names;    /* NULL-terminated; with no name at all, everything */
	struct oci_out out;
};

/* All or nothing: an image that cannot be written leaves no archive. */
int oci_to_archive_run(const struct oci_to_archive *what, struct oci_err **err);
void oci_to_archive_clear(struct oci_to_archive *what);

#endif
