/* One reader over every source: oci:DIR, registry:DIR, dir:DIR, docker-archive:FILE, oci-archive:FILE, docker://HOST.
 *
 * All calls take batches: whatever can be done at once (requests to a registry) is done at once, and each item carries
 * its own error, so that one bad image does not stop the others. */
#ifndef OCI_TRANSPORT_SOURCE_H
#define OCI_TRANSPORT_SOURCE_H

#include "base/out.h"
#include "image/blobs.h"
#include "image/config.h"
#include "image/manifest.h"
#include "image/ref.h"

struct oci_source;

/* One manifest, index or blob that is wanted. */
struct oci_need {
	const struct oci_ref *ref; /* where it is looked up: host, repository, tag (borrowed) */
	bool by_name;		   /* in: an image that a source holds without a name is not meant */
	struct oci_desc desc; /* in: what is known (digest NONE: resolve ref's digest, else its tag); out: media type,
			       * digest and size. Owned by the need. */
	struct oci_buf bytes; /* out, of manifests: the very bytes that have desc's digest */
	OCI_VEC(struct oci_desc) found; /* out, of referrers: owned by the need */
	bool linked;			/* out, of blobs: a hard link, or there before: nobody has read it */
	struct oci_err *err;		/* out: why it failed, else NULL */
};

/* What a kind of source implements. Each batch call leaves w[i].err set on failure and returns how many failed. A need
 * that has err set on entry is left alone (and not counted). */
struct oci_source_ops {
	/* Names of all it holds, as full references, appended; NULL where that cannot be had (a registry host). */
	int (*names)(void *ctx, struct oci_strs *out, struct oci_err **err);
	/* Fill in desc for refs, without the bytes (HEAD at a registry). */
	size_t (*resolve)(void *ctx, struct oci_need *w, size_t n);
	/* Fetch manifests and indexes into bytes, checked against desc's digest when that is known; configs too: a want
	 * whose desc has a media type of no document is a small blob (at most OCI_CONFIG_MAX bytes). */
	size_t (*manifests)(void *ctx, struct oci_need *w, size_t n);
	/* Bring blobs into the store, whole and checked: linked, copied or downloaded (resuming a partial one). */
	size_t (*blobs)(void *ctx, struct oci_need *w, size_t n, struct oci_blobs *into);
	/* Open a blob where it lies: a reader that checks desc's digest and size. NULL: blobs must be brought first. */
	int (*open)(void *ctx, const struct oci_desc *d, struct oci_reader *out, struct oci_err **err);
	/* Append to found what refers to desc: manifests whose subject it is (with artifact type and annotations), and
	 * those under cosign's tags sha256-….sig, .att and .sbom (with such a tag in annotation OCI_REF_NAME). NULL:
	 * none, ever. */
	size_t (*referrers)(void *ctx, struct oci_need *w, size_t n);
	void (*close)(void *ctx);
};

struct oci_source {
	const struct oci_source_ops *ops;
	void *ctx;
	char *spec; /* as the user wrote it, for messages */
};

/* Open a local source from its specification ("oci:DIR[:REF]", "registry:DIR", "dir:DIR", "docker-archive:FILE",
 * "oci-archive:FILE"). docker:// is opened by oci_remote_open (transport/remote.h). An unknown prefix names those
 * known. */
int oci_source_open(const char *spec, const struct oci_out *out, struct oci_source *src, struct oci_err **err);
bool oci_source_is_remote(const char *spec); /* docker://… or no known prefix: a bare image name */

int oci_source_names(const struct oci_source *src, struct oci_strs *out, struct oci_err **err);
size_t oci_source_resolve(const struct oci_source *src, struct oci_need *w, size_t n);
size_t oci_source_manifests(const struct oci_source *src, struct oci_need *w, size_t n);
size_t oci_source_blobs(const struct oci_source *src, struct oci_need *w, size_t n, struct oci_blobs *into);
bool oci_source_opens(const struct oci_source *src); /* can open be called? of any local source */
int oci_source_open_blob(const struct oci_source *src, const struct oci_desc *d, struct oci_reader *out,
			 struct oci_err **err);
size_t oci_source_referrers(const struct oci_source *src, struct oci_need *w, size_t n);
void oci_source_close(struct oci_source *src);
void oci_need_clear(struct oci_need *w);

#define auto_source OCI_AUTO(oci_source_close)

#endif
