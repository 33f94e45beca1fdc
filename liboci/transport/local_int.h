/* What the sources on this machine have in common: names that lead to digests, digests that lead to bytes. */
#ifndef OCI_TRANSPORT_LOCAL_INT_H
#define OCI_TRANSPORT_LOCAL_INT_H

#include "transport/source.h"

/* One kind of local source. */
struct oci_local_ops {
	int (*names)(void *ctx, struct oci_strs *out, struct oci_err **err);
	/* The digest (and media type, when known) that a reference without a digest stands for; OCI_NOTFOUND says what
	 * is there. */
	int (*find)(void *ctx, const struct oci_ref *ref, struct oci_desc *out, struct oci_err **err);
	/* The one image that is there when it has no name of its own, so that any name is right for it; OCI_NOTFOUND:
	 * there is none such. NULL: never. */
	int (*nameless)(void *ctx, struct oci_desc *out, struct oci_err **err);
	/* A reader over a blob, unchecked, and its size; OCI_NOTFOUND when it is not there. */
	int (*open)(void *ctx, const struct oci_digest *d, struct oci_reader *out, uint64_t *size,
		    struct oci_err **err);
	/* The file that holds just this blob, to be linked; NULL here or as result: there is none. The caller's to
	 * free. */
	char *(*file)(void *ctx, const struct oci_digest *d);
	/* Append what refers to w->desc; NULL: never any. */
	int (*referrers)(void *ctx, struct oci_need *w, struct oci_err **err);
	void (*close)(void *ctx);
};

/* Make *src a source of these (ctx is taken); spec as the user wrote it. */
void oci_local_source(struct oci_source *src, const char *spec, const struct oci_local_ops *ops, void *ctx_take);

/* All bytes of a small blob, checked. */
int oci_local_read(const struct oci_local_ops *ops, void *ctx, const struct oci_digest *d, size_t max,
		   struct oci_buf *out, struct oci_err **err);

/* "PATH[:REF]" taken apart; PATH may hold colons itself: what exists as a whole has no REF. The caller frees both. */
void oci_local_split(const char *path, char **file, char **ref);

/* The kinds; `path` is what stands behind the prefix. */
int oci_layout_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err);
int oci_store_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err);
int oci_dir_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err);
int oci_oci_archive_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err);
int oci_docker_archive_source(struct oci_source *src, const char *spec, const char *path, struct oci_err **err);

/* A layout inside a tar file that is open already. */
struct oci_tarball;
int oci_archive_source_of(struct oci_source *src, const char *spec, struct oci_tarball *tar_take, const char *only,
			  struct oci_err **err);

#endif
