#include "pkgrepo/apt_release_get.h"

#include "base/buf.h"
#include "pkgrepo/apt_release.h"
#include "pkgrepo/get.h"
#include "pkgrepo/os.h"
#include "pkgrepo/pgp.h"

#include <stdlib.h>
#include <time.h>

#define MAX_RELEASE ((size_t)32 << 20)
#define MAX_LIST ((size_t)64 << 20)

struct release_text {
	struct oci_repo_net *net;
	const struct oci_os_repo *repo;
	const char *dir;
	char *url; /* of what was taken */
	struct oci_buf plain;
};

static struct oci_slice slice(const struct oci_buf *b)
{
	return (struct oci_slice){ oci_buf_text(b), b->len };
}

static int open_inrelease(struct release_text *t, const struct oci_buf *text, struct oci_err **err)
{
	if (!t->repo->trusted)
		return oci_pgp_verify_clear(t->url, slice(text), &t->repo->keys, &t->plain, err);
	oci_release_unsigned(slice(text), &t->plain);
	return 0;
}

static int from_release(struct release_text *t, struct oci_err **err)
{
	auto_buf struct oci_buf signature = { 0 };
	auto_free char *sig = oci_repo_url(t->dir, "Release.gpg");

	free(t->url);
	t->url = oci_repo_url(t->dir, "Release");
	if (oci_repo_get_text(t->net, t->url, MAX_RELEASE, &t->plain, err) < 0)
		return -1;
	if (t->repo->trusted)
		return 0;
	if (oci_repo_get_text(t->net, sig, MAX_RELEASE, &signature, err) < 0)
		return oci_fail_in(err, "%s: not signed", t->url);
	return oci_pgp_verify_detached(t->url, slice(&t->plain), slice(&signature), &t->repo->keys, err);
}

/* Only its absence leads on to the next form: neither a bad signature nor a missing key must. */
static int get_plain(struct release_text *t, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_err *first = NULL;

	t->url = oci_repo_url(t->dir, "InRelease");
	if (oci_repo_get_text(t->net, t->url, MAX_RELEASE, &text, &first) == 0)
		return open_inrelease(t, &text, err);
	if (oci_err_code(first) != OCI_NOTFOUND)
		return oci_fail_with(err, &first);
	oci_err_free(first);
	return from_release(t, err);
}

/* dpkg-scanpackages writes a list and nothing that vouches for it. */
static int of_list(struct oci_repo_net *net, const char *dir, struct oci_release *out, struct oci_err **err)
{
	for (size_t i = 0; i < OCI_COUNT(oci_release_packings); i++) {
		auto_free char *name = oci_printf("Packages%s", oci_release_packings[i]);
		auto_free char *url = oci_repo_url(dir, name);
		auto_buf struct oci_buf text = { 0 };
		auto_err struct oci_err *why = NULL;

		if (oci_repo_get_text(net, url, MAX_LIST, &text, &why) == 0) {
			struct oci_release_file *f = oci_vec_push(&out->files);

			*f = (struct oci_release_file){ .path = oci_steal(&name), .size = text.len };
			oci_digest_of(oci_buf_text(&text), text.len, &f->digest);
			return 0;
		}
		if (oci_err_code(why) != OCI_NOTFOUND)
			return oci_fail_with(err, &why);
	}
	return oci_fail(err, OCI_NOTFOUND, "%s: neither a Release nor a Packages file", dir);
}

static int get_release(struct oci_repo_net *net, const struct oci_os_repo *repo, const char *dir,
		       struct oci_release *out, struct oci_err **err)
{
	struct release_text t = { .net = net, .repo = repo, .dir = dir };
	auto_release struct oci_release r = { 0 };
	int rc = get_plain(&t, err);

	if (rc == 0)
		rc = oci_release_parse(t.url, oci_buf_text(&t.plain), t.plain.len, &r, err);
	if (rc == 0 && !repo->any_age)
		rc = oci_release_check_age(&r, t.url, time(NULL), err);
	free(t.url);
	oci_buf_clear(&t.plain);
	if (rc < 0)
		return -1;
	*out = r;
	r = (struct oci_release){ 0 };
	return 0;
}

int oci_apt_release_get(struct oci_repo_net *net, const struct oci_os_repo *repo, const char *dir,
			struct oci_release *out, struct oci_err **err)
{
	auto_err struct oci_err *why = NULL;

	if (get_release(net, repo, dir, out, &why) == 0)
		return 0;
	if (oci_err_code(why) == OCI_NOTFOUND && repo->trusted && repo->flat)
		return of_list(net, dir, out, err);
	return oci_fail_with(err, &why);
}
