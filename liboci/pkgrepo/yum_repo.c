#include "pkgrepo/yum_repo.h"

#include "base/buf.h"
#include "pkgrepo/get.h"
#include "pkgrepo/pgp.h"
#include "pkgrepo/rpmmd_metalink.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SMALL ((size_t)16 << 20)
#define MAX_PLACES 8 /* of a mirror list are tried */

struct opening {
	struct oci_repo_net *net;
	const struct oci_os_repo *repo;
	struct oci_strs bases;
	struct oci_metalink metalink;
};

void oci_yum_repo_clear(struct oci_yum_repo *r)
{
	free(oci_steal(&r->base));
	oci_repomd_clear(&r->md);
}

static struct oci_slice slice(const struct oci_buf *b)
{
	return (struct oci_slice){ oci_buf_text(b), b->len };
}

/* Several URLs may stand there, as in .repo files. */
static void add_baseurls(struct opening *o, const char *text)
{
	struct oci_slice rest = oci_slice(text), word;

	while (oci_slice_word(&rest, &word))
		oci_strs_add_take(&o->bases, oci_slice_dup(word));
}

static int add_mirrorlist(struct opening *o, const char *url, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, line;

	if (oci_repo_get_text(o->net, url, MAX_SMALL, &text, err) < 0)
		return -1;
	rest = slice(&text);
	while (oci_slice_line(&rest, &line)) {
		line = oci_slice_trim(line);
		if (oci_slice_starts(line, "http://") || oci_slice_starts(line, "https://") ||
		    oci_slice_starts(line, "file:"))
			oci_strs_add_take(&o->bases, oci_slice_dup(line));
	}
	if (!o->bases.n)
		return oci_fail(err, OCI_BADINPUT, "%s: a mirror list without a URL", url);
	return 0;
}

/* Its hashes are worth what the way they came is worth. */
static int add_metalink(struct opening *o, const char *url, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (o->repo->verify == OCI_VERIFY_METALINK && !o->repo->trusted && !oci_starts(url, "https://") &&
	    !oci_starts(url, "file:"))
		return oci_fail(err, OCI_BADINPUT, "%s: verify: metalink needs one that comes by https", url);
	if (oci_repo_get_text(o->net, url, MAX_SMALL, &text, err) < 0 ||
	    oci_metalink_parse(url, oci_buf_text(&text), text.len, &o->metalink, err) < 0)
		return -1;
	for (size_t i = 0; i < o->metalink.bases.n; i++)
		oci_strs_add(&o->bases, o->metalink.bases.v[i]);
	return 0;
}

static int find_bases(struct opening *o, const struct oci_os *os, const char *arch, struct oci_err **err)
{
	const struct oci_os_repo *repo = o->repo;
	auto_free char *base = repo->baseurl ? oci_os_expand(os, arch, repo->baseurl) : NULL;
	auto_free char *list = repo->mirrorlist ? oci_os_expand(os, arch, repo->mirrorlist) : NULL;
	auto_free char *link = repo->metalink ? oci_os_expand(os, arch, repo->metalink) : NULL;

	if (base)
		add_baseurls(o, base);
	if (list && !base && add_mirrorlist(o, list, err) < 0)
		return -1;
	if (link && (repo->verify == OCI_VERIFY_METALINK || !o->bases.n))
		return add_metalink(o, link, err);
	return 0;
}

static int check_signature(const struct opening *o, const char *url, const struct oci_buf *text, struct oci_err **err)
{
	auto_free char *asc = oci_printf("%s.asc", url);
	auto_buf struct oci_buf signature = { 0 };

	if (oci_repo_get_text(o->net, asc, MAX_SMALL, &signature, err) < 0)
		return oci_fail_in(
			err, "%s: not signed; see \"verify\" in the OS description, or say trusted: true there", url);
	return oci_pgp_verify_detached(url, slice(text), slice(&signature), &o->repo->keys, err);
}

static int check_trust(const struct opening *o, const char *url, const struct oci_buf *text, struct oci_err **err)
{
	if (o->repo->trusted || o->repo->verify == OCI_VERIFY_PACKAGES)
		return 0;
	if (o->repo->verify == OCI_VERIFY_SIGNED)
		return check_signature(o, url, text, err);
	if (oci_metalink_vouches(&o->metalink, oci_buf_text(text), text->len))
		return 0;
	return oci_fail(err, OCI_BADDIGEST, "%s: none of the metalink's hashes is its", url);
}

static int open_at(const struct opening *o, const char *base, struct oci_yum_repo *out, struct oci_err **err)
{
	auto_free char *url = oci_repo_url(base, "repodata/repomd.xml");
	auto_buf struct oci_buf text = { 0 };

	if (oci_repo_get_text(o->net, url, MAX_SMALL, &text, err) < 0 || check_trust(o, url, &text, err) < 0 ||
	    oci_repomd_parse(url, oci_buf_text(&text), text.len, &out->md, err) < 0)
		return -1;
	out->repo = o->repo;
	out->base = oci_strdup(base);
	return 0;
}

/* A mirror that is down or behind does no harm while another one's bytes can be trusted. */
static int open_any(const struct opening *o, struct oci_yum_repo *out, struct oci_err **err)
{
	size_t n = o->bases.n < MAX_PLACES ? o->bases.n : MAX_PLACES;
	struct oci_err *first = NULL;

	for (size_t i = 0; i < n; i++) {
		struct oci_err *why = NULL;

		if (open_at(o, o->bases.v[i], out, &why) == 0) {
			oci_repo_net_also(o->net, (const char *const *)o->bases.v + i, n - i);
			oci_err_free(first);
			return 0;
		}
		if (first)
			oci_err_free(why);
		else
			first = why;
	}
	if (n > 1)
		oci_fail_in(&first, "none of %zu mirrors serves, the first", n);
	return oci_fail_with(err, &first);
}

int oci_yum_repo_open(struct oci_repo_net *net, const struct oci_os *os, const char *arch,
		      const struct oci_os_repo *repo, struct oci_yum_repo *out, struct oci_err **err)
{
	struct opening o = { .net = net, .repo = repo };
	int rc = find_bases(&o, os, arch, err);

	if (rc == 0)
		rc = open_any(&o, out, err);
	oci_strs_clear(&o.bases);
	oci_metalink_clear(&o.metalink);
	return rc < 0 ? oci_fail_in(err, "%s", repo->id) : 0;
}
