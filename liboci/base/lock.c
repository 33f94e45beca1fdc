#include "base/lock.h"

#include "base/out.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

/* Where the file system has no locks nobody can be waited for. */
static int wait_for_turn(int fd, const char *dir, const struct oci_out *out, struct oci_err **err)
{
	int rc = flock(fd, LOCK_EX | LOCK_NB);

	if (rc < 0 && errno == EWOULDBLOCK) {
		oci_note(out, "%s: another run is working on it; waiting", dir);
		do
			rc = flock(fd, LOCK_EX);
		while (rc < 0 && errno == EINTR);
	}
	if (rc == 0)
		return 0;
	if (errno != ENOLCK && errno != EOPNOTSUPP)
		return oci_fail_errno(err, "cannot lock %s", dir);
	oci_warn(out, "%s: its file system has no locks: let no other run work on it meanwhile", dir);
	return 0;
}

int oci_lock_dir(const char *dir, const struct oci_out *out, int *fd, struct oci_err **err)
{
	for (;;) {
		if (oci_path_mkdirs(dir, err) < 0)
			return -1;
		auto_fd int held = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (held < 0)
			return oci_fail_errno(err, "cannot open %s", dir);
		if (wait_for_turn(held, dir, out, err) < 0)
			return -1;
		/* a run that we waited for may have renamed or removed it */
		if (oci_path_names(dir, held)) {
			*fd = oci_steal_fd(&held);
			return 0;
		}
	}
}
