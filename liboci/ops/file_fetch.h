/* file-fetch: a list of URLs into a tree HOST/PATH, each file checked. */
#ifndef OCI_OPS_FILE_FETCH_H
#define OCI_OPS_FILE_FETCH_H

#include "base/out.h"
#include "base/vec.h"

struct oci_file_fetch {
	const char *output;    /* the tree */
	struct oci_strs files; /* lists, "-" is stdin */
	char *const *operands; /* single lines, NULL-terminated */
	struct oci_strs
		mirrors; /* PREFIX=URL: what begins with PREFIX is asked at URL, its path in the tree unchanged */
	const char
		*checksum_file; /* sha256sum's or sha512sum's format; names are paths in the tree, URLs or file names */
	const char *lock;	/* file that is written, or read when locked */
	bool locked;
	const char *ca;	    /* PEM of more authorities */
	bool allow_file;    /* file: URLs are copied */
	bool no_published;  /* do not look for checksums that the sites publish */
	const char *verify; /* check this tree instead */
	int jobs;
	struct oci_out out;
};

/* Fetch what is missing or has changed; writes OUTPUT/SHA256SUMS over all that is there. With verify set, check a tree
 * against that file and report changed, missing and extra files. */
int oci_file_fetch_run(const struct oci_file_fetch *what, struct oci_err **err);

#endif
