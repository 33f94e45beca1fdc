/* Members of a plain tar file by name, for reading them in any order. Only regular files and links to them count.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
#ifndef OCI_TRANSPORT_TARBALL_INT_H
#define OCI_TRANSPORT_TARBALL_INT_H

#include "base/buf.h"
#include "base/stream.h"

struct oci_tarball;

struct oci_member {
	uint64_t offset, size;
	char *link; /* name of the member it is a link to, or NULL */
};

/* Read the headers, skipping the data. A packed file is refused with what to do; one that is cut short is an error. */
int oci_tarball_open(struct oci_tarball **out, const char *path, struct oci_err **err);
void oci_tarball_close(struct oci_tarball *t);
void oci_tarball_closep(struct oci_tarball **t);
const char *oci_tarball_path(const struct oci_tarball *t);

/* "./" in front does not count, links are followed; NULL when there is no such file. */
const struct oci_member *oci_tarball_find(const struct oci_tarball *t, const char *name);
int oci_tarball_reader(const struct oci_tarball *t, const struct oci_member *m, struct oci_reader *out,
		       struct oci_err **err);
/* All of a small member, at most max bytes; OCI_NOTFOUND when there is none. */
int oci_tarball_read(const struct oci_tarball *t, const char *name, size_t max, struct oci_buf *out,
		     struct oci_err **err);

#define auto_tarball OCI_AUTO(oci_tarball_closep)

#endif
