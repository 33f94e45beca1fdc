/* Release files: what an archive vouches for.
 * https://wiki.debian.org/DebianRepository/Format#A.22Release.22_files */
#ifndef OCI_PKGREPO_APT_RELEASE_H
#define OCI_PKGREPO_APT_RELEASE_H

#include "base/err.h"
#include "base/slice.h"
#include "base/vec.h"
#include "digest/digest.h"

struct oci_buf;

struct oci_release_file {
	char *path; /* "main/binary-amd64/Packages.gz" */
	struct oci_digest digest;
	uint64_t size;
};

struct oci_release {
	char *origin, *label, *suite, *codename;
	struct oci_strs architectures, components;
	bool by_hash;	      /* Acquire-By-Hash */
	bool no_all_packages; /* No-Support-for-Architecture-all: Packages */
	bool not_automatic, automatic_upgrades;
	int64_t date, valid_until;		/* seconds; 0: absent */
	OCI_VEC(struct oci_release_file) files; /* of the SHA256 list; of SHA512 when there is only that */
};

/* What stands behind the name of a list, the best one first: ".gz" … "". */
extern const char *const oci_release_packings[5];

/* `what` names the file in errors. A Release without a SHA256 or SHA512 list, a bad path or size is an error. */
int oci_release_parse(const char *what, const char *text, size_t n, struct oci_release *out, struct oci_err **err);

/* Append what stands between the armour's lines of an InRelease, not verified: of archives that are trusted on purpose,
 * or to be read back without a key. */
void oci_release_unsigned(struct oci_slice text, struct oci_buf *plain);

const struct oci_release_file *oci_release_find(const struct oci_release *r, const char *path); /* NULL: not listed */

/* Fails when Valid-Until lies before `now`. */
int oci_release_check_age(const struct oci_release *r, const char *what, int64_t now, struct oci_err **err);

void oci_release_clear(struct oci_release *r);
#define auto_release OCI_AUTO(oci_release_clear)

#endif
