/* Atomic output: written aside, then renamed. What is not committed vanishes. */
#ifndef OCI_BASE_OUTFILE_H
#define OCI_BASE_OUTFILE_H

#include "base/stream.h"

struct oci_outfile;

/* Begin to write path as "path.partial" beside it, when no other run does (else wait for it). "-" is stdout, which
 * cannot be taken back. The folder must exist. Mode 0644 unless changed by fd. */
int oci_outfile_open(struct oci_outfile **out, const char *path, struct oci_err **err);

/* The same for a path that somebody named: what a symbolic link there leads to is replaced, not the link, and a device,
 * pipe or socket is written in place. Not for paths inside a tree, where a link may lead out of it. */
int oci_outfile_open_named(struct oci_outfile **out, const char *path, struct oci_err **err);
bool oci_outfile_is_stdout(const char *path); /* "-", "/dev/stdout" and whatever else is the same file */

int oci_outfile_write(struct oci_outfile *f, const void *data, size_t n, struct oci_err **err); /* buffered */
int oci_outfile_fd(struct oci_outfile *f); /* for writing past the buffer, before the first buffered write */

struct oci_writer oci_outfile_writer(struct oci_outfile *f); /* f is borrowed, and committed by its owner */

/* Leave the sync to the caller, who syncs the file system once behind many files. */
void oci_outfile_unsynced(struct oci_outfile *f);

/* Flush, sync to disk, rename over path. f stays the caller's to close. */
int oci_outfile_commit(struct oci_outfile *f, struct oci_err **err);
void oci_outfile_close(struct oci_outfile *f);
void oci_outfile_closep(struct oci_outfile **f);

#define auto_outfile OCI_AUTO(oci_outfile_closep)

#endif
