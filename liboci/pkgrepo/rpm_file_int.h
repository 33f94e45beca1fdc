/* Shared by the files that read local .rpm files; librpm's header stays in them. */
#ifndef OCI_PKGREPO_RPM_FILE_INT_H
#define OCI_PKGREPO_RPM_FILE_INT_H

#include "pkgrepo/rpm_file.h"

#include <rpm/header.h>

/* Where the header of a package lies in its file. */
struct oci_rpm_range {
	uint64_t start, end;
};

/* Write the elements of a package whose name, version, arch, digest and size are known. */
void oci_rpm_entries_make(Header h, const char *href, const struct oci_rpm_range *range, struct oci_rpm_file *f);

/* " name=..." with its value escaped as libxml2 does it. */
void oci_rpm_xml_att(struct oci_buf *out, const char *name, const char *value);
/* Text of an element; what XML cannot hold is left out, what is not UTF-8 is taken for Latin-1. */
void oci_rpm_xml_text(struct oci_buf *out, const char *text);

/* <rpm:provides> and the like. */
void oci_rpm_deps_make(Header h, struct oci_buf *out);
/* Does primary name this file, too? */
bool oci_rpm_is_primary(const char *path);

#endif
