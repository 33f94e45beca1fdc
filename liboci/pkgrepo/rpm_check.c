#include "pkgrepo/rpm_check.h"

#include "base/buf.h"
#include "base/file.h"
#include "pkgrepo/pgp.h"
#include "pkgrepo/rpm_auto.h"

#include <rpm/rpmcli.h>
#include <rpm/rpmkeyring.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmpgp.h>
#include <stdlib.h>
#include <string.h>

#define MAX_KEY ((size_t)4 << 20)

struct oci_rpm_keys {
	rpmKeyring ring;
	size_t n;
};

void oci_rpm_keys_close(struct oci_rpm_keys *k)
{
	if (!k)
		return;
	rpmKeyringFree(k->ring);
	free(k);
}

void oci_rpm_keys_closep(struct oci_rpm_keys **k)
{
	oci_rpm_keys_close(*k);
	*k = NULL;
}

static void add_key(struct oci_rpm_keys *k, const uint8_t *packets, size_t n)
{
	rpmPubkey key = rpmPubkeyNew(packets, n);
	int subkeys_n = 0;

	if (!key)
		return;
	rpmPubkey *subkeys = rpmGetSubkeys(key, &subkeys_n);

	k->n += rpmKeyringAddKey(k->ring, key) >= 0;
	for (int i = 0; i < subkeys_n; i++) {
		rpmKeyringAddKey(k->ring, subkeys[i]);
		rpmPubkeyFree(subkeys[i]);
	}
	free(subkeys);
	rpmPubkeyFree(key);
}

/* A file may hold several keys after one another. */
static int add_file(struct oci_rpm_keys *k, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 }, packets = { 0 };
	size_t had = k->n;

	if (oci_file_read(path, MAX_KEY, &text, err) < 0 ||
	    oci_pgp_dearmor(path, (struct oci_slice){ oci_buf_text(&text), text.len }, &packets, err) < 0)
		return -1;
	const uint8_t *at = (const uint8_t *)oci_buf_text(&packets);
	size_t left = packets.len, len = 0;

	while (left && pgpPubKeyCertLen(at, left, &len) == 0 && len && len <= left) {
		add_key(k, at, len);
		at += len;
		left -= len;
	}
	if (k->n == had)
		return oci_fail(err, OCI_BADINPUT, "%s: no key that rpm can use", path);
	return 0;
}

int oci_rpm_keys_open(struct oci_rpm_keys **out, const struct oci_strs *files, struct oci_err **err)
{
	auto_rpm_keys struct oci_rpm_keys *k = oci_calloc(1, sizeof(*k));

	k->ring = rpmKeyringNew();
	for (size_t i = 0; i < files->n; i++)
		if (add_file(k, files->v[i], err) < 0)
			return -1;
	*out = oci_steal(&k);
	return 0;
}

/* librpm says why in lines for people: the last one that names a fault is kept. */
static int on_log(rpmlogRec rec, rpmlogCallbackData data)
{
	struct oci_buf *said = data;
	struct oci_slice rest = oci_slice(rpmlogRecMessage(rec)), line;

	while (oci_slice_line(&rest, &line)) {
		line = oci_slice_trim(line);
		if (!line.len || line.p[line.len - 1] == ':' || (line.len > 3 && oci_slice_starts(line, "/")))
			continue;
		bool fault = memmem(line.p, line.len, "NOKEY", 5) || memmem(line.p, line.len, "NOTFOUND", 8) ||
			     memmem(line.p, line.len, "BAD", 3) || memmem(line.p, line.len, "NOTTRUSTED", 10);

		if (!fault)
			continue;
		if (said->len)
			oci_buf_adds(said, ", ");
		oci_buf_add(said, line.p, line.len);
	}
	return 0;
}

static int check_signature(rpmts ts, const char *path, struct oci_rpm_keys *keys, struct oci_err **err)
{
	auto_rpm_fd FD_t fd = Fopen(path, "r.ufdio");
	auto_buf struct oci_buf said = { 0 };
	struct rpmQVKArguments_s qva = { 0 };

	if (!fd || Ferror(fd))
		return oci_fail_errno(err, "%s", path);
	rpmtsSetKeyring(ts, keys->ring);
	rpmtsSetVfyFlags(ts, 0);
	rpmtsSetVfyLevel(ts, RPMSIG_SIGNATURE_TYPE | RPMSIG_DIGEST_TYPE);
	rpmlogSetCallback(on_log, &said);
	rpmIncreaseVerbosity(); /* without it there are no reasons */

	int rc = rpmVerifySignatures(&qva, ts, fd, path);

	rpmDecreaseVerbosity();
	rpmlogSetCallback(NULL, NULL);
	if (rc == 0)
		return 0;
	return oci_fail(err, OCI_BADDIGEST, "%s: not signed by a key of its repository, or changed since%s%s%s", path,
			said.len ? " (" : "", oci_buf_text(&said), said.len ? ")" : "");
}

static char *version_of(Header h)
{
	uint64_t epoch = headerGetNumber(h, RPMTAG_EPOCH);
	const char *version = headerGetString(h, RPMTAG_VERSION), *release = headerGetString(h, RPMTAG_RELEASE);

	return epoch ? oci_printf("%llu:%s-%s", (unsigned long long)epoch, version ? version : "",
				  release ? release : "")
		     : oci_printf("%s-%s", version ? version : "", release ? release : "");
}

static int check_name(rpmts ts, const char *path, const struct oci_rpm_said *said, struct oci_err **err)
{
	auto_rpm_fd FD_t fd = Fopen(path, "r.ufdio");
	auto_rpm_header Header h = NULL;

	if (!fd || Ferror(fd))
		return oci_fail_errno(err, "%s", path);
	rpmtsSetVSFlags(ts, RPMVSF_MASK_NOSIGNATURES);
	int old = rpmlogSetMask(RPMLOG_UPTO(RPMLOG_EMERG)); /* it would speak to stderr itself */
	rpmRC rc = rpmReadPackageFile(ts, fd, path, &h);

	rpmlogSetMask(old);
	if (rc != RPMRC_OK && rc != RPMRC_NOKEY && rc != RPMRC_NOTTRUSTED)
		return oci_fail(err, OCI_BADINPUT, "%s: no package that librpm can read", path);
	const char *name = headerGetString(h, RPMTAG_NAME), *arch = headerGetString(h, RPMTAG_ARCH);
	auto_free char *version = version_of(h);

	if (oci_streq(name, said->name) && oci_streq(version, said->version) && oci_streq(arch, said->arch))
		return 0;
	return oci_fail(err, OCI_BADINPUT, "%s: the metadata says it is %s %s %s, but it is %s %s %s", path, said->name,
			said->version, said->arch, name ? name : "", version, arch ? arch : "");
}

int oci_rpm_check(const char *path, const struct oci_rpm_said *said, struct oci_rpm_keys *keys, struct oci_err **err)
{
	auto_rpm_ts rpmts ts = rpmtsCreate();

	if (check_name(ts, path, said, err) < 0)
		return -1;
	return keys ? check_signature(ts, path, keys, err) : 0;
}
