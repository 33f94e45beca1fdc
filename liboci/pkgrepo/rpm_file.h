/* Local .rpm files: what a repository's metadata would say of them. */
#ifndef OCI_PKGREPO_RPM_FILE_H
#define OCI_PKGREPO_RPM_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "digest/digest.h"

struct oci_rpm_file {
	char *name, *version, *arch; /* version: "1:2.0-1", an epoch of 0 is left out */
	struct oci_digest digest;    /* sha256 of the file */
	uint64_t size;
	bool is_signed;			   /* by whom is not looked at */
	char *primary, *filelists, *other; /* its <package> elements, in createrepo_c's form */
};

/* Read the header of a package; its location is written as href. What librpm cannot read, whose header is not what its
 * digest says, or that is shorter or longer than it says is an error; so is a source package. The date of the file is
 * given as that of its build: a copy has the same elements. */
int oci_rpm_file_read(const char *path, const char *href, struct oci_rpm_file *out, struct oci_err **err);
void oci_rpm_file_clear(struct oci_rpm_file *f);
#define auto_rpm_file OCI_AUTO(oci_rpm_file_clear)

#endif
