/* Whole files in and out. */
#ifndef OCI_BASE_FILE_H
#define OCI_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* Read all of a file ("-" is stdin) into out; more than max bytes is an error. */
int oci_file_read(const char *path, size_t max, struct oci_buf *out, struct oci_err **err);
int oci_file_read_fd(int fd, const char *what, size_t max, struct oci_buf *out, struct oci_err **err);

int oci_file_write_fd(int fd, const char *what, const void *data, size_t n, struct oci_err **err); /* all of it */

/* Write data to path atomically (base/outfile.h), mode 0644, unless it holds just that already. */
int oci_file_replace(const char *path, const void *data, size_t n, struct oci_err **err);
/* The same by oci_outfile_open_named: for a path that somebody named. */
int oci_file_replace_named(const char *path, const void *data, size_t n, struct oci_err **err);

/* 0755 for programs, by what they are rather than by what they are called: ELF files and scripts; else 0644. */
mode_t oci_file_mode_of(const char *path);

/* How oci_file_place put one file under a second name. */
enum oci_placed { OCI_PLACED_LINK, OCI_PLACED_REFLINK, OCI_PLACED_COPY };

/* Give from the second name to: a hard link, else a reflink, else a copy (the last two atomically, mode 0644).
 * copy_only leaves out the hard link, for trees whose files change later. When to exists it stays: OCI_CONFLICT. */
int oci_file_place(const char *from, const char *to, bool copy_only, enum oci_placed *how, struct oci_err **err);

#endif
