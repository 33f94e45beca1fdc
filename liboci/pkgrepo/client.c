#include "pkgrepo/client.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "pkgrepo/os.h"
#include "pkgrepo/pgp.h"

static int put(const char *dir, const char *name, const char *suffix, const struct oci_buf *text, struct oci_err **err)
{
	auto_free char *path = oci_printf("%s/%s%s", dir, name, suffix);

	return oci_file_replace(path, oci_buf_text(text), text->len, err);
}

static char *url_of(const struct oci_os *os)
{
	return oci_streq(os->output, ".") ? oci_strdup("@URL@") : oci_printf("@URL@/%s", os->output);
}

static int write_apt(const char *dir, const struct oci_os *os, struct oci_err **err)
{
	auto_buf struct oci_buf sources = { 0 }, list = { 0 };
	auto_free char *url = url_of(os);
	bool flat = oci_streq(os->layout, "flat");

	oci_buf_addf(&sources, "Types: deb\nURIs: %s%s\nSuites: %s\n%sSigned-By: %s\n", url, flat ? "/" : "",
		     flat ? "./" : os->codename, flat ? "" : "Components: main\n", OCI_CLIENT_KEY);
	oci_buf_addf(&list, "deb [signed-by=%s] %s%s %s%s\n", OCI_CLIENT_KEY, url, flat ? "/" : "",
		     flat ? "./" : os->codename, flat ? "" : " main");
	if (put(dir, os->client, ".sources", &sources, err) < 0)
		return -1;
	return put(dir, os->client, ".list", &list, err);
}

static int write_yum(const char *dir, const struct oci_os *os, struct oci_err **err)
{
	auto_buf struct oci_buf repo = { 0 };
	auto_free char *url = url_of(os);

	oci_buf_addf(
		&repo,
		"[kubecrate]\nname=Packages for %s\nbaseurl=%s/$basearch/\nenabled=1\ngpgcheck=1\nrepo_gpgcheck=1\n"
		"gpgkey=@URL@/repos/kubecrate.asc\n",
		os->name, url);
	return put(dir, os->client, ".repo", &repo, err);
}

int oci_client_write(const char *out, const struct oci_os *os, const struct oci_signer *signer, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(out, "repos");

	if (oci_path_mkdirs(dir, err) < 0)
		return -1;
	if ((os->family == OCI_OS_APT ? write_apt : write_yum)(dir, os, err) < 0)
		return -1;
	return put(dir, "kubecrate", ".asc", oci_signer_public(signer), err);
}
