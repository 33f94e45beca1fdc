#include "image/graph.h"

static int visit(const struct oci_walk *w, struct oci_node *node, struct oci_err **err)
{
	return w->visit ? w->visit(w->ctx, node, err) : 0;
}

static int visit_blob(const struct oci_walk *w, const struct oci_manifest *parent, const struct oci_desc *d,
		      enum oci_role role, const struct oci_platform *platform, struct oci_err **err)
{
	struct oci_node node = { .role = role, .desc = d, .parent = parent, .platform = platform };

	if (!oci_blobs_has_desc(w->blobs, d)) {
		if (role == OCI_ROLE_LAYER && oci_layer_is_foreign(d))
			return 0;
		return oci_fail(err, OCI_NOTFOUND, "%s %s is not in the layout, or not with its %llu bytes",
				role == OCI_ROLE_CONFIG ? "config" : "layer", OCI_DIGEST(&d->digest),
				(unsigned long long)d->size);
	}
	return visit(w, &node, err);
}

static int walk_manifest(const struct oci_walk *w, const struct oci_manifest *m, const struct oci_platform *platform,
			 struct oci_err **err)
{
	if (visit_blob(w, m, &m->config, OCI_ROLE_CONFIG, platform, err) < 0)
		return -1;
	for (size_t i = 0; i < m->children.n; i++)
		if (visit_blob(w, m, &m->children.v[i], OCI_ROLE_LAYER, platform, err) < 0)
			return -1;
	return 0;
}

static int walk(const struct oci_walk *w, const struct oci_node *at, unsigned depth, struct oci_err **err);

static bool wanted(const struct oci_walk *w, const struct oci_desc *child)
{
	return !w->platforms || !child->has_platform || oci_platform_is_unknown(&child->platform) ||
	       oci_platforms_want(w->platforms, &child->platform);
}

static int walk_index(const struct oci_walk *w, const struct oci_manifest *index, const struct oci_platform *platform,
		      unsigned depth, struct oci_err **err)
{
	for (size_t i = 0; i < index->children.n; i++) {
		const struct oci_desc *child = &index->children.v[i];
		struct oci_node node = { .desc = child,
					 .parent = index,
					 .platform = child->has_platform ? &child->platform : platform };

		if (!wanted(w, child))
			continue;
		if (oci_blobs_has_desc(w->blobs, child)) {
			if (walk(w, &node, depth + 1, err) < 0)
				return -1;
		} else if (w->absent && w->absent(w->ctx, &node, err) < 0) {
			return -1;
		}
	}
	return 0;
}

static int walk(const struct oci_walk *w, const struct oci_node *at, unsigned depth, struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };
	auto_buf struct oci_buf bytes = { 0 };
	const char *what = OCI_DIGEST(&at->desc->digest);
	struct oci_node node = *at;

	if (oci_manifest_check_depth(what, depth, err) < 0)
		return -1;
	if (oci_blobs_read(w->blobs, at->desc, OCI_MANIFEST_MAX, &bytes, err) < 0 ||
	    oci_manifest_parse(what, bytes.data, bytes.len, at->desc->media_type, &m, err) < 0)
		return -1;
	node.role = m.is_index ? OCI_ROLE_INDEX : OCI_ROLE_MANIFEST;
	node.self = &m;
	node.bytes = &bytes;
	int rc = m.is_index ? walk_index(w, &m, node.platform, depth, err) : walk_manifest(w, &m, node.platform, err);

	return rc < 0 ? -1 : visit(w, &node, err);
}

int oci_graph_walk(const struct oci_walk *w, const struct oci_desc *root, struct oci_err **err)
{
	struct oci_node node = { .desc = root, .platform = root->has_platform ? &root->platform : NULL };

	return walk(w, &node, 0, err);
}
