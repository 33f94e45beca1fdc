/* What one member of a tar file says, as both reader and writer know it. */
#ifndef OCI_ARCHIVE_TAR_H
#define OCI_ARCHIVE_TAR_H

#include "base/err.h"

enum oci_tar_type {
	OCI_TAR_FILE,
	OCI_TAR_DIR,
	OCI_TAR_SYMLINK,
	OCI_TAR_HARDLINK,
	OCI_TAR_CHAR,
	OCI_TAR_BLOCK,
	OCI_TAR_FIFO
};

struct oci_tar_xattr {
	const char *name; /* "user.comment" */
	const void *value;
	size_t len;
};

struct oci_tar_entry {
	enum oci_tar_type type;
	const char *path; /* as it stands in the archive: bytes, may be anything; the writer adds a folder's slash */
	const char *link; /* target of SYMLINK and HARDLINK, else NULL */
	uint64_t size;	  /* of FILE, else 0 */
	unsigned mode;	  /* permission bits, with setuid, setgid and sticky */
	uint64_t uid, gid;
	int64_t mtime;
	unsigned mtime_ns;
	unsigned dev_major, dev_minor; /* of CHAR and BLOCK */
	const struct oci_tar_xattr *xattrs;
	size_t n_xattrs;
};

#endif
