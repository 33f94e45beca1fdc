#include "base/auto.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void oci_auto_free(void *pointer_to_pointer)
{
	void **p = pointer_to_pointer;

	free(*p);
	*p = NULL;
}

void oci_auto_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

void oci_auto_fclose(FILE **f)
{
	int saved = errno;

	if (*f)
		fclose(*f);
	*f = NULL;
	errno = saved;
}

void oci_auto_closedir(DIR **d)
{
	int saved = errno;

	if (*d)
		closedir(*d);
	*d = NULL;
	errno = saved;
}

int oci_steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static void *or_abort(void *p)
{
	if (!p) {
		static const char text[] = "out of memory\n";

		if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
			_exit(1);
		abort();
	}
	return p;
}

void *oci_calloc(size_t n, size_t size)
{
	return or_abort(calloc(n ? n : 1, size ? size : 1));
}

void *oci_realloc(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		or_abort(NULL);
	return or_abort(realloc(p, bytes ? bytes : 1));
}

char *oci_strdup(const char *s)
{
	return s ? or_abort(strdup(s)) : NULL;
}

char *oci_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = oci_realloc(NULL, len + 1, 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *oci_memdup(const void *p, size_t n)
{
	void *copy = oci_realloc(NULL, n, 1);

	return n ? memcpy(copy, p, n) : copy;
}

char *oci_vprintf(const char *fmt, va_list ap)
{
	char *text;

	return or_abort(vasprintf(&text, fmt, ap) < 0 ? NULL : text);
}

char *oci_printf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = oci_vprintf(fmt, ap);

	va_end(ap);
	return text;
}

bool oci_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}
