/* Files and texts from http:, https: and file: URLs, mirrors applied. */
#ifndef OCI_PKGREPO_GET_H
#define OCI_PKGREPO_GET_H

#include "base/buf.h"
#include "base/err.h"
#include "digest/digest.h"

struct oci_out;
struct oci_strs;
struct oci_repo_net;

struct oci_repo_net_settings {
	uint32_t jobs;			/* 0: the engine's default */
	const struct oci_strs *mirrors; /* "PREFIX=URL": what begins with PREFIX is asked of URL instead */
	const struct oci_out *out;
};

int oci_repo_net_new(struct oci_repo_net **out, const struct oci_repo_net_settings *s, struct oci_err **err);
void oci_repo_net_free(struct oci_repo_net *net);
void oci_repo_net_freep(struct oci_repo_net **net);
#define auto_repo_net OCI_AUTO(oci_repo_net_freep)

/* The same files stand below other URLs, too: what cannot be had below the first of them is asked of the next. */
void oci_repo_net_also(struct oci_repo_net *net, const char *const *bases, size_t n);

/* One file to fetch; it gets its name when its bytes are right. */
struct oci_repo_get {
	const char *url, *path;
	struct oci_digest digest; /* OCI_NO_DIGEST: not checked */
	uint64_t size;		  /* OCI_SIZE_UNKNOWN: not checked */
	bool synced;		  /* it is on the disk before it has its name */
	const char *progress;	  /* name for progress events, or NULL */
	struct oci_err *err;	  /* out: why it failed; the caller's to free */
	uint64_t received;	  /* out: bytes over the network or from disk */
};

void oci_repo_get_files(struct oci_repo_net *net, struct oci_repo_get *gets, size_t n);

/* A small text, at most max bytes; asked once a run. OCI_NOTFOUND when it is not there. */
int oci_repo_get_text(struct oci_repo_net *net, const char *url, size_t max, struct oci_buf *out, struct oci_err **err);

uint64_t oci_repo_net_received(const struct oci_repo_net *net); /* bytes so far, texts included */

/* dir + "/" + rest with "%" and the like of rest escaped; dir's own slashes at the end are cut. The caller's to free.
 */
char *oci_repo_url(const char *dir, const char *rest);

#endif
