/* Lists: lines of text, `#` starts a comment, blank lines and CRLF are fine. */
#ifndef OCI_BASE_LIST_H
#define OCI_BASE_LIST_H

#include "base/err.h"

struct oci_list_line {
	char *text;    /* without comment and outer blanks; never empty */
	char *file;    /* where it stands, for messages: a path, "stdin" or "argument" */
	unsigned line; /* from 1; 0 for a command-line operand */
};

struct oci_list {
	struct oci_list_line *v;
	size_t n, cap;
};

/* Append what a file ("-" is stdin) holds. A `#` starts a comment at the line's start or behind a blank, so that
 * digests and URL fragments keep theirs. A NUL byte or a line over 64 KiB is an error. */
int oci_list_load(struct oci_list *list, const char *path, struct oci_err **err);
int oci_list_parse(struct oci_list *list, const char *file, const char *text, size_t n, struct oci_err **err);
void oci_list_add(struct oci_list *list, const char *operand);

struct oci_list_args {
	char *const *files; /* -f FILE…, n_files of them */
	size_t n_files;
	char *const *operands; /* NULL-terminated */
	const char *what;      /* plural noun for messages: "images" */
};

/* All the ways in which a tool gets its list: -f FILEs, then operands, "-" among them being stdin; with neither, stdin
 * unless that is a terminal (OCI_USAGE, naming what is missing: "no images given"). */
int oci_list_gather(struct oci_list *list, const struct oci_list_args *args, struct oci_err **err);

char *oci_list_where(const struct oci_list_line *l); /* "images.list:12", "argument"; the caller's to free */
void oci_list_clear(struct oci_list *list);

#define auto_list OCI_AUTO(oci_list_clear)

#endif
