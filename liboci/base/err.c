#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#undef oci_fail
#undef oci_fail_errno
#undef oci_fail_in
#undef oci_fail_with

struct oci_err {
	enum oci_code code;
	char *text;
};

static void set(struct oci_err **err, enum oci_code code, char *text_take)
{
	if (!err) {
		free(text_take);
		return;
	}
	struct oci_err *e = oci_calloc(1, sizeof(*e));

	e->code = code;
	e->text = text_take;
	oci_err_free(*err);
	*err = e;
}

int oci_fail(struct oci_err **err, enum oci_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, code, oci_vprintf(fmt, ap));
	va_end(ap);
	return -1;
}

static enum oci_code code_of_errno(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return OCI_NOTFOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return OCI_DENIED;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return OCI_NOSPACE;
	case EEXIST:
	case ENOTEMPTY:
		return OCI_CONFLICT;
	default:
		return OCI_FAILED;
	}
}

int oci_fail_errno(struct oci_err **err, const char *fmt, ...)
{
	int number = errno;
	va_list ap;

	va_start(ap, fmt);
	char *what = oci_vprintf(fmt, ap);
	va_end(ap);
	char *text = oci_printf("%s: %s", what, strerror(number));
	free(what);
	set(err, code_of_errno(number), text);
	errno = number;
	return -1;
}

int oci_fail_in(struct oci_err **err, const char *fmt, ...)
{
	if (!err || !*err)
		return -1;
	va_list ap;

	va_start(ap, fmt);
	char *where = oci_vprintf(fmt, ap);
	va_end(ap);
	char *text = oci_printf("%s: %s", where, (*err)->text);
	free(where);
	free((*err)->text);
	(*err)->text = text;
	return -1;
}

int oci_fail_with(struct oci_err **to, struct oci_err **from)
{
	if (to && to != from) {
		oci_err_free(*to);
		*to = oci_steal(from);
	} else if (!to) {
		oci_err_clear(from);
	}
	return -1;
}

const char *oci_err_text(const struct oci_err *err)
{
	return err ? err->text : "";
}

enum oci_code oci_err_code(const struct oci_err *err)
{
	return err ? err->code : 0;
}

struct oci_err *oci_err_dup(const struct oci_err *err)
{
	struct oci_err *copy = NULL;

	if (err)
		set(&copy, err->code, oci_strdup(err->text));
	return copy;
}

void oci_err_free(struct oci_err *err)
{
	if (err) {
		free(err->text);
		free(err);
	}
}

void oci_err_clear(struct oci_err **err)
{
	oci_err_free(*err);
	*err = NULL;
}
