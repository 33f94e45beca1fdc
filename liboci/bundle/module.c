#include "bundle/module.h"

#include "base/path.h"

#include <stdlib.h>
#include <string.h>

#define PLATFORM_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789/,"

/* "linux/amd64,linux/arm64@…": but in "name@sha256:…" the @ belongs to the digest. */
static const char *find_at(const char *arg)
{
	const char *at = strchr(arg, '@');
	size_t n = at ? (size_t)(at - arg) : 0;

	if (!at || !memchr(arg, '/', n) || strspn(arg, PLATFORM_LETTERS) != n || oci_starts(at, "@sha256:") ||
	    oci_starts(at, "@sha512:"))
		return NULL;
	return at;
}

static int parse_prefix(struct oci_module *m, const char *equals, const char *rest, struct oci_err **err)
{
	auto_free char *prefix = oci_strndup(rest, (size_t)(equals - rest));
	size_t n = strlen(prefix);

	while (n > 0 && prefix[n - 1] == '/')
		prefix[--n] = '\0';
	const char *local = prefix + (prefix[0] == '/');

	if (!oci_path_is_local(local))
		return oci_fail(err, OCI_USAGE, "%s: the prefix \"%s\" is no path inside of the package", m->arg,
				prefix);
	m->prefix = oci_strdup(local);
	return 0;
}

/* A bare name is a folder when there is one; a folder that is a layout is an image. */
static void set_spec(struct oci_module *m, const char *rest)
{
	auto_free char *marker = oci_path_join(rest, "oci-layout");

	m->is_folder = oci_path_is_dir(rest) && !oci_path_exists(marker);
	m->spec = oci_path_is_dir(rest) && !m->is_folder ? oci_printf("oci:%s", rest) : oci_strdup(rest);
}

int oci_module_parse(const char *arg, struct oci_module *out, struct oci_err **err)
{
	struct oci_module m = { .arg = oci_strdup(arg) };
	const char *at = find_at(arg), *rest = at ? at + 1 : arg, *equals = strchr(rest, '=');
	auto_free char *platforms = at ? oci_strndup(arg, (size_t)(at - arg)) : NULL;
	int rc = platforms ? oci_platforms_parse(platforms, &m.platforms, err) : 0;

	if (rc == 0 && equals && !oci_path_exists(rest)) {
		rc = parse_prefix(&m, equals, rest, err);
		rest = equals + 1;
	}
	if (rc == 0 && !*rest)
		rc = oci_fail(err, OCI_USAGE, "%s: names no module", arg);
	if (rc == 0)
		set_spec(&m, rest);
	if (rc < 0) {
		oci_module_close(&m);
		return -1;
	}
	*out = m;
	return 0;
}

static int fail_absent(const struct oci_module *m, struct oci_err **err)
{
	return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", m->spec);
}

int oci_module_open(struct oci_module *m, const struct oci_remote *how, const struct oci_out *out, struct oci_err **err)
{
	if (m->is_folder)
		return 0;
	if (m->spec[0] == '/' || m->spec[0] == '.')
		return fail_absent(m, err);
	return oci_image_open(&m->image, m->spec, how, out, err);
}

static void add_platform(const struct oci_platform *p, struct oci_platforms *out)
{
	for (size_t i = 0; i < out->n; i++)
		if (oci_platform_same(&out->v[i], p))
			return;
	oci_platform_copy(oci_vec_push(out), p);
}

void oci_module_platforms(const struct oci_module *m, struct oci_platforms *out)
{
	for (size_t i = 0; i < m->platforms.n; i++)
		add_platform(&m->platforms.v[i], out);
	for (size_t i = 0; m->platforms.n == 0 && i < m->image.parts.n; i++)
		add_platform(&m->image.parts.v[i].platform, out);
}

void oci_module_close(struct oci_module *m)
{
	for (size_t i = 0; i < m->parts.n; i++)
		oci_part_free(m->parts.v[i]);
	free(m->parts.v);
	oci_image_close(&m->image);
	oci_platforms_clear(&m->platforms);
	free(m->arg);
	free(m->spec);
	free(m->prefix);
	*m = (struct oci_module){ 0 };
}
