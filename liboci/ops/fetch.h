/* oci-fetch: a list of images, from registries or local sources, into an OCI layout. */
#ifndef OCI_OPS_FETCH_H
#define OCI_OPS_FETCH_H

#include "base/out.h"
#include "transport/remote.h"

struct oci_fetch {
	const char *output;	  /* the layout */
	struct oci_strs files;	  /* lists, "-" is stdin */
	char *const *operands;	  /* single images, NULL-terminated */
	struct oci_strs from;	  /* local sources in which the names are looked up, in this order; none: registries */
	const char *platform;	  /* "linux/amd64,linux/arm64", "all"; NULL: linux on this machine's CPU */
	const char *map;	  /* file of renames */
	struct oci_remote remote; /* mirrors, certificates, logins, transfers at once */
	const char *lock;	  /* file that is written, or read when locked */
	bool locked;
	bool tags_must_match; /* with locked: a tag that has moved is an error */
	bool referrers;	      /* signatures, attestations and other artifacts that refer to an image, too */
	bool flatten;	      /* indexes become the one manifest that is wanted, or a new index of those */
	bool verify;	      /* read what the layout has already, and fetch again what is damaged */
	bool dry_run;	      /* print the plan, write nothing */
	struct oci_out out;
};

/* Fetch what is missing. Each image that is whole is saved and reported even when others fail; -1 then names those that
 * did. */
int oci_fetch_run(const struct oci_fetch *what, struct oci_err **err);

#endif
