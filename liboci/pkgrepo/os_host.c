/* What a system's own settings say: os-release, and whose sources they are. */
#include "pkgrepo/os_host.h"

#include "base/file.h"
#include "base/path.h"
#include "base/slice.h"
#include "pkgrepo/os.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define MAX_TEXT ((size_t)1 << 20)

/* VALUE of `KEY=VALUE` or `KEY="VALUE"`; the caller's to free. */
static char *release_value(struct oci_slice text, const char *key)
{
	struct oci_slice line, name, value;

	while (oci_slice_line(&text, &line)) {
		if (!oci_slice_cut(line, '=', &name, &value) || !oci_slice_eq(name, key))
			continue;
		if (value.len >= 2 && (*value.p == '"' || *value.p == '\'') && value.p[value.len - 1] == *value.p)
			value = (struct oci_slice){ value.p + 1, value.len - 2 };
		return oci_slice_dup(value);
	}
	return NULL;
}

/* What repositories call the release: 9 of "platform:el9", where VERSION_ID has the minor one, too. */
static char *release_of(struct oci_slice text)
{
	auto_free char *platform = release_value(text, "PLATFORM_ID");

	if (platform && platform[strcspn(platform, "0123456789")])
		return oci_strdup(platform + strcspn(platform, "0123456789"));
	return release_value(text, "VERSION_ID");
}

static void fill_names(struct oci_os *os)
{
	static const char *const arches[] = { "amd64", "arm64" };
	struct utsname machine;

	os->name = oci_printf("%s%s", os->distribution, os->release);
	for (char *at = os->name; (at = strchr(at, '.'));)
		memmove(at, at + 1, strlen(at));
	os->client = oci_strdup(os->name);
	os->output = oci_printf("%s/%s%s", os->distribution, os->release, os->family == OCI_OS_YUM ? "/os" : "");
	if (uname(&machine) == 0 && oci_os_arch(os->family, machine.machine))
		oci_strs_add(&os->arches, oci_os_arch(os->family, machine.machine));
	for (size_t i = 0; i < OCI_COUNT(arches); i++)
		if (!oci_strs_has(&os->arches, oci_os_arch(os->family, arches[i])))
			oci_strs_add(&os->arches, oci_os_arch(os->family, arches[i]));
}

int oci_os_release_read(struct oci_os *os, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	const struct oci_slice s = { oci_buf_text(&text), text.len };

	os->distribution = release_value(s, "ID");
	os->release = release_of(s);
	os->codename = release_value(s, "VERSION_CODENAME");
	if (!os->distribution || !os->release)
		return oci_fail(err, OCI_BADINPUT, "%s: no ID or VERSION_ID", path);
	fill_names(os);
	if (!oci_path_is_local(os->name) || strchr(os->name, '/'))
		return oci_fail(err, OCI_BADINPUT, "%s: \"%s\" cannot be a file's name", path, os->name);
	return 0;
}

int oci_os_host(const char *root, struct oci_os *out, struct oci_err **err)
{
	auto_os struct oci_os os = { .family = OCI_OS_APT };
	auto_free char *yum = oci_path_join(root, "etc/yum.repos.d"), *apt = oci_path_join(root, "etc/apt");
	auto_free char *release = oci_path_join(root, "etc/os-release");

	if (!oci_path_is_dir(apt) && oci_path_is_dir(yum))
		return oci_os_repo_dir(yum, out, err);
	os.file = oci_strdup(apt);
	if (oci_os_release_read(&os, release, err) < 0 || oci_os_sources_read(&os, root, err) < 0)
		return -1;
	if (!os.repos.n)
		return oci_fail(err, OCI_NOTFOUND, "%s: no sources", apt);
	if (!os.codename)
		os.codename = oci_strdup(os.release);
	*out = os;
	os = (struct oci_os){ 0 };
	return 0;
}
