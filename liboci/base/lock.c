#include "base/lock.h"

#include "base/out.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

int oci_lock_dir(const char *dir, const struct oci_out *out, int *fd, struct oci_err **err)
{
	if (oci_path_mkdirs(dir, err) < 0)
		return -1;
	auto_fd int held = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (held < 0)
		return oci_fail_errno(err, "cannot open %s", dir);
	if (flock(held, LOCK_EX | LOCK_NB) < 0) {
		oci_note(out, "%s: another run is working on it; waiting", dir);
		while (flock(held, LOCK_EX) < 0)
			if (errno != EINTR)
				return oci_fail_errno(err, "cannot lock %s", dir);
	}
	*fd = oci_steal_fd(&held);
	return 0;
}
