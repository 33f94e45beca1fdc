/* One rpm-md repository: where it lies, and its repomd.xml as far as the description's trust goes. */
#ifndef OCI_PKGREPO_YUM_REPO_H
#define OCI_PKGREPO_YUM_REPO_H

#include "base/err.h"
#include "pkgrepo/os.h"
#include "pkgrepo/rpmmd_repomd.h"

struct oci_repo_net;

/* dnf's: less goes first. */
static inline int64_t oci_yum_repo_priority(const struct oci_os_repo *r)
{
	return r->priority ? r->priority : 99;
}

static inline int64_t oci_yum_repo_cost(const struct oci_os_repo *r)
{
	return r->cost ? r->cost : 1000;
}

/* Is each of its packages held against its keys? */
static inline bool oci_yum_repo_signs_packages(const struct oci_os_repo *r)
{
	return !r->trusted && r->verify == OCI_VERIFY_PACKAGES;
}

struct oci_yum_repo {
	const struct oci_os_repo *repo;
	char *base; /* URL of its folder, the first one that answered rightly */
	struct oci_repomd md;
};

/* Find a place of the repository whose repomd.xml can be trusted. Asked again in one run it gives the same. */
int oci_yum_repo_open(struct oci_repo_net *net, const struct oci_os *os, const char *arch,
		      const struct oci_os_repo *repo, struct oci_yum_repo *out, struct oci_err **err);
void oci_yum_repo_clear(struct oci_yum_repo *r);
#define auto_yum_repo OCI_AUTO(oci_yum_repo_clear)

/* A file of a repository's metadata on its way into the cache. */
struct oci_yum_file {
	const struct oci_repomd_data *data;
	char *url;
	char *packed, *plain; /* where the cache keeps it as it came, and unpacked */
};

void oci_yum_file_init(struct oci_yum_file *f, const struct oci_yum_repo *r, const struct oci_repomd_data *data,
		       const char *cache);
void oci_yum_file_clear(struct oci_yum_file *f);

/* Bring those into the cache of which neither form is there; one error for all that fail. */
int oci_yum_files_get(struct oci_repo_net *net, struct oci_yum_file *const *files, size_t n, struct oci_err **err);

struct oci_reader;

/* Unpack it into the cache unless it is there, and let the packed form go. */
int oci_yum_file_unpack(const struct oci_yum_file *f, struct oci_err **err);
/* A reader of its plain bytes, checked as they pass. */
int oci_yum_file_open(const struct oci_yum_file *f, struct oci_reader *out, struct oci_err **err);
uint64_t oci_yum_file_max(const struct oci_yum_file *f); /* what it may unpack to */

#endif
