/* Seals: what a module says of itself, in modules.d/NAME.json and SHA256SUMS.d/NAME, so that it can be merged,
 * extracted and verified without being read again. docs/seal.md has the format. */
#ifndef OCI_BUNDLE_SEAL_H
#define OCI_BUNDLE_SEAL_H

#include "base/buf.h"
#include "base/vec.h"
#include "digest/sumfile.h"
#include "image/desc.h"

#define OCI_SEAL_MAX (64u << 20) /* bytes of either file */

struct oci_seal_list { /* a list that the module was made from */
	char *name;
	struct oci_digest digest;
	struct oci_strs lines; /* without comments */
};

struct oci_seal {
	char *name, *version;
	struct oci_strs licences;
	OCI_VEC(struct oci_seal_list) lists;
	uint64_t files, folders, links, bytes;
	uint64_t whiteouts;
	struct oci_pairs symlinks; /* path -> target, sorted by path */
	struct oci_strs empty;	   /* folders with nothing in them */
	struct oci_sums sums;	   /* of all files, modules.d/NAME.json included; sorted when parsed */
};

/* Lower-case letters, digits, ".", "_" and "-", beginning with a letter or digit. */
int oci_seal_check_name(const char *name, struct oci_err **err);
char *oci_seal_json_path(const char *name); /* "modules.d/NAME.json"; the caller's to free */
char *oci_seal_sums_path(const char *name); /* "SHA256SUMS.d/NAME"; the caller's to free */

void oci_seal_print(const struct oci_seal *s, struct oci_buf *out); /* modules.d/NAME.json */
/* Parse the JSON, and put it together with the sums, which are moved to *out on success. The name must be that of the
 * file, the paths local, sorted or not, and the sum of the JSON right. */
int oci_seal_parse(const char *name, const struct oci_buf *json, struct oci_sums *sums, struct oci_seal *out,
		   struct oci_err **err);

/* The seal of a folder: NULL name in *out when it has none. Several seals, or half a one, are an error. */
int oci_seal_load(const char *dir, struct oci_seal *out, struct oci_err **err);
void oci_seal_clear(struct oci_seal *s);

#define auto_seal OCI_AUTO(oci_seal_clear)

#endif
