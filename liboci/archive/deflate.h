/* Compressing as bytes pass by; the same bytes come out of the same library whatever the machine. */
#ifndef OCI_ARCHIVE_DEFLATE_H
#define OCI_ARCHIVE_DEFLATE_H

#include "archive/inflate.h"

/* A writer that packs (GZIP by zlib, ZSTD, or PLAIN: passes) into to, which is borrowed; finish writes what is left,
 * and does not finish `to`. */
struct oci_writer oci_deflate_writer(enum oci_packing packing, struct oci_writer *to);

/* How much is left of n bytes by quick compression, in percent: 100 is all. */
unsigned oci_deflate_estimate(const void *data, size_t n);

#endif
