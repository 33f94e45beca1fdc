#include "pkgrepo/client.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "pkgrepo/family.h"
#include "pkgrepo/os.h"
#include "pkgrepo/pgp.h"

#include <stdlib.h>

#define MAX_KEY ((size_t)4 << 20)

static int put(const char *dir, const char *name, const char *suffix, const struct oci_buf *text, struct oci_err **err)
{
	auto_free char *path = oci_printf("%s/%s%s", dir, name, suffix);

	return oci_file_replace(path, oci_buf_text(text), text->len, err);
}

static char *url_of(const struct oci_os *os)
{
	return oci_streq(os->output, ".") ? oci_strdup("@URL@") : oci_printf("@URL@/%s", os->output);
}

static bool has_apart(const char *out, const struct oci_os *os)
{
	auto_free char *dir = oci_printf("%s/%s/" OCI_REPO_APART, out, os->output);

	return oci_path_is_dir(dir);
}

/* Each system's repository may be signed with a key of its own, and all of them meet in one package. */
static char *key_name(const struct oci_os *os)
{
	return oci_printf("kubecrate-%s", os->client);
}

/* A source as deb822 and as a line. */
static void add_source(const struct oci_os *os, const char *below, struct oci_buf *sources, struct oci_buf *list)
{
	auto_free char *url = url_of(os), *name = key_name(os);
	auto_free char *key = oci_printf(OCI_CLIENT_KEYS "/%s.asc", name);
	bool flat = oci_streq(os->layout, "flat");

	oci_buf_addf(sources, "%sTypes: deb\nURIs: %s%s%s\nSuites: %s\n%sSigned-By: %s\n", sources->len ? "\n" : "",
		     url, below, flat ? "/" : "", flat ? "./" : os->codename, flat ? "" : "Components: main\n", key);
	oci_buf_addf(list, "deb [signed-by=%s] %s%s%s %s%s\n", key, url, below, flat ? "/" : "",
		     flat ? "./" : os->codename, flat ? "" : " main");
}

static int write_apt(const char *out, const char *dir, const struct oci_os *os, struct oci_err **err)
{
	auto_buf struct oci_buf sources = { 0 }, list = { 0 };

	add_source(os, "", &sources, &list);
	if (has_apart(out, os))
		add_source(os, "/" OCI_REPO_APART, &sources, &list);
	if (put(dir, os->client, ".sources", &sources, err) < 0)
		return -1;
	return put(dir, os->client, ".list", &list, err);
}

/* What upstream signed its packages with; beside it, under the client's name and the file's own. */
struct upstream_keys {
	const char *dir;
	struct oci_strs paths, names; /* one name for each path */
	bool unsigned_ones;	      /* a repository whose packages nobody signed */
};

static int ship_key(struct upstream_keys *k, const struct oci_os *os, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	auto_free char *name = oci_printf("%s-%s", os->client, oci_path_base(path));

	if (oci_strs_has(&k->paths, path))
		return 0;
	if (oci_strs_has(&k->names, name)) {
		free(name);
		name = oci_printf("%s-%zu-%s", os->client, k->names.n + 1, oci_path_base(path));
	}
	if (oci_file_read(path, MAX_KEY, &text, err) < 0 || put(k->dir, name, "", &text, err) < 0)
		return -1;
	oci_strs_add(&k->paths, path);
	oci_strs_add(&k->names, name);
	return 0;
}

static int ship_keys(struct upstream_keys *k, const struct oci_os *os, struct oci_err **err)
{
	for (size_t i = 0; i < os->repos.n; i++) {
		const struct oci_os_repo *r = &os->repos.v[i];

		k->unsigned_ones |= !r->disabled && (!r->keys.n || r->unsigned_packages);
		for (size_t j = 0; j < r->keys.n && !r->disabled; j++)
			if (ship_key(k, os, r->keys.v[j], err) < 0)
				return -1;
	}
	return 0;
}

/* Local packages that nobody signed: repomd.xml alone vouches for them. */
static void add_apart(struct oci_buf *repo, const struct oci_os *os, const char *url, const char *key)
{
	oci_buf_addf(repo,
		     "\n[kubecrate-" OCI_REPO_APART "]\nname=Local packages for %s\nbaseurl=%s/" OCI_REPO_APART
		     "/$basearch/\nenabled=1\nskip_if_unavailable=1\ngpgcheck=0\nrepo_gpgcheck=1\n"
		     "gpgkey=@URL@/repos/%s.asc\n",
		     os->name, url, key);
}

/* repomd.xml is ours, and with it every package's hash; the packages are upstream's. */
static int write_yum(const char *out, const char *dir, const struct oci_os *os, struct oci_err **err)
{
	auto_buf struct oci_buf repo = { 0 };
	auto_free char *url = url_of(os), *key = key_name(os);
	struct upstream_keys keys = { .dir = dir };
	int rc = ship_keys(&keys, os, err);

	oci_buf_addf(&repo, "[kubecrate]\nname=Packages for %s\nbaseurl=%s/$basearch/\nenabled=1\n", os->name, url);
	if (keys.unsigned_ones)
		oci_buf_adds(&repo,
			     "# packages that nobody signed are among the sources: the signed repomd.xml vouches for "
			     "every package\n");
	oci_buf_addf(&repo, "gpgcheck=%d\nrepo_gpgcheck=1\ngpgkey=@URL@/repos/%s.asc\n", !keys.unsigned_ones, key);
	for (size_t i = 0; i < keys.names.n; i++)
		oci_buf_addf(&repo, "  @URL@/repos/%s\n", keys.names.v[i]);
	if (has_apart(out, os))
		add_apart(&repo, os, url, key);
	if (rc == 0)
		rc = put(dir, os->client, ".repo", &repo, err);
	oci_strs_clear(&keys.paths);
	oci_strs_clear(&keys.names);
	return rc;
}

int oci_client_write(const char *out, const struct oci_os *os, const struct oci_signer *signer, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(out, "repos"), *key = key_name(os);

	if (oci_path_mkdirs(dir, err) < 0)
		return -1;
	if ((os->family == OCI_OS_APT ? write_apt : write_yum)(out, dir, os, err) < 0)
		return -1;
	return put(dir, key, ".asc", oci_signer_public(signer), err);
}
