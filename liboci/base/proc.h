/* Other programs as subprocesses: gpg, gpgv, credential helpers. */
#ifndef OCI_BASE_PROC_H
#define OCI_BASE_PROC_H

#include "base/buf.h"
#include "base/err.h"

struct oci_proc {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	const char *const *env;	 /* NULL-terminated additions "NAME=value", or NULL */
	const void *input;	 /* fed to its stdin, or NULL for /dev/null */
	size_t input_len;
	struct oci_buf *output; /* its stdout, or NULL to drop it */
	struct oci_buf *errors; /* its stderr, or NULL to drop it */
	size_t max_output;	/* 0: 16 MiB each */
};

/* Run it to its end; *status is its exit status, 128 + N when signal N ended it. -1 when it cannot be started
 * (OCI_NOTFOUND where there is no such program) or says more than max_output. */
int oci_proc_run(const struct oci_proc *p, int *status, struct oci_err **err);

#endif
