/* Is a downloaded .rpm what the metadata said, and signed by one of the keys it should be? */
#ifndef OCI_PKGREPO_RPM_CHECK_H
#define OCI_PKGREPO_RPM_CHECK_H

#include "base/err.h"
#include "base/vec.h"

struct oci_rpm_keys;

/* What the metadata say of a package. */
struct oci_rpm_said {
	const char *name, *version, *arch; /* version: "1:2.0-1", an epoch of 0 is left out */
};

/* Load key files, armoured or binary, into a keyring of its own: the machine's is not looked at. */
int oci_rpm_keys_open(struct oci_rpm_keys **out, const struct oci_strs *files, struct oci_err **err);
void oci_rpm_keys_close(struct oci_rpm_keys *k);
void oci_rpm_keys_closep(struct oci_rpm_keys **k);
#define auto_rpm_keys OCI_AUTO(oci_rpm_keys_closep)

/* Check a file: name, version and CPU of its header; with keys, that header and contents are signed by one of them. */
int oci_rpm_check(const char *path, const struct oci_rpm_said *said, struct oci_rpm_keys *keys, struct oci_err **err);

#endif
