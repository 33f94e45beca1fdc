#include "pkgrepo/rpm_file.h"

#include "base/file.h"
#include "base/path.h"
#include "digest/hasher.h"
#include "pkgrepo/rpm_auto.h"
#include "pkgrepo/rpm_file_int.h"

#include <fcntl.h>
#include <rpm/rpmlog.h>
#include <stdlib.h>
#include <unistd.h>

#define LEAD 96
#define INTRO 16 /* of a header: magic, number of entries, bytes of data */

void oci_rpm_file_clear(struct oci_rpm_file *f)
{
	char *const texts[] = { f->name, f->version, f->arch, f->primary, f->filelists, f->other };

	for (size_t i = 0; i < OCI_COUNT(texts); i++)
		free(texts[i]);
	*f = (struct oci_rpm_file){ 0 };
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Length of the header whose intro stands at an offset.
 * https://rpm-software-management.github.io/rpm/manual/format.html */
static int header_len(int fd, const char *path, uint64_t at, uint64_t *len, struct oci_err **err)
{
	static const uint8_t magic[] = { 0x8e, 0xad, 0xe8, 1 };
	uint8_t intro[INTRO];

	if (pread(fd, intro, sizeof(intro), (off_t)at) != INTRO || memcmp(intro, magic, sizeof(magic)) != 0)
		return oci_fail(err, OCI_BADINPUT, "%s: not an .rpm: no header at byte %llu", path,
				(unsigned long long)at);
	*len = INTRO + (uint64_t)be32(intro + 8) * 16 + be32(intro + 12);
	return 0;
}

/* The signature's header is padded to eight bytes, the package's own stands behind it. */
static int find_header(int fd, const char *path, struct oci_rpm_range *range, struct oci_err **err)
{
	uint64_t signature = 0, own = 0;

	if (header_len(fd, path, LEAD, &signature, err) < 0)
		return -1;
	range->start = LEAD + (signature + 7) / 8 * 8;
	if (header_len(fd, path, range->start, &own, err) < 0)
		return -1;
	range->end = range->start + own;
	return 0;
}

/* Signatures are left to who knows the keys; digests are checked. */
static int read_header(const char *path, Header *out, struct oci_err **err)
{
	auto_rpm_ts rpmts ts = rpmtsCreate();
	auto_rpm_fd FD_t fd = Fopen(path, "r.ufdio");
	rpmRC rc;

	if (!fd || Ferror(fd))
		return oci_fail_errno(err, "%s", path);
	rpmtsSetVSFlags(ts, RPMVSF_MASK_NOSIGNATURES);
	int old = rpmlogSetMask(RPMLOG_UPTO(RPMLOG_EMERG)); /* it would speak to stderr itself */

	rc = rpmReadPackageFile(ts, fd, path, out);
	rpmlogSetMask(old);
	if (rc == RPMRC_OK || rc == RPMRC_NOKEY || rc == RPMRC_NOTTRUSTED)
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s: not an .rpm that librpm can read: damaged, or its header was changed",
			path);
}

/* What stands behind the lead and the signature, as the signature's header has it. */
static int check_size(Header h, const char *path, uint64_t start, uint64_t size, struct oci_err **err)
{
	uint64_t said = headerGetNumber(h, RPMTAG_LONGSIGSIZE);

	if (!said)
		said = headerGetNumber(h, RPMTAG_SIGSIZE);
	said += start;
	if (said != start && said != size)
		return oci_fail(err, OCI_BADINPUT, "%s: %llu bytes, but its header says %llu: cut short or changed",
				path, (unsigned long long)size, (unsigned long long)said);
	return 0;
}

static bool has_signature(Header h)
{
	static const rpmTagVal tags[] = { RPMTAG_RSAHEADER, RPMTAG_DSAHEADER, RPMTAG_SIGPGP, RPMTAG_SIGGPG };

	for (size_t i = 0; i < OCI_COUNT(tags); i++)
		if (headerIsEntry(h, tags[i]))
			return true;
	return false;
}

static int fill(Header h, const char *path, struct oci_rpm_file *f, struct oci_err **err)
{
	const char *name = headerGetString(h, RPMTAG_NAME), *version = headerGetString(h, RPMTAG_VERSION),
		   *release = headerGetString(h, RPMTAG_RELEASE), *arch = headerGetString(h, RPMTAG_ARCH);
	uint64_t epoch = headerGetNumber(h, RPMTAG_EPOCH);

	if (!name || !version || !release || !arch)
		return oci_fail(err, OCI_BADINPUT, "%s: a header without name, version, release or arch", path);
	if (headerIsSource(h))
		return oci_fail(err, OCI_BADINPUT, "%s: a source package; give the packages built from it", path);
	f->name = oci_strdup(name);
	f->version = epoch ? oci_printf("%llu:%s-%s", (unsigned long long)epoch, version, release)
			   : oci_printf("%s-%s", version, release);
	f->arch = oci_strdup(arch);
	f->is_signed = has_signature(h);
	return 0;
}

int oci_rpm_file_read(const char *path, const char *href, struct oci_rpm_file *out, struct oci_err **err)
{
	auto_rpm_file struct oci_rpm_file f = { 0 };
	auto_rpm_header Header h = NULL;
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct oci_rpm_range range;

	if (fd < 0)
		return oci_fail_errno(err, "%s", path);
	if (find_header(fd, path, &range, err) < 0 || read_header(path, &h, err) < 0 || fill(h, path, &f, err) < 0 ||
	    oci_hash_fd(OCI_SHA256, fd, path, &f.digest, &f.size, err) < 0 ||
	    check_size(h, path, range.start, f.size, err) < 0)
		return -1;
	oci_rpm_entries_make(h, href, &range, &f);
	*out = f;
	f = (struct oci_rpm_file){ 0 };
	return 0;
}
