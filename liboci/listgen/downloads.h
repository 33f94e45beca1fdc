/* The dictionary `downloads`: what kubespray fetches, under which conditions, with which checksum. */
#ifndef OCI_LISTGEN_DOWNLOADS_H
#define OCI_LISTGEN_DOWNLOADS_H

#include "listgen/vars.h"

struct oci_download {
	const char *name;	   /* its key */
	const struct oci_val *map; /* raw */
	char *url_var;		   /* the variable that its url names alone, or NULL */
	char *image;		   /* "repo:tag" as written, without blanks and quotes, or NULL */
	bool listed;		   /* a line of the list is this item's */
};

struct oci_downloads {
	struct oci_download *v;
	size_t n, cap;
};

int oci_downloads_load(struct oci_downloads *d, struct oci_vars *vars, struct oci_err **err);
/* Every entry, deployed or not, must render: kubespray evaluates the dictionary whole. */
int oci_downloads_check(const struct oci_downloads *d, struct oci_vars *vars, struct oci_err **err);
void oci_downloads_clear(struct oci_downloads *d);
#define auto_downloads OCI_AUTO(oci_downloads_clear)

/* What the given variables make of an item. */
int oci_download_flag(struct oci_vars *vars, const struct oci_download *d, const char *key, bool *out,
		      struct oci_err **err);
int oci_download_text(struct oci_vars *vars, const struct oci_download *d, const char *key, char **out,
		      struct oci_err **err);
/* "sha256:HEX" or "sha512:HEX"; NULL when none is pinned (also where there is no build for the CPU). */
int oci_download_checksum(struct oci_vars *vars, const struct oci_download *d, char **out, struct oci_err **err);

#endif
