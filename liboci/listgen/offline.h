/* The group_vars file that points a kubespray release at a site's own servers. */
#ifndef OCI_LISTGEN_OFFLINE_H
#define OCI_LISTGEN_OFFLINE_H

#include "base/buf.h"
#include "listgen/vars.h"

struct oci_offline {
	const char *files_url; /* the tree host/path that file-fetch made: http://HOST:8080/files */
	const char *registry;  /* HOST:PORT, with a prefix or not */
	const char *repos_url; /* of the package repositories; NULL: files_url without a last part "files" */
};

/* YAML: the servers, each *_image_repo and each *_download_url that this release knows, the package repositories. */
int oci_offline_print(struct oci_vars *vars, const struct oci_offline *site, struct oci_buf *yaml,
		      struct oci_err **err);

#endif
