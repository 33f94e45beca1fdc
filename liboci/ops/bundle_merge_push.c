/* A bundle straight into a registry: layers that the registry has in another repository are mounted, the rest is sent;
 * then configs, manifests and the index, in this order. */
#include "ops/bundle_merge_int.h"

#include "base/path.h"
#include "registry/push.h"

#include <stdlib.h>

/* A layer on its way. */
struct sent_layer {
	const struct oci_part *part;
	const struct oci_layer *layer;
	const char *mount[2]; /* the repository that has it, NULL-terminated */
	char *path;	      /* its bytes, when they are here */
};

struct push {
	struct oci_merge *m;
	struct oci_client *client;
	OCI_VEC(struct sent_layer) layers;
	struct oci_ref untagged; /* the target without its tag */
};

static void push_clear(struct push *p)
{
	for (size_t i = 0; i < p->layers.n; i++)
		free(p->layers.v[i].path);
	free(p->layers.v);
	oci_ref_clear(&p->untagged);
	oci_client_free(p->client);
}

static void add_layers(struct push *p, struct oci_map *seen, const struct oci_part *part)
{
	const struct oci_image *image = &part->module->image;
	bool near = part->of && image->remote && !part->rewritten && oci_streq(image->ref.host, p->m->ref.host);

	for (size_t i = 0; i < part->layers.n; i++) {
		const struct oci_layer *layer = &part->layers.v[i];

		if (!oci_map_add(seen, OCI_DIGEST(&layer->desc.digest), p))
			continue;
		struct sent_layer *s = oci_vec_push(&p->layers);

		*s = (struct sent_layer){ .part = part,
					  .layer = layer,
					  .mount = { near ? image->ref.repository : NULL } };
		if (part->ready)
			s->path = oci_blobs_path(p->m->layout.blobs, &layer->desc.digest);
	}
}

/* Bring what neither is here nor can be mounted to a folder beside us. */
static int bring(struct push *p, struct sent_layer *s, struct oci_err **err)
{
	auto_free char *dir = oci_merge_aside(p->m);

	if (!p->m->layout.blobs && oci_layout_create(dir, &p->m->layout, err) < 0)
		return -1;
	if (oci_image_bring(&s->part->module->image, s->layer, 1, p->m->layout.blobs, NULL, err) < 0)
		return -1;
	s->path = oci_blobs_path(p->m->layout.blobs, &s->layer->desc.digest);
	return 0;
}

/* One batch of layers. A registry that refuses a mount says so by asking for the bytes: again is set, when they are not
 * here. */
static int push_layers(struct push *p, bool *again, struct oci_err **err)
{
	auto_free struct oci_put *puts = oci_calloc(p->layers.n, sizeof(*puts));
	int rc = 0;

	for (size_t i = 0; i < p->layers.n; i++) {
		const struct sent_layer *s = &p->layers.v[i];

		puts[i] = (struct oci_put){ .kind = OCI_PUT_BLOB,
					    .ref = &p->untagged,
					    .digest = s->layer->desc.digest,
					    .size = s->layer->desc.size,
					    .path = s->path,
					    .mount_from = s->mount[0] ? s->mount : NULL,
					    .progress = s->part->name };
	}
	oci_client_push(p->client, puts, p->layers.n);
	for (size_t i = 0; i < p->layers.n; i++) {
		struct sent_layer *s = &p->layers.v[i];

		if (puts[i].err && s->mount[0] && !s->path && rc == 0) {
			oci_debug(&p->m->what->out, "%s; fetching it first", oci_err_text(puts[i].err));
			*again = true;
			rc = bring(p, s, err);
		} else if (puts[i].err && rc == 0) {
			rc = oci_fail_with(err, &puts[i].err);
		}
		oci_err_clear(&puts[i].err);
	}
	return rc;
}

static int push_document(struct push *p, const struct oci_document *d, enum oci_put_kind kind,
			 const struct oci_ref *ref, struct oci_err **err)
{
	struct oci_put put = { .kind = kind,
			       .ref = ref,
			       .digest = d->desc.digest,
			       .size = d->desc.size,
			       .media_type = kind == OCI_PUT_MANIFEST ? d->desc.media_type : NULL,
			       .bytes = d->bytes.data };

	return oci_client_push(p->client, &put, 1) ? oci_fail_with(err, &put.err) : 0;
}

static int push_documents(struct push *p, struct oci_err **err)
{
	const struct oci_merge *m = p->m;

	for (size_t i = 0; i < m->platforms.n; i++)
		if (push_document(p, &m->platforms.v[i].image.config, OCI_PUT_BLOB, &p->untagged, err) < 0)
			return -1;
	for (size_t i = 0; i < m->platforms.n; i++)
		if (push_document(p, &m->platforms.v[i].image.manifest, OCI_PUT_MANIFEST, &p->untagged, err) < 0)
			return -1;
	return push_document(p, &m->index, OCI_PUT_MANIFEST, &m->ref, err);
}

static int send(struct push *p, struct oci_err **err)
{
	bool again = false;

	for (size_t i = 0; i < p->layers.n; i++)
		if (!p->layers.v[i].path && !p->layers.v[i].mount[0] && bring(p, &p->layers.v[i], err) < 0)
			return -1;
	if (push_layers(p, &again, err) < 0 || (again && push_layers(p, &again, err) < 0))
		return -1;
	return push_documents(p, err);
}

int oci_merge_push(struct oci_merge *m, struct oci_err **err)
{
	OCI_AUTO(push_clear) struct push p = { .m = m };
	auto_map struct oci_map seen = { 0 };
	auto_free char *aside = oci_merge_aside(m);

	if (m->ref.digest.algorithm != OCI_NO_DIGEST)
		return oci_fail(err, OCI_USAGE, "-o %s: a digest cannot be chosen; name a tag", m->what->target);
	if (oci_remote_client(&m->what->remote, &m->what->out, &p.client, err) < 0)
		return -1;
	oci_ref_copy(&p.untagged, &m->ref);
	oci_auto_free(&p.untagged.tag);
	for (size_t i = 0; i < m->platforms.n; i++)
		for (size_t k = 0; k < m->platforms.v[i].parts.n; k++)
			add_layers(&p, &seen, m->platforms.v[i].parts.v[k]);
	if (send(&p, err) < 0)
		return -1;
	return m->layout.blobs ? oci_path_remove_tree(aside, err) : 0;
}
