#include "image/present.h"

#include "image/config.h"

#include <stdlib.h>

struct collecting {
	const struct oci_layout *layout;
	struct oci_present *out;
};

static int read_platform(const struct oci_layout *l, const struct oci_desc *d, struct oci_present_image *image,
			 struct oci_err **err)
{
	auto_buf struct oci_buf bytes = { 0 };
	auto_config struct oci_config config = { 0 };

	if (oci_blobs_read(l->blobs, d, OCI_CONFIG_MAX, &bytes, err) < 0 ||
	    oci_config_parse(OCI_DIGEST(&d->digest), bytes.data, bytes.len, &config, err) < 0)
		return -1;
	image->has_platform = config.has_platform;
	if (config.has_platform)
		oci_platform_copy(&image->platform, &config.platform);
	return 0;
}

static int note(void *ctx, const struct oci_node *node, struct oci_err **err)
{
	struct collecting *c = ctx;

	if (node->role != OCI_ROLE_MANIFEST || !oci_manifest_is_image(node->self) ||
	    (node->platform && oci_platform_is_unknown(node->platform)))
		return 0;
	struct oci_present_image *image = oci_vec_push(c->out);

	oci_desc_copy(&image->desc, node->desc);
	if (!node->platform)
		return read_platform(c->layout, &node->self->config, image, err);
	image->has_platform = true;
	oci_platform_copy(&image->platform, node->platform);
	return 0;
}

int oci_present_collect(const struct oci_layout *l, const struct oci_desc *entry, struct oci_present *out,
			struct oci_err **err)
{
	struct collecting c = { l, out };
	struct oci_walk walk = { .blobs = l->blobs, .visit = note, .ctx = &c };

	return oci_graph_walk(&walk, entry, err);
}

const struct oci_present_image *oci_present_find(const struct oci_present *p, const struct oci_platform *want)
{
	const struct oci_present_image *found = NULL;

	for (size_t i = 0; i < p->n; i++) {
		if (!p->v[i].has_platform)
			continue;
		if (oci_platform_same(&p->v[i].platform, want))
			return &p->v[i];
		if (!found && oci_platform_serves(&p->v[i].platform, want))
			found = &p->v[i];
	}
	return found;
}

int oci_present_fail(const struct oci_present *p, const struct oci_platform *absent, struct oci_err **err)
{
	auto_buf struct oci_buf names = { 0 };

	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].has_platform)
			oci_buf_addf(&names, "%s%s", names.len ? ", " : "", OCI_PLATFORM(&p->v[i].platform));
	return oci_fail(err, OCI_NOTFOUND, "no %s in the layout; it has %s", OCI_PLATFORM(absent),
			names.len ? names.data : "no platform");
}

static bool any_platform(const struct oci_present *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].has_platform)
			return true;
	return false;
}

int oci_present_match(const struct oci_present *p, const struct oci_platforms *wanted, struct oci_err **err)
{
	for (size_t i = 0; i < wanted->n && any_platform(p); i++)
		if (!oci_present_find(p, &wanted->v[i]))
			return oci_present_fail(p, &wanted->v[i], err);
	return 0;
}

void oci_present_clear(struct oci_present *p)
{
	for (size_t i = 0; i < p->n; i++) {
		oci_desc_clear(&p->v[i].desc);
		oci_platform_clear(&p->v[i].platform);
	}
	free(p->v);
	*p = (struct oci_present){ 0 };
}
