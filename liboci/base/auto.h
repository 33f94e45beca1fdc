/* Clean-up by attribute, memory that aborts when it runs out, and the macros everyone needs. */
#ifndef OCI_BASE_AUTO_H
#define OCI_BASE_AUTO_H

#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OCI_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A local declared with OCI_AUTO(fn) is given back by fn(&local) on every path out of its block. */
#define OCI_AUTO(fn) __attribute__((cleanup(fn)))

#define auto_free OCI_AUTO(oci_auto_free)
#define auto_fd OCI_AUTO(oci_auto_close)
#define auto_dir OCI_AUTO(oci_auto_closedir)

void oci_auto_free(void *pointer_to_pointer);
void oci_auto_close(int *fd); /* -1 is nothing */
void oci_auto_fclose(FILE **f);
void oci_auto_closedir(DIR **d);

/* Take the pointer out of an owning local: *out = oci_steal(&local). */
#define oci_steal(pointer)                                                                                             \
	({                                                                                                             \
		__typeof__(*(pointer)) oci_taken = *(pointer);                                                         \
		*(pointer) = NULL;                                                                                     \
		oci_taken;                                                                                             \
	})

/* As oci_steal, for a file descriptor. */
int oci_steal_fd(int *fd);

/* These never return NULL: out of memory ends the process with a line on stderr. */
void *oci_calloc(size_t n, size_t size);
void *oci_realloc(void *p, size_t n, size_t size); /* n times size, checked for overflow */
char *oci_strdup(const char *s);		   /* NULL gives NULL */
char *oci_strndup(const char *s, size_t n);
void *oci_memdup(const void *p, size_t n);
char *oci_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *oci_vprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static inline bool oci_streq(const char *a, const char *b)
{
	return a && b ? __builtin_strcmp(a, b) == 0 : a == b;
}

static inline bool oci_starts(const char *s, const char *prefix)
{
	return __builtin_strncmp(s, prefix, __builtin_strlen(prefix)) == 0;
}

bool oci_ends(const char *s, const char *suffix);

#endif
