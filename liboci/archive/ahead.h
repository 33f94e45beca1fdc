/* Reading ahead in a thread: one CPU inflates and hashes while the other writes. */
#ifndef OCI_ARCHIVE_AHEAD_H
#define OCI_ARCHIVE_AHEAD_H

#include "base/stream.h"

/* A reader that gives what `from` gives, read in a thread of its own into a few chunks (1 MiB in all). from is taken,
 * and closed by the thread that closes the result. Where no thread can be had, it reads without one. */
struct oci_reader oci_ahead_reader(struct oci_reader from_take);

#endif
