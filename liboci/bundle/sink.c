#include "bundle/sink.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

int oci_sink_expect_space(int fd, const char *where, const struct oci_tar_entry *e, struct oci_err **err)
{
	struct statvfs vfs;
	struct stat st;

	if (e->size < OCI_SINK_BIG)
		return 0;
	if (fstat(fd, &st) < 0 || fstatvfs(fd, &vfs) < 0)
		return oci_fail_errno(err, "%s", where);
	uint64_t space = (uint64_t)vfs.f_bavail * vfs.f_frsize;

	if (space >= e->size || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return 0;
	return oci_fail(err, OCI_NOSPACE, "%s: has %llu bytes, but only %llu are free on %s", e->path,
			(unsigned long long)e->size, (unsigned long long)space, where);
}
