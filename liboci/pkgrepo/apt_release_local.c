/* The Release file of a repository on disk, read back. */
#include "base/buf.h"
#include "base/file.h"
#include "base/out.h"
#include "base/path.h"
#include "pkgrepo/apt_int.h"
#include "pkgrepo/apt_release.h"
#include "pkgrepo/pgp.h"

#include <stdlib.h>

#define MAX_RELEASE ((size_t)32 << 20)

static struct oci_slice slice(const struct oci_buf *b)
{
	return (struct oci_slice){ oci_buf_text(b), b->len };
}

/* What vouches for the lists, as apt looks for it: InRelease, or Release with Release.gpg. */
struct vouching {
	char *in, *plain, *signature; /* paths */
	const struct oci_strs *keys;
};

static void vouching_clear(struct vouching *v)
{
	free(v->in);
	free(v->plain);
	free(v->signature);
}

static int read_inrelease(const struct vouching *v, struct oci_buf *text, struct oci_err **err)
{
	auto_buf struct oci_buf whole = { 0 };

	if (oci_file_read(v->in, MAX_RELEASE, &whole, err) < 0)
		return -1;
	if (v->keys->n)
		return oci_pgp_verify_clear(v->in, slice(&whole), v->keys, text, err);
	oci_release_unsigned(slice(&whole), text);
	return 0;
}

static int read_detached(const struct vouching *v, struct oci_buf *text, struct oci_err **err)
{
	auto_buf struct oci_buf signature = { 0 };

	if (oci_file_read(v->plain, MAX_RELEASE, text, err) < 0)
		return -1;
	if (!v->keys->n || !oci_path_exists(v->signature))
		return 0;
	if (oci_file_read(v->signature, MAX_RELEASE, &signature, err) < 0)
		return -1;
	return oci_pgp_verify_detached(v->plain, slice(text), slice(&signature), v->keys, err);
}

int oci_apt_release_local(const struct oci_repo_place *place, const char *dir, struct oci_release *out, bool *found,
			  struct oci_err **err)
{
	OCI_AUTO(vouching_clear)
	struct vouching v = { .in = oci_path_join(dir, "InRelease"),
			      .plain = oci_path_join(dir, "Release"),
			      .signature = oci_path_join(dir, "Release.gpg"),
			      .keys = &place->keys };
	auto_buf struct oci_buf text = { 0 };
	bool in = oci_path_exists(v.in), is_signed = in || oci_path_exists(v.signature);

	*found = in || oci_path_exists(v.plain);
	if (!*found)
		return 0;
	if ((in ? read_inrelease : read_detached)(&v, &text, err) < 0)
		return -1;
	if (!is_signed || !v.keys->n)
		oci_note(place->out, "%s: signature not checked: no %s", dir,
			 is_signed ? "key beside it (repos/*.asc)" : "InRelease or Release.gpg");
	return oci_release_parse(in ? v.in : v.plain, oci_buf_text(&text), text.len, out, err);
}
