#include "bundle/module.h"

#include "base/path.h"
#include "bundle/seal_layer.h"

#include <stdlib.h>
#include <string.h>

#define PLATFORM_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789/,"
#define ANNOTATION "io.kubecrate.module."

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
		return oci_folder_scan(m->spec, &m->folder, err);
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

static struct oci_part *new_part(struct oci_module *m)
{
	struct oci_part **place = oci_vec_push(&m->parts);

	*place = oci_calloc(1, sizeof(**place));
	(*place)->module = m;
	return *place;
}

static char *base_name(const char *path)
{
	auto_free char *real = realpath(path, NULL);

	return oci_strdup(oci_path_base(real ? real : path));
}

/* Of an image without a seal: a registry's repository, else the folder or file that holds it. */
static char *image_name(const struct oci_module *m)
{
	const char *path = strchr(m->spec, ':');

	if (m->image.remote || !path)
		return oci_strdup(oci_path_base(m->image.ref.repository));
	auto_free char *holder = oci_strndup(path + 1, strcspn(path + 1, ":"));

	return base_name(holder);
}

static int name_part(struct oci_part *p, const char *fallback, struct oci_err **err)
{
	p->name = oci_strdup(p->sealed ? p->seal.name : fallback);
	p->version = oci_strdup(p->sealed ? p->seal.version : "0");
	if (p->sealed && p->module->prefix)
		return oci_fail(err, OCI_USAGE, "%s: module %s is sealed, so its paths are fixed; leave out the prefix",
				p->module->arg, p->name);
	return 0;
}

static int folder_part(struct oci_module *m, struct oci_part **out, struct oci_err **err)
{
	auto_free char *name = base_name(m->spec);

	if (m->parts.n) {
		*out = m->parts.v[0];
		return 0;
	}
	struct oci_part *p = *out = new_part(m);

	if (oci_seal_load(m->spec, &p->seal, err) < 0)
		return -1;
	p->sealed = p->seal.name != NULL;
	return name_part(p, name, err);
}

static bool is_bundle(const struct oci_pairs *annotations)
{
	for (size_t i = 0; i < annotations->n; i++)
		if (oci_starts(annotations->v[i].key, ANNOTATION))
			return true;
	return false;
}

/* The seal says what a module's layers hold; that of a bundle only says it of its last module. */
static int read_seal(struct oci_part *p, const struct oci_pairs *annotations, struct oci_err **err)
{
	const struct oci_layer *last = p->layers.n > 1 ? &p->layers.v[p->layers.n - 1] : NULL;
	auto_buf struct oci_buf bytes = { 0 };

	if (!last || last->desc.size > OCI_SEAL_LAYER_MAX || is_bundle(annotations))
		return 0;
	if (oci_image_small_blob(&p->module->image, &last->desc, &bytes, err) < 0 ||
	    oci_seal_layer_parse(&bytes, last, &p->seal, &p->sealed, err) < 0)
		return oci_fail_in(err, "%s", p->module->spec);
	return 0;
}

static int image_part(struct oci_module *m, const struct oci_image_part *of, struct oci_part **out,
		      struct oci_err **err)
{
	auto_pairs struct oci_pairs annotations = { 0 };

	for (size_t i = 0; i < m->parts.n; i++)
		if (m->parts.v[i]->of == of) {
			*out = m->parts.v[i];
			return 0;
		}
	struct oci_part *p = *out = new_part(m);

	p->of = of;
	p->digest = of->desc.digest;
	if (oci_image_layers(&m->image, of, &p->layers, &annotations, err) < 0 || read_seal(p, &annotations, err) < 0)
		return -1;
	auto_free char *name = image_name(m);

	return name_part(p, name, err);
}

int oci_module_part(struct oci_module *m, const struct oci_platform *platform, struct oci_part **out,
		    struct oci_err **err)
{
	*out = NULL;
	if (m->platforms.n && !oci_platforms_want(&m->platforms, platform))
		return 0;
	if (m->is_folder)
		return folder_part(m, out, err);
	const struct oci_image_part *of = oci_image_part(&m->image, platform);

	return of ? image_part(m, of, out, err) : oci_image_fail_platform(&m->image, platform, err);
}

static void part_free(struct oci_part *p)
{
	free(p->name);
	free(p->version);
	oci_layers_clear(&p->layers);
	oci_seal_clear(&p->seal);
	oci_strs_clear(&p->deletes);
	free(p);
}

void oci_module_close(struct oci_module *m)
{
	for (size_t i = 0; i < m->parts.n; i++)
		part_free(m->parts.v[i]);
	free(m->parts.v);
	oci_folder_clear(&m->folder);
	oci_image_close(&m->image);
	oci_platforms_clear(&m->platforms);
	free(m->arg);
	free(m->spec);
	free(m->prefix);
	*m = (struct oci_module){ 0 };
}
