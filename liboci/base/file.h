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
/* The same for what lists other files: all that was written to its file system is synced first, so that a power cut
 * leaves no list of files that never reached the disk. */
int oci_file_vouch(const char *path, const void *data, size_t n, struct oci_err **err);
/* The same by oci_outfile_open_named: for a path that somebody named. */
int oci_file_replace_named(const char *path, const void *data, size_t n, struct oci_err **err);

/* 0755 for programs, by what they are rather than by what they are called: ELF files and scripts; else 0644. */
mode_t oci_file_mode_of(const char *path);

/* Give from the second name to: a hard link, else a reflink, else a copy (the last two atomically, mode 0644, and not
 * synced). When to exists it stays: OCI_CONFLICT. */
int oci_file_place(const char *from, const char *to, struct oci_err **err);

#endif
