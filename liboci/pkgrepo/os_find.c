/* Finding an OS description, and what its words mean. */
#include "base/buf.h"
#include "base/path.h"
#include "base/share.h"
#include "base/slice.h"
#include "pkgrepo/expand.h"
#include "pkgrepo/os.h"
#include "pkgrepo/os_host.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *apt, *yum;
} arch_names[] = { { "amd64", "x86_64" },    { "arm64", "aarch64" },	  { "armhf", "armv7hl" },
		   { "i386", "i686" },	     { "ppc64el", "ppc64le" },	  { "s390x", "s390x" },
		   { "riscv64", "riscv64" }, { "loong64", "loongarch64" } };

const char *oci_os_arch(enum oci_os_family family, const char *name)
{
	for (size_t i = 0; i < OCI_COUNT(arch_names); i++)
		if (oci_streq(name, arch_names[i].apt) || oci_streq(name, arch_names[i].yum))
			return family == OCI_OS_APT ? arch_names[i].apt : arch_names[i].yum;
	return NULL;
}

void oci_os_arches(struct oci_strs *out)
{
	for (size_t i = 0; i < OCI_COUNT(arch_names); i++)
		oci_strs_add(out, arch_names[i].apt);
}

static char *join_words(const struct oci_strs *words)
{
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < words->n; i++)
		oci_buf_addf(&b, "%s%s", i ? ", " : "", words->v[i]);
	return oci_buf_take(&b);
}

int oci_os_need_arch(const struct oci_os *os, const char *name, const char **out, struct oci_err **err)
{
	const char *arch = oci_os_arch(os->family, name);

	if (!arch || !oci_strs_has(&os->arches, arch)) {
		auto_free char *known = join_words(&os->arches);

		return oci_fail(err, OCI_BADINPUT, "%s: no packages for the CPU \"%s\"; it has %s", os->name, name,
				known);
	}
	*out = arch;
	return 0;
}

struct variables {
	const struct oci_os *os;
	const char *arch;
};

static const char *variable(const void *ctx, struct oci_slice name)
{
	const struct variables *v = ctx;

	if (oci_slice_eq(name, "releasever") || oci_slice_eq(name, "release"))
		return v->os->release;
	if (oci_slice_eq(name, "codename"))
		return v->os->codename;
	if (oci_slice_eq(name, "arch") || oci_slice_eq(name, "basearch"))
		return v->arch;
	return NULL;
}

char *oci_os_expand(const struct oci_os *os, const char *arch, const char *text)
{
	return oci_expand(text, variable, &(struct variables){ os, arch });
}

struct names {
	struct oci_strs found;
};

static int add_name(void *ctx, const char *name, struct oci_err **err)
{
	struct names *n = ctx;

	(void)err;
	if (oci_ends(name, ".yaml"))
		oci_strs_add_take(&n->found, oci_strndup(name, strlen(name) - strlen(".yaml")));
	return 0;
}

static int fail_unknown(const char *name, const char *dir, struct oci_err **err)
{
	struct names n = { 0 };

	if (oci_path_is_dir(dir) && oci_path_each(dir, add_name, &n, err) < 0)
		return -1;
	auto_free char *known = join_words(&n.found);

	oci_strs_clear(&n.found);
	return oci_fail(err, OCI_NOTFOUND, "%s: unknown OS; there are %s in %s, or give the path of a description",
			name, known, dir);
}

static int find_by_name(const char *name, struct oci_os *out, struct oci_err **err)
{
	auto_free char *lists = oci_share_lists();
	auto_free char *dir = oci_path_join(lists, "os");
	auto_free char *path = oci_printf("%s/%s.yaml", dir, name);

	if (!oci_path_exists(path))
		return fail_unknown(name, dir, err);
	return oci_os_load(path, out, err);
}

static int load_any(const char *what, struct oci_os *out, struct oci_err **err)
{
	if (oci_streq(what, "host"))
		return oci_os_host("/", out, err);
	if (oci_path_is_dir(what) && strchr(what, '/'))
		return oci_os_repo_dir(what, out, err);
	if (strchr(what, '/') || oci_ends(what, ".yaml") || oci_ends(what, ".yml"))
		return oci_os_load(what, out, err);
	return find_by_name(what, out, err);
}

static int switch_on(struct oci_os *os, const char *id, struct oci_err **err)
{
	auto_buf struct oci_buf known = { 0 };

	for (size_t i = 0; i < os->repos.n; i++) {
		if (oci_streq(os->repos.v[i].id, id)) {
			os->repos.v[i].disabled = false;
			return 0;
		}
		if (os->repos.v[i].disabled)
			oci_buf_addf(&known, "%s%s", known.len ? ", " : "", os->repos.v[i].id);
	}
	return oci_fail(err, OCI_NOTFOUND, "%s: no repository \"%s\" to switch on; it has %s", os->name, id,
			known.len ? known.data : "none");
}

int oci_os_find(const char *what, struct oci_os *out, struct oci_err **err)
{
	auto_os struct oci_os os = { 0 };
	bool whole = oci_path_exists(what); /* a path may hold a plus */
	auto_free char *text = oci_strdup(what);
	char *rest = whole ? NULL : strchr(text, '+');

	if (rest)
		*rest++ = '\0';
	if (load_any(text, &os, err) < 0)
		return -1;
	while (rest) {
		char *id = strsep(&rest, "+");

		if (switch_on(&os, id, err) < 0)
			return -1;
	}
	*out = os;
	os = (struct oci_os){ 0 };
	return 0;
}
