/* list-gen: image, file and package lists out of kubespray's own variable files. */
#ifndef OCI_OPS_LIST_GEN_H
#define OCI_OPS_LIST_GEN_H

#include "base/out.h"
#include "base/vec.h"

struct oci_list_gen {
	const char *kubespray; /* a checkout, or only its variable files in their places */
	struct oci_strs vars;  /* variable files instead of a checkout */
	const char *inventory; /* its groups' variables override the release's defaults */
	const char *arch;      /* NULL: this machine's CPU */
	const char *os;	       /* a name or a file of facts; packages need one */
	struct oci_strs extra; /* -e */
	bool enabled, checksums, bootstrap, explain;
	const char *map_out; /* write the pairs for --map there */
	const char *files_url, *registry, *repos_url;
	struct oci_out out;
};

int oci_list_gen_images(const struct oci_list_gen *what, struct oci_err **err);
int oci_list_gen_files(const struct oci_list_gen *what, struct oci_err **err);
int oci_list_gen_packages(const struct oci_list_gen *what, struct oci_err **err);

/* a and b: two checkouts (with all that the settings say), or two lists. out: added|dropped|moved  KIND  OLD  NEW */
int oci_list_gen_diff(const struct oci_list_gen *what, const char *a, const char *b, struct oci_err **err);

/* The variables that point this release at a site's servers, as YAML on stdout. */
int oci_list_gen_offline_vars(const struct oci_list_gen *what, struct oci_err **err);

#endif
