/* What a registry is asked for: many things at once, each with its own outcome. */
#ifndef OCI_REGISTRY_PULL_H
#define OCI_REGISTRY_PULL_H

#include "image/ref.h"
#include "registry/client.h"

enum oci_want_kind {
	OCI_WANT_RESOLVE,  /* HEAD: what a tag or digest is (digest, media_type, and size or OCI_SIZE_UNKNOWN); no bytes
			    * unless HEAD did not say */
	OCI_WANT_MANIFEST, /* the bytes of a manifest or index, by digest when one is known, else by tag */
	OCI_WANT_BLOB,	   /* a blob, into path or, when path is NULL, into bytes */
	OCI_WANT_REFERRERS, /* an index of what refers to digest, as bytes: the referrers API or its fallback tag; an
			     * empty index where there is neither */
	OCI_WANT_TAGS,	    /* all tags of the repository, into tags */
};

/* One thing that is wanted. Zero what is not known. It must stay where it is until it has ended. */
struct oci_want {
	enum oci_want_kind kind;
	const struct oci_ref
		*ref;		  /* host and repository; RESOLVE, MANIFEST: digest, else tag, unless `digest` is set */
	struct oci_digest digest; /* in: what it must be (BLOB, REFERRERS: needed); out: what it is */
	uint64_t size;		  /* in, when sized: what it must be; out: what it is */
	bool sized;
	const char *path, *partial; /* BLOB: see net/request.h; a kept partial file is continued */
	size_t max_bytes;	    /* in memory; 0: OCI_BODY_MAX (4 MiB, the most a manifest may have) */
	const char *progress;	    /* name for progress events, or NULL */

	/* out */
	struct oci_buf bytes;
	char *media_type; /* as the server says, without parameters; NULL when it does not */
	struct oci_strs tags;
	uint64_t received;   /* body bytes over the network */
	bool kept;	     /* BLOB: a partial file of an earlier run was whole already */
	struct oci_err *err; /* why it failed, or NULL */

	void (*done)(void *ctx, struct oci_want *w); /* may add more; NULL: none */
	void *ctx;
};

void oci_client_want(struct oci_client *c, struct oci_want *w); /* queue it; oci_client_run works */

/* Queue n wants and run. Gives how many of them failed. */
size_t oci_client_pull(struct oci_client *c, struct oci_want *wants, size_t n);
void oci_want_clear(struct oci_want *w); /* what came out; the rest is the caller's */

#endif
