/* The lists of an archive (Packages, Contents) that its Release vouches for: chosen, fetched, kept in the cache. */
#ifndef OCI_PKGREPO_APT_META_H
#define OCI_PKGREPO_APT_META_H

#include "base/err.h"
#include "base/vec.h"
#include "digest/digest.h"

struct oci_failures;
struct oci_os_repo;
struct oci_release;
struct oci_repo_net;

enum oci_apt_meta_kind { OCI_APT_PACKAGES, OCI_APT_FILES, OCI_APT_FILES_ALL /* of packages for every CPU */ };

/* Where a list stands. */
struct oci_apt_meta_at {
	enum oci_apt_meta_kind kind;
	const struct oci_os_repo *repo; /* borrowed */
	const struct oci_release *release;
	const char *dir;    /* URL of the folder of the Release file */
	const char *base;   /* URL that Filename continues */
	const char *folder; /* of a flat repository's list below base; may be NULL */
	const char *index;  /* "main/binary-amd64/Packages" */
};

struct oci_apt_meta {
	enum oci_apt_meta_kind kind;
	const struct oci_os_repo *repo;
	char *base, *folder;
	char *url, *shown;    /* where it is fetched (by-hash), and the name people know */
	char *packed, *plain; /* cache paths; one and the same for what is read as it comes */
	struct oci_digest digest, plain_digest;
	uint64_t size, plain_size;
	int pin;
	bool cached; /* the plain one is there */
};

struct oci_apt_metas {
	struct oci_apt_meta *v;
	size_t n, cap;
};

/* Add a list; false when the Release names none. The same one twice is one. */
bool oci_apt_metas_add(struct oci_apt_metas *m, const char *cache, const struct oci_apt_meta_at *at);

/* Fetch what the cache lacks of a kind. */
void oci_apt_metas_fetch(struct oci_apt_metas *m, enum oci_apt_meta_kind kind, struct oci_repo_net *net,
			 struct oci_failures *failures);

int oci_apt_meta_unpack(const struct oci_apt_meta *m, struct oci_err **err); /* packed to plain */
void oci_apt_metas_clear(struct oci_apt_metas *m);

#endif
