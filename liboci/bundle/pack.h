/* A tree into a tar file, and layers into one layer. */
#ifndef OCI_BUNDLE_PACK_H
#define OCI_BUNDLE_PACK_H

#include "archive/tar_write.h"
#include "bundle/sink.h"

struct oci_pack {
	struct oci_tar_write *tar;
	const char *prefix; /* put before each path; NULL for none */
	const char *file;   /* what the tar is written to, which must have room for big members; NULL: not known */
	int fd;		    /* of file */
	bool special;	    /* setuid, setgid and security.* attributes too */
};

struct oci_sink oci_pack_sink(struct oci_pack *p); /* p is borrowed */

#endif
