/* OpenPGP through gpgv (verify) and gpg (sign), as apt does. */
#ifndef OCI_PKGREPO_PGP_H
#define OCI_PKGREPO_PGP_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct oci_strs;
struct oci_signer;

/* Verify a clear-signed text (InRelease) against key files, armoured or binary: at least one good signature by one of
 * the keys, none bad. plain gets what was signed, as gpgv gives it out: what stands around it is not looked at. */
int oci_pgp_verify_clear(const char *what, struct oci_slice text, const struct oci_strs *keys, struct oci_buf *plain,
			 struct oci_err **err);

/* Verify data by a signature beside it (Release.gpg, repomd.xml.asc; armoured or binary). */
int oci_pgp_verify_detached(const char *what, struct oci_slice data, struct oci_slice signature,
			    const struct oci_strs *keys, struct oci_err **err);

/* The binary form of an armoured text (several blocks after one another are one); of a binary one a copy. */
int oci_pgp_dearmor(const char *what, struct oci_slice text, struct oci_buf *out, struct oci_err **err);

/* A key that is no path but the armoured text itself begins so. */
#define OCI_KEY_TEXT "-----BEGIN PGP"

/* Key files in binary form after one another: what gpgv takes as a keyring. */
int oci_pgp_keyring(const struct oci_strs *keys, struct oci_buf *out, struct oci_err **err);

/* Open a signer: with the secret key of key_file, or with the one made once in $XDG_DATA_HOME/kubecrate. Signatures
 * bear `seconds`, or the key's own date when that is later. */
int oci_signer_open(struct oci_signer **out, const char *key_file, int64_t seconds, struct oci_err **err);
int oci_signer_clear(struct oci_signer *s, struct oci_slice text, struct oci_buf *out, struct oci_err **err);
int oci_signer_detached(struct oci_signer *s, struct oci_slice data, struct oci_buf *armoured, struct oci_err **err);
const struct oci_buf *oci_signer_public(const struct oci_signer *s); /* the public key, armoured */
const char *oci_signer_fingerprint(const struct oci_signer *s);
void oci_signer_close(struct oci_signer *s);
void oci_signer_closep(struct oci_signer **s);
#define auto_signer OCI_AUTO(oci_signer_closep)

#endif
