#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "pkgrepo/pgp.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_KEY_FILE ((size_t)1 << 20)
/* An agent's socket lies in the home folder, and its path may be 107 bytes long. */
#define MAX_HOME 80
#define HOME_PREFIX "kubecrate-gpg."

struct oci_signer {
	char *home; /* private, gone after the run */
	int lock;   /* on home, while we live */
	char *fingerprint;
	int64_t time; /* of signatures */
	struct oci_buf public_key;
};

static int gpg(const char *home, const char *const *args, struct oci_slice input, struct oci_buf *output,
	       struct oci_err **err)
{
	const char *argv[32] = { "gpg",		 "--homedir",	  home,
				 "--no-options", "--batch",	  "--no-tty",
				 "--quiet",	 "--no-greeting", "--pinentry-mode",
				 "loopback",	 "--passphrase",  "" };
	auto_buf struct oci_buf errors = { 0 };
	size_t n = 12;
	int status;

	while (*args)
		argv[n++] = *args++;
	if (oci_proc_run(&(struct oci_proc){ .argv = argv,
					     .input = input.p,
					     .input_len = input.len,
					     .output = output,
					     .errors = &errors },
			 &status, err) < 0)
		return -1;
	struct oci_slice why = oci_slice_trim(oci_slice(oci_buf_text(&errors)));

	if (!why.len)
		why = OCI_SLICE("no word why");
	if (status)
		return oci_fail(err, OCI_FAILED, "gpg: exit status %d: %.*s", status, (int)why.len, why.p);
	return 0;
}

#define GPG(home, input, output, err, ...) gpg(home, (const char *const[]){ __VA_ARGS__, NULL }, input, output, err)

static char *data_home(void)
{
	const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (xdg && *xdg)
		return oci_path_join(xdg, "kubecrate");
	return oci_path_join(home && *home ? home : "/root", ".local/share/kubecrate");
}

static void drop_home(const char *home)
{
	oci_proc_run(&(struct oci_proc){ .argv = (const char *const[]){ "gpgconf", "--homedir", home, "--kill", "all",
									NULL } },
		     &(int){ 0 }, NULL);
	oci_path_remove_tree(home, NULL);
}

/* A folder that a killed run left holds a key and an agent. Nobody's lock is on it. */
static int drop_stale(void *ctx, const char *name, struct oci_err **err)
{
	auto_free char *path = oci_path_join(ctx, name);
	auto_fd int fd =
		oci_starts(name, HOME_PREFIX) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct stat st;

	(void)err;
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
		drop_home(path);
	return 0;
}

static int try_home(const char *place, struct oci_signer *s)
{
	auto_free char *path = oci_path_join(place, HOME_PREFIX "XXXXXX");
	auto_free char *dir = oci_strdup(place);
	auto_fd int turn = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* a new folder has no lock for a moment: nobody may look at it then */
	if (turn < 0 || flock(turn, LOCK_EX) < 0)
		return -1;
	oci_path_each(place, drop_stale, dir, NULL);
	if (!mkdtemp(path))
		return -1;
	s->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->lock < 0 || flock(s->lock, LOCK_EX) < 0)
		return -1;
	s->home = oci_steal(&path);
	return 0;
}

/* A private folder that is gone after the run: beside the key, or, where that path is too long for an agent's socket,
 * in the machine's memory. */
static int make_home(const char *beside, struct oci_signer *s, struct oci_err **err)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	const char *const places[] = { beside, run, "/dev/shm" };

	for (size_t i = 0; i < OCI_COUNT(places); i++)
		if (places[i] && *places[i] && strlen(places[i]) + strlen("/" HOME_PREFIX "XXXXXX") <= MAX_HOME &&
		    try_home(places[i], s) == 0)
			return 0;
	return oci_fail_errno(err, "no place for gpg's private folder; set XDG_RUNTIME_DIR");
}

/* A key made now would lie in the future for a site whose clocks lag, and what it signs would be refused there. */
#define KEY_DATE "20200101T000000!"

static int make_key(const char *home, struct oci_buf *secret, struct oci_err **err)
{
	const struct oci_slice none = { "", 0 };

	if (GPG(home, none, NULL, err, "--faked-system-time", KEY_DATE, "--quick-generate-key",
		"kubecrate package repository", "rsa3072", "sign", "never") < 0)
		return -1;
	return GPG(home, none, secret, err, "--armor", "--export-secret-keys");
}

static int write_private(const char *path, const struct oci_buf *data, struct oci_err **err)
{
	auto_free char *aside = oci_printf("%s.partial", path);
	auto_fd int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return oci_fail_errno(err, "cannot write %s", path);
	if (oci_file_write_fd(fd, aside, oci_buf_text(data), data->len, err) < 0)
		return -1;
	if (fsync(fd) < 0 || rename(aside, path) < 0)
		return oci_fail_errno(err, "cannot write %s", path);
	return 0;
}

/* The key made once; two first runs at the same time must not make two. */
static int own_key(const char *dir, const char *home, struct oci_buf *secret, struct oci_err **err)
{
	auto_free char *path = oci_path_join(dir, "repo-sign-key.asc");
	auto_fd int lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0 || flock(lock, LOCK_EX) < 0)
		return oci_fail_errno(err, "%s", dir);
	if (oci_path_exists(path))
		return oci_file_read(path, MAX_KEY_FILE, secret, err);
	if (make_key(home, secret, err) < 0)
		return -1;
	return write_private(path, secret, err);
}

/* "fpr:::::::::FINGERPRINT:" follows the primary key's "sec:u:3072:1:ID:CREATED:…". */
static int read_key_list(struct oci_slice text, struct oci_signer *s, struct oci_err **err)
{
	struct oci_slice line, word, rest;
	int64_t created = 0;

	while (oci_slice_line(&text, &line) && !s->fingerprint) {
		bool sec = oci_slice_starts(line, "sec:"), fpr = oci_slice_starts(line, "fpr:");
		int column = sec ? 5 : 9;
		uint64_t number;

		if (!sec && !fpr)
			continue;
		rest = line;
		for (int i = 0; i <= column; i++)
			oci_slice_cut(rest, ':', &word, &rest);
		if (sec && oci_slice_u64(word, &number))
			created = (int64_t)number;
		if (fpr)
			s->fingerprint = oci_slice_dup(word);
	}
	if (!s->fingerprint)
		return oci_fail(err, OCI_BADINPUT, "holds no secret key");
	if (s->time < created)
		s->time = created;
	return 0;
}

static int import(struct oci_signer *s, const struct oci_buf *secret, struct oci_err **err)
{
	auto_buf struct oci_buf list = { 0 };
	const struct oci_slice none = { "", 0 };

	if (GPG(s->home, ((struct oci_slice){ oci_buf_text(secret), secret->len }), NULL, err, "--import") < 0 ||
	    GPG(s->home, none, &list, err, "--with-colons", "--list-secret-keys") < 0 ||
	    read_key_list((struct oci_slice){ oci_buf_text(&list), list.len }, s, err) < 0)
		return -1;
	return GPG(s->home, none, &s->public_key, err, "--armor", "--export-options", "export-minimal", "--export",
		   s->fingerprint);
}

static int sign(struct oci_signer *s, const char *how, struct oci_slice text, struct oci_buf *out, struct oci_err **err)
{
	auto_free char *at = oci_printf("%lld!", (long long)s->time);

	return GPG(s->home, text, out, err, "--faked-system-time", at, "--local-user", s->fingerprint, "--digest-algo",
		   "SHA256", "--armor", "--output", "-", how);
}

/* A key with a passphrase shows only here, and shall before anything is downloaded. */
static int try_key(struct oci_signer *s, const struct oci_buf *secret, struct oci_err **err)
{
	auto_buf struct oci_buf signature = { 0 };

	if (import(s, secret, err) < 0)
		return -1;
	if (sign(s, "--detach-sign", OCI_SLICE("x"), &signature, err) < 0)
		return oci_fail_in(err, "cannot sign; a key without a passphrase is wanted");
	return 0;
}

int oci_signer_open(struct oci_signer **out, const char *key_file, int64_t seconds, struct oci_err **err)
{
	auto_signer struct oci_signer *s = oci_calloc(1, sizeof(*s));
	auto_buf struct oci_buf secret = { 0 };
	auto_free char *dir = data_home();

	s->time = seconds;
	s->lock = -1;
	if (!key_file && oci_path_mkdirs(dir, err) < 0)
		return -1;
	if (make_home(key_file ? NULL : dir, s, err) < 0)
		return -1;
	if (key_file) {
		if (oci_file_read(key_file, MAX_KEY_FILE, &secret, err) < 0)
			return oci_fail_in(err, "--sign-key");
		if (try_key(s, &secret, err) < 0)
			return oci_fail_in(err, "--sign-key %s", key_file);
	} else if (own_key(dir, s->home, &secret, err) < 0 || import(s, &secret, err) < 0) {
		return oci_fail_in(err, "signing key");
	}
	*out = oci_steal(&s);
	return 0;
}

int oci_signer_clear(struct oci_signer *s, struct oci_slice text, struct oci_buf *out, struct oci_err **err)
{
	return sign(s, "--clear-sign", text, out, err);
}

int oci_signer_detached(struct oci_signer *s, struct oci_slice data, struct oci_buf *armoured, struct oci_err **err)
{
	return sign(s, "--detach-sign", data, armoured, err);
}

const struct oci_buf *oci_signer_public(const struct oci_signer *s)
{
	return &s->public_key;
}

const char *oci_signer_fingerprint(const struct oci_signer *s)
{
	return s->fingerprint;
}

void oci_signer_close(struct oci_signer *s)
{
	if (!s)
		return;
	if (s->home)
		drop_home(s->home);
	free(s->home);
	oci_auto_close(&s->lock);
	free(s->fingerprint);
	oci_buf_clear(&s->public_key);
	free(s);
}

void oci_signer_closep(struct oci_signer **s)
{
	oci_signer_close(*s);
	*s = NULL;
}
