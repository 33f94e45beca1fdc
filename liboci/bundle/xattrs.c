#include "bundle/xattrs.h"

#include "base/vec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#define LIST_MAX 65536 /* the kernel's own limits for a list and a value */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct oci_tar_xattr *)a)->name, ((const struct oci_tar_xattr *)b)->name);
}

static int read_one(const char *path, const char *name, struct oci_xattrs *out, struct oci_err **err)
{
	auto_free char *value = oci_realloc(NULL, LIST_MAX, 1);
	ssize_t n = lgetxattr(path, name, value, LIST_MAX);

	if (n < 0)
		return errno == ENODATA ? 0 : oci_fail_errno(err, "%s: cannot read its attribute %s", path, name);
	*oci_vec_push(out) = (struct oci_tar_xattr){ oci_strdup(name), oci_memdup(value, (size_t)n), (size_t)n };
	return 0;
}

int oci_xattrs_read(const char *path, struct oci_xattrs *out, struct oci_err **err)
{
	char small[256];
	ssize_t n = llistxattr(path, small, sizeof(small));
	auto_free char *big = NULL;
	const char *list = small;

	if (n < 0 && errno == ERANGE) {
		list = big = oci_realloc(NULL, LIST_MAX, 1);
		n = llistxattr(path, big, LIST_MAX);
	}
	for (const char *name = list; n > 0 && name < list + n; name += strlen(name) + 1)
		if (oci_starts(name, "user.") && read_one(path, name, out, err) < 0)
			return -1;
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(out->v[0]), by_name);
	return 0;
}

void oci_xattrs_clear(struct oci_xattrs *x)
{
	for (size_t i = 0; i < x->n; i++) {
		free((void *)(uintptr_t)x->v[i].name);
		free((void *)(uintptr_t)x->v[i].value);
	}
	free(x->v);
	*x = (struct oci_xattrs){ 0 };
}
