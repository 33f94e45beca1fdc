/* What a registry is given. Blobs first, then the manifests that name them, then indexes: the caller's order. */
#ifndef OCI_REGISTRY_PUSH_H
#define OCI_REGISTRY_PUSH_H

#include "image/ref.h"
#include "registry/client.h"

enum oci_put_kind { OCI_PUT_BLOB, OCI_PUT_MANIFEST };
enum oci_put_how { OCI_PUT_SENT, OCI_PUT_KEPT, OCI_PUT_MOUNTED };

/* One thing to put. It must stay where it is until it has ended. */
struct oci_put {
	enum oci_put_kind kind;
	const struct oci_ref *ref; /* host and repository; MANIFEST: under this tag, without one under its digest */
	struct oci_digest digest;
	uint64_t size;
	const char *media_type;	       /* MANIFEST */
	const char *path;	       /* the bytes: a file, or */
	const void *bytes;	       /* memory, borrowed until it has ended */
	const char *const *mount_from; /* BLOB: repositories of the same registry that may have it already;
					  NULL-terminated, or NULL */
	const char *progress;	       /* name for progress events, or NULL */

	/* out */
	enum oci_put_how how; /* KEPT: it was there; MANIFEST: the tag named this digest already */
	uint64_t sent;	      /* body bytes over the network, repetitions included */
	bool subject_noted;   /* MANIFEST with a subject: the registry lists it as a referrer by itself */
	struct oci_err *err;  /* why it failed, or NULL */

	void (*done)(void *ctx, struct oci_put *p); /* may add more; NULL: none */
	void *ctx;
};

void oci_client_put(struct oci_client *c, struct oci_put *p); /* queue it; oci_client_run works */

/* Queue n puts and run. Gives how many of them failed. */
size_t oci_client_push(struct oci_client *c, struct oci_put *puts, size_t n);

#endif
