/* Errors that carry text: a code for decisions, a sentence for people. */
#ifndef OCI_BASE_ERR_H
#define OCI_BASE_ERR_H

#include "base/auto.h"

#include <sys/types.h>

/* What a caller may decide on; the text is for people and never parsed. */
enum oci_code {
	OCI_FAILED = 1,	 /* anything without a code of its own */
	OCI_USAGE,	 /* wrong command line: exit status 2 */
	OCI_NOTFOUND,	 /* it is not there: a file, a tag, HTTP 404 */
	OCI_DENIED,	 /* not allowed: EACCES, HTTP 401 and 403 */
	OCI_BADDIGEST,	 /* bytes do not match their digest or size */
	OCI_BADINPUT,	 /* malformed: JSON, YAML, references, archives */
	OCI_UNSUPPORTED, /* well formed, but nothing we can handle */
	OCI_NOSPACE,	 /* disk or quota full */
	OCI_BUSY,	 /* may work later: HTTP 429 and 5xx, a dropped connection */
	OCI_CONFLICT,	 /* two things claim one name */
};

struct oci_err;

/* Set *err (when err is given) and return -1. An error already in *err is replaced. */
int oci_fail(struct oci_err **err, enum oci_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* As oci_fail, with ": strerror(errno)" behind the text and a code made from errno. */
int oci_fail_errno(struct oci_err **err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Put "fmt: " in front of the text of *err; return -1. */
int oci_fail_in(struct oci_err **err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Hand *from over to *to (freed when to is NULL) and return -1. */
int oci_fail_with(struct oci_err **to, struct oci_err **from);

#ifdef __clang_analyzer__
/* It sees one file at a time, and has to know that these never give 0. */
#define oci_fail(...) (oci_fail(__VA_ARGS__), -1)
#define oci_fail_errno(...) (oci_fail_errno(__VA_ARGS__), -1)
#define oci_fail_in(...) (oci_fail_in(__VA_ARGS__), -1)
#define oci_fail_with(...) (oci_fail_with(__VA_ARGS__), -1)
#endif

const char *oci_err_text(const struct oci_err *err);   /* "" without an error; lives as long as err */
enum oci_code oci_err_code(const struct oci_err *err); /* 0 without an error */
struct oci_err *oci_err_dup(const struct oci_err *err);
void oci_err_free(struct oci_err *err);
void oci_err_clear(struct oci_err **err); /* free it and set it to NULL */

#define auto_err OCI_AUTO(oci_err_clear)

#endif
