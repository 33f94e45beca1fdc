/* What a module gives to one platform: a folder, an image, or the modules that a bundle was made of. */
#include "bundle/module.h"

#include "base/path.h"
#include "bundle/seal_layer.h"

#include <stdlib.h>
#include <string.h>

static struct oci_part *new_part(struct oci_module *m, const struct oci_image_part *of)
{
	struct oci_part *p = *oci_vec_push(&m->parts) = oci_calloc(1, sizeof(*p));

	p->module = m;
	p->of = of;
	if (of)
		p->digest = of->desc.digest;
	return p;
}

void oci_part_free(struct oci_part *p)
{
	free(p->name);
	free(p->version);
	oci_layers_clear(&p->layers);
	oci_seal_clear(&p->seal);
	oci_strs_clear(&p->deletes);
	free(p);
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

static int make_folder(struct oci_module *m, struct oci_err **err)
{
	auto_free char *name = base_name(m->spec);
	struct oci_part *p = new_part(m, NULL);

	if (oci_seal_load(m->spec, &p->seal, err) < 0)
		return -1;
	p->sealed = p->seal.name != NULL;
	return name_part(p, name, err);
}

/* The seal says what a module's layers hold; it is the last of them. */
static int read_seal(struct oci_part *p, struct oci_err **err)
{
	const struct oci_layer *last = p->layers.n > 1 ? &p->layers.v[p->layers.n - 1] : NULL;
	auto_buf struct oci_buf bytes = { 0 };

	if (!last || last->desc.size > OCI_SEAL_LAYER_MAX)
		return 0;
	if (oci_image_small_blob(&p->module->image, &last->desc, &bytes, err) < 0 ||
	    oci_seal_layer_parse(&bytes, last, &p->seal, &p->sealed, err) < 0)
		return oci_fail_in(err, "%s", p->module->spec);
	return 0;
}

static size_t count_modules(const struct oci_pairs *annotations)
{
	size_t n = 0;

	for (size_t i = 0; i < annotations->n; i++)
		n += oci_starts(annotations->v[i].key, OCI_MODULE_ANNOTATION);
	return n;
}

/* What a bundle says of a module: "VERSION DIGEST". */
static bool note_origin(struct oci_part *p, const struct oci_pairs *annotations)
{
	auto_free char *key = oci_printf(OCI_MODULE_ANNOTATION "%s", p->seal.name);
	const char *text = oci_pairs_get(annotations, key), *digest = text ? strrchr(text, ' ') : NULL;

	p->said = oci_pairs_get(&p->module->image.annotations, key);
	return digest && oci_digest_parse(oci_slice(digest + 1), &p->digest, NULL) == 0;
}

/* A bundle's modules, each up to its seal; *all: there are just those that its annotations name, so none is unsealed.
 */
static int split_bundle(struct oci_module *m, const struct oci_image_part *of, const struct oci_layers *layers,
			const struct oci_pairs *annotations, bool *all, struct oci_err **err)
{
	size_t found = 0;
	struct oci_part *p = NULL;

	*all = true;
	for (size_t i = 0; i < layers->n; i++) {
		if (!p)
			p = new_part(m, of);
		oci_layers_add(&p->layers, &layers->v[i]);
		if (read_seal(p, err) < 0)
			return -1;
		if (!p->sealed)
			continue;
		*all &= note_origin(p, annotations);
		found++;
		if (name_part(p, NULL, err) < 0)
			return -1;
		p = NULL;
	}
	*all &= !p && found == count_modules(annotations);
	return 0;
}

static void drop_parts(struct oci_module *m, size_t first)
{
	while (m->parts.n > first)
		oci_part_free(m->parts.v[--m->parts.n]);
}

static int make_image(struct oci_module *m, const struct oci_image_part *of, struct oci_err **err)
{
	auto_pairs struct oci_pairs annotations = { 0 };
	auto_layers struct oci_layers layers = { 0 };
	auto_free char *name = image_name(m);
	size_t first = m->parts.n;
	bool all = false;

	if (oci_image_layers(&m->image, of, &layers, &annotations, err) < 0)
		return -1;
	if (count_modules(&annotations)) {
		if (split_bundle(m, of, &layers, &annotations, &all, err) < 0)
			return -1;
		if (all)
			return 0;
		drop_parts(m, first);
	}
	struct oci_part *p = new_part(m, of);

	p->layers = layers;
	layers = (struct oci_layers){ 0 };
	if (!count_modules(&annotations) && read_seal(p, err) < 0)
		return -1;
	return name_part(p, name, err);
}

static bool take_parts(const struct oci_module *m, const struct oci_image_part *of, struct oci_parts *out)
{
	size_t before = out->n;

	for (size_t i = 0; i < m->parts.n; i++)
		if (m->parts.v[i]->of == of)
			*oci_vec_push(out) = m->parts.v[i];
	return out->n > before;
}

int oci_module_parts(struct oci_module *m, const struct oci_platform *platform, struct oci_parts *out,
		     struct oci_err **err)
{
	const struct oci_image_part *of = m->is_folder ? NULL : oci_image_part(&m->image, platform);

	if (m->platforms.n && !oci_platforms_want(&m->platforms, platform))
		return 0;
	if (!m->is_folder && !of)
		return oci_image_fail_platform(&m->image, platform, err);
	if (take_parts(m, of, out))
		return 0;
	if ((of ? make_image(m, of, err) : make_folder(m, err)) < 0)
		return -1;
	take_parts(m, of, out);
	return 0;
}
