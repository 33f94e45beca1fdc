/* Image references: domain, port, path, tag and digest.
 * Grammar: https://github.com/distribution/reference (reference.go, normalize.go) */
#ifndef OCI_IMAGE_REF_H
#define OCI_IMAGE_REF_H

#include "digest/digest.h"

struct oci_ref {
	char *host;		  /* "docker.io", "quay.io", "localhost:5000" */
	char *repository;	  /* without host: "library/nginx" */
	char *tag;		  /* NULL when none was given and there is a digest */
	struct oci_digest digest; /* OCI_NO_DIGEST when none was given */
};

/* Parse and normalise as docker does: no domain is docker.io, one component there gets library/, index.docker.io is
 * docker.io, neither tag nor digest is :latest. Errors say what is wrong with which part. */
int oci_ref_parse(const char *text, struct oci_ref *out, struct oci_err **err);
int oci_ref_parse_slice(struct oci_slice text, struct oci_ref *out, struct oci_err **err);

char *oci_ref_name(const struct oci_ref *ref);	 /* "quay.io/a/b:v1@sha256:…"; the caller's to free */
char *oci_ref_tagged(const struct oci_ref *ref); /* only with the tag; NULL without one */
char *oci_ref_digested(const struct oci_ref *ref, const struct oci_digest *d); /* "quay.io/a/b@sha256:…" */
char *oci_ref_where(const struct oci_ref *ref);				       /* "quay.io/a/b" */
bool oci_ref_same(const struct oci_ref *a, const struct oci_ref *b);
void oci_ref_copy(struct oci_ref *to, const struct oci_ref *from);
void oci_ref_clear(struct oci_ref *ref);

bool oci_ref_valid_repository(struct oci_slice path); /* lower-case components as the distribution spec wants them */
bool oci_ref_valid_tag(struct oci_slice tag);

#define auto_ref OCI_AUTO(oci_ref_clear)

#endif
