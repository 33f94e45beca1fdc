/* primary.xml: the packages of an rpm-md repository, one after the other, each with its place in the document. */
#ifndef OCI_PKGREPO_RPMMD_PRIMARY_H
#define OCI_PKGREPO_RPMMD_PRIMARY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/stream.h"
#include "base/vec.h"
#include "digest/digest.h"

enum oci_rpm_dep_kind {
	OCI_RPM_PROVIDES,
	OCI_RPM_REQUIRES,
	OCI_RPM_CONFLICTS,
	OCI_RPM_OBSOLETES,
	OCI_RPM_RECOMMENDS,
	OCI_RPM_SUGGESTS,
	OCI_RPM_SUPPLEMENTS,
	OCI_RPM_ENHANCES,
	OCI_RPM_DEP_KINDS
};

enum { OCI_RPM_LT = 1, OCI_RPM_EQ = 2, OCI_RPM_GT = 4 };

/* Texts are offsets into the package's own; 0 is an absent one. */
struct oci_rpm_dep {
	uint32_t name, evr;
	int op; /* OCI_RPM_LT and the like; 0: any version */
};

struct oci_rpm_deps {
	struct oci_rpm_dep *v;
	size_t n, cap;
};

struct oci_rpm_pkg {
	struct oci_buf texts;
	uint32_t name, arch, evr; /* evr: "1:2.0-1", an epoch of 0 is left out */
	uint32_t pkgid;		  /* the checksum as it is written, the key into filelists and other */
	uint32_t href, base;	  /* location; base is absent in most */
	struct oci_digest digest; /* OCI_NO_DIGEST: a hash we do not take */
	uint64_t size;
	struct oci_rpm_deps deps[OCI_RPM_DEP_KINDS];
	OCI_VEC(uint32_t) files;  /* of the package: the ones that primary names */
	uint64_t at, len;	  /* the element in the document */
	uint64_t loc_at, loc_len; /* its location's tag, counted from at */
};

static inline const char *oci_rpm_text(const struct oci_rpm_pkg *p, uint32_t offset)
{
	return oci_buf_text(&p->texts) + offset;
}

/* pkg is the reader's and changes with the next call. -1 ends the reading. */
typedef int oci_primary_fn(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err);

/* max: more bytes are an error. A package without name, version, arch, checksum or location is one, too. */
int oci_primary_read(struct oci_reader *r, const char *what, uint64_t max, oci_primary_fn *fn, void *ctx,
		     struct oci_err **err);

/* One <package> element by itself, as it was cut out of a document. */
int oci_primary_parse_one(const char *what, struct oci_slice element, oci_primary_fn *fn, void *ctx,
			  struct oci_err **err);

#define OCI_PRIMARY_ROOT                                                                                               \
	"<metadata xmlns=\"http://linux.duke.edu/metadata/common\" xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\""

#endif
