/* The block of a tar file that describes the member behind it, and pax records, as reader and writer know them.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html and, for what GNU adds,
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html */
#ifndef OCI_ARCHIVE_TAR_BLOCK_H
#define OCI_ARCHIVE_TAR_BLOCK_H

#include "base/slice.h"

#define OCI_TAR_BLOCK_SIZE 512

/* Fields need no NUL at their end when they are full. */
struct oci_tar_block {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], dev_major[8], dev_minor[8], prefix[155], rest[12];
};

unsigned oci_tar_block_sum(const struct oci_tar_block *b); /* of all bytes, those of the checksum being blanks */
bool oci_tar_block_is_good(const struct oci_tar_block *b); /* its checksum is that sum */
char *oci_tar_block_name(const struct oci_tar_block *b);   /* with its prefix; the caller's to free */
char *oci_tar_block_link(const struct oci_tar_block *b);   /* the caller's to free */

/* Octal digits, or base 256 when the first bit is set, as GNU writes what octal cannot hold; false when it is neither,
 * or below 0. */
bool oci_tar_number_parse(const char *field, size_t n, uint64_t *out);

/* Take one pax record "LENGTH KEY=VALUE\n" off *rest; false when there is no whole one. */
bool oci_pax_next(struct oci_slice *rest, struct oci_slice *key, struct oci_slice *value);

#endif
