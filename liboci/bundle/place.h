/* A tree into a folder. */
#ifndef OCI_BUNDLE_PLACE_H
#define OCI_BUNDLE_PLACE_H

#include "bundle/sink.h"

struct oci_place;

/* dir must be there and empty. Nothing is ever followed, replaced or written outside of it: folders are walked by
 * descriptor without following links, files are made anew. Owners are set when we are root; setuid, setgid and
 * security.* attributes only with special. Folders without a member of their own get mode 0755 and the time `mtime`. */
int oci_place_open(struct oci_place **out, const char *dir, bool special, int64_t mtime, struct oci_err **err);
struct oci_sink oci_place_sink(struct oci_place *p); /* lives as long as p */
/* Set modes and times of the folders, and wait until all is on the disk. */
int oci_place_end(struct oci_place *p, struct oci_err **err);
void oci_place_closep(struct oci_place **p);

#define auto_place OCI_AUTO(oci_place_closep)

#endif
