/* Modes, owners, times and extended attributes. */
#include "bundle/place_int.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

struct oci_place_meta oci_place_meta_of(const struct oci_tar_entry *e, bool special)
{
	return (struct oci_place_meta){ .mode = e->mode & (special ? 07777 : 01777),
					.uid = e->uid,
					.gid = e->gid,
					.mtime = e->mtime,
					.mtime_ns = e->mtime_ns };
}

static void times_of(const struct oci_place_meta *m, struct timespec out[2])
{
	out[0] = out[1] = (struct timespec){ .tv_sec = m->mtime, .tv_nsec = m->mtime_ns % 1000000000 };
}

/* What does not fit would become another's, and the last number means that the owner stays. */
static int check_owner(const char *path, const struct oci_place_meta *m, struct oci_err **err)
{
	if (m->uid < UINT32_MAX && m->gid < UINT32_MAX)
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s: its owner %llu:%llu is none that a system can have", path,
			(unsigned long long)m->uid, (unsigned long long)m->gid);
}

int oci_place_set_fd(int fd, const char *path, const struct oci_place_meta *m, struct oci_err **err)
{
	struct timespec times[2];

	times_of(m, times);
	if (check_owner(path, m, err) < 0)
		return -1;
	if (geteuid() == 0 && fchown(fd, (uid_t)m->uid, (gid_t)m->gid) < 0)
		return oci_fail_errno(err, "%s: cannot set its owner", path);
	if (fchmod(fd, m->mode) < 0 || futimens(fd, times) < 0)
		return oci_fail_errno(err, "%s: cannot set its mode and time", path);
	return 0;
}

int oci_place_set_at(int dir, const char *name, const char *path, const struct oci_place_meta *m, bool is_link,
		     struct oci_err **err)
{
	struct timespec times[2];

	times_of(m, times);
	if (check_owner(path, m, err) < 0)
		return -1;
	if (geteuid() == 0 && fchownat(dir, name, (uid_t)m->uid, (gid_t)m->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return oci_fail_errno(err, "%s: cannot set its owner", path);
	if ((!is_link && fchmodat(dir, name, m->mode, 0) < 0) || utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return oci_fail_errno(err, "%s: cannot set its mode and time", path);
	return 0;
}

static bool is_wanted(const char *name, bool special)
{
	return oci_starts(name, "user.") || (special && oci_starts(name, "security."));
}

int oci_place_set_xattrs(int fd, const struct oci_tar_entry *e, bool special, struct oci_err **err)
{
	for (size_t i = 0; i < e->n_xattrs; i++) {
		const struct oci_tar_xattr *x = &e->xattrs[i];

		if (is_wanted(x->name, special) && fsetxattr(fd, x->name, x->value, x->len, 0) < 0)
			return oci_fail_errno(err, "%s: cannot set its attribute %s", e->path, x->name);
	}
	return 0;
}
