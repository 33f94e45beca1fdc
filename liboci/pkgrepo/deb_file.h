/* Local .deb files: their control data as a stanza of an index. */
#ifndef OCI_PKGREPO_DEB_FILE_H
#define OCI_PKGREPO_DEB_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct oci_apt_index;
struct oci_apt_paths;
struct oci_repo_target;
struct oci_wants;

/* Append the stanza of a .deb: its control file, then Filename (its path without the first slash), Size and SHA256. */
int oci_deb_file_stanza(const char *path, struct oci_buf *out, struct oci_err **err);

/* Is the .deb the package that a stanza of a list says? Its own control file is asked. */
int oci_deb_file_check(const char *path, struct oci_slice stanza, struct oci_err **err);

/* Look for paths among a .deb's files. */
int oci_deb_file_paths(const char *path, struct oci_slice package, struct oci_apt_paths *paths, struct oci_err **err);

/* Add the target's own .deb files to an index, before all repositories, and ask for each that is made for its CPU. */
int oci_deb_files_add(struct oci_apt_index *ix, const struct oci_repo_target *t, struct oci_wants *wants,
		      struct oci_err **err);

#endif
