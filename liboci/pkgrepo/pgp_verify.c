#include "base/file.h"
#include "base/proc.h"
#include "base/vec.h"
#include "pkgrepo/pgp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file without a name, for a program that wants a path: nothing is left behind wherever we are cut. */
struct nameless {
	int fd;
	char path[32];
};

/* CentOS 7's kernel has no memfd_create. */
static int nameless_open(void)
{
	int fd = memfd_create("pgp", 0); /* not close-on-exec: the child opens it through /proc */

	if (fd >= 0 || errno != ENOSYS)
		return fd;
	char name[] = "/dev/shm/kubecrate.XXXXXX";

	fd = mkstemp(name);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static int nameless_make(struct nameless *f, struct oci_slice data, struct oci_err **err)
{
	f->fd = nameless_open();
	if (f->fd < 0)
		return oci_fail_errno(err, "no memory for what gpgv shall read");
	snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
	if (access(f->path, R_OK) < 0)
		return oci_fail_errno(err, "%s: gpgv cannot be given what it shall read; is /proc mounted?", f->path);
	if (oci_file_write_fd(f->fd, f->path, data.p, data.len, err) < 0)
		return -1;
	if (lseek(f->fd, 0, SEEK_SET) < 0)
		return oci_fail_errno(err, "%s", f->path);
	return 0;
}

static void nameless_close(struct nameless *f)
{
	if (f->fd >= 0)
		close(f->fd);
}

#define auto_nameless OCI_AUTO(nameless_close)
#define NAMELESS                                                                                                       \
	{                                                                                                              \
		.fd = -1                                                                                               \
	}

/* What gpgv's status lines say. https://github.com/gpg/gnupg/blob/master/doc/DETAILS */
struct verdict {
	unsigned good;
	bool spoke, bad, weak;
	char missing[64], expired[64]; /* key ids */
};

static void note_id(char *to, size_t size, struct oci_slice rest)
{
	struct oci_slice id = { "", 0 };

	oci_slice_word(&rest, &id);
	if (!*to)
		snprintf(to, size, "%.*s", (int)id.len, id.p);
}

/* VALIDSIG has the hash as its eighth word: 1, 2 and 3 are MD5, SHA-1 and RIPEMD-160, which can be forged. */
static bool is_strong(struct oci_slice rest)
{
	struct oci_slice word = { "", 0 };

	for (int i = 0; i < 8; i++)
		if (!oci_slice_word(&rest, &word))
			return false;
	return !oci_slice_eq(word, "1") && !oci_slice_eq(word, "2") && !oci_slice_eq(word, "3");
}

static void read_status(struct oci_slice text, struct verdict *v)
{
	struct oci_slice line, word;
	bool good = false;

	while (oci_slice_line(&text, &line)) {
		if (!oci_slice_word(&line, &word) || !oci_slice_eq(word, "[GNUPG:]") || !oci_slice_word(&line, &word))
			continue;
		v->spoke = true;
		if (oci_slice_eq(word, "NEWSIG"))
			good = false;
		else if (oci_slice_eq(word, "GOODSIG"))
			good = true;
		else if (oci_slice_eq(word, "VALIDSIG") && good)
			is_strong(line) ? v->good++ : (v->weak = true);
		else if (oci_slice_eq(word, "BADSIG"))
			v->bad = true;
		else if (oci_slice_eq(word, "NO_PUBKEY"))
			note_id(v->missing, sizeof(v->missing), line);
		else if (oci_slice_eq(word, "EXPKEYSIG") || oci_slice_eq(word, "REVKEYSIG"))
			note_id(v->expired, sizeof(v->expired), line);
	}
}

static int judge(const char *what, const struct verdict *v, struct oci_err **err)
{
	if (v->bad)
		return oci_fail(err, OCI_BADDIGEST, "%s: a bad signature: it was changed after signing", what);
	if (v->good)
		return 0;
	if (v->weak)
		return oci_fail(err, OCI_BADINPUT, "%s: signed with MD5 or SHA-1 only, which can be forged", what);
	if (v->expired[0])
		return oci_fail(err, OCI_BADINPUT, "%s: signed by the key %s, which has expired or was revoked", what,
				v->expired);
	if (v->missing[0])
		return oci_fail(err, OCI_BADINPUT,
				"%s: signed by the key %s, which is not among the description's keys", what,
				v->missing);
	return oci_fail(err, OCI_BADINPUT, "%s: not signed", what);
}

static int run(const char *what, const struct oci_strs *keys, const char *const *files, struct oci_buf *plain,
	       struct oci_err **err)
{
	auto_nameless struct nameless ring = NAMELESS;
	auto_buf struct oci_buf keyring = { 0 }, status = { 0 };
	struct verdict v = { 0 };
	int rc;

	if (oci_pgp_keyring(keys, &keyring, err) < 0 ||
	    nameless_make(&ring, (struct oci_slice){ oci_buf_text(&keyring), keyring.len }, err) < 0)
		return -1;
	const char *argv[12] = { "gpgv", "--quiet", "--keyring", ring.path, "--status-fd", "2" };
	size_t n = 6;

	if (plain) {
		argv[n++] = "--output";
		argv[n++] = "-";
	}
	for (; *files; files++)
		argv[n++] = *files;
	if (oci_proc_run(
		    &(struct oci_proc){
			    .argv = argv, .output = plain, .errors = &status, .max_output = (size_t)64 << 20 },
		    &rc, err) < 0)
		return oci_fail_in(err, "%s", what);
	read_status((struct oci_slice){ oci_buf_text(&status), status.len }, &v);
	if (!v.spoke)
		return oci_fail(err, OCI_FAILED, "%s: gpgv ended with status %d and checked nothing: %.*s", what, rc,
				(int)strcspn(oci_buf_text(&status), "\n"), oci_buf_text(&status));
	return judge(what, &v, err);
}

int oci_pgp_verify_clear(const char *what, struct oci_slice text, const struct oci_strs *keys, struct oci_buf *plain,
			 struct oci_err **err)
{
	auto_nameless struct nameless file = NAMELESS;

	if (nameless_make(&file, text, err) < 0)
		return -1;
	return run(what, keys, (const char *const[]){ file.path, NULL }, plain, err);
}

int oci_pgp_verify_detached(const char *what, struct oci_slice data, struct oci_slice signature,
			    const struct oci_strs *keys, struct oci_err **err)
{
	auto_nameless struct nameless file = NAMELESS, sig = NAMELESS;

	if (nameless_make(&file, data, err) < 0 || nameless_make(&sig, signature, err) < 0)
		return -1;
	return run(what, keys, (const char *const[]){ sig.path, file.path, NULL }, NULL, err);
}
