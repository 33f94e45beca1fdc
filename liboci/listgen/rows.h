/* Lists of files and images, as kubespray's own generator (contrib/offline) makes them. */
#ifndef OCI_LISTGEN_ROWS_H
#define OCI_LISTGEN_ROWS_H

#include "listgen/vars.h"

struct oci_row {
	char *text;	/* a URL, an image, a package */
	char *checksum; /* "sha256:HEX", or NULL */
	char *variable; /* what gave it */
	char *file;	/* where that stands */
	unsigned line;	/* 0: not in a file */
};

struct oci_rows {
	struct oci_row *v;
	size_t n, cap;
};

void oci_rows_add(struct oci_rows *rows, const char *text, const char *variable, const char *file, unsigned line);
void oci_rows_sort(struct oci_rows *rows); /* by text; of equal ones the first stays */
void oci_rows_clear(struct oci_rows *rows);
#define auto_rows OCI_AUTO(oci_rows_clear)

struct oci_rows_how {
	bool enabled; /* only what the variables deploy */
	bool checksums;
};

/* Exactly the generator's lines in its order: every download_url of the variable file; the repo and tag pairs of
 * `downloads` and the four images of the control plane. One value that cannot be rendered fails the whole list. */
int oci_rows_files(struct oci_vars *vars, const struct oci_rows_how *how, struct oci_rows *out, struct oci_err **err);
int oci_rows_images(struct oci_vars *vars, const struct oci_rows_how *how, struct oci_rows *out, struct oci_err **err);

#endif
