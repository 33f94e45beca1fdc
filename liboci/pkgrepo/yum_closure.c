/* What was chosen, as packages with their places: upstream's entries, but for where the files lie. */
#include "base/buf.h"
#include "base/map.h"
#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/get.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/rpmmd_xml.h"
#include "pkgrepo/yum_int.h"

#include <stdlib.h>
#include <string.h>

struct listing {
	const struct oci_yum_pool *pool;
	const struct oci_yum_source *source;
	const char *element;
	struct oci_map *places; /* location -> package */
	struct oci_repo_pkg *to;
};

/* A name that is a path of ours: inside, and none of the metadata's. */
static bool is_sane(const char *href)
{
	return oci_path_is_local(href) && oci_ends(href, ".rpm") && !oci_starts(href, "repodata/");
}

/* Upstream's place, unless two repositories have different packages there. */
static char *place(const struct listing *l, const char *href, const struct oci_digest *digest)
{
	const struct oci_repo_pkg *other = oci_map_get(l->places, href);

	if (!other || oci_digest_same(&other->digest, digest))
		return oci_strdup(href);
	return oci_printf("%s/%s", l->source->repo ? l->source->repo->id : "local", oci_path_base(href));
}

/* The element with its location pointing to `at`: only that tag is written anew. */
static char *relocate(const struct listing *l, const struct oci_rpm_pkg *pkg, const char *at)
{
	const char *tag_end = l->element + pkg->loc_at + pkg->loc_len;
	struct oci_buf b = { 0 };

	if (!pkg->base && strcmp(oci_rpm_text(pkg, pkg->href), at) == 0)
		return oci_strdup(l->element);
	oci_buf_add(&b, l->element, pkg->loc_at);
	oci_buf_adds(&b, "<location href=\"");
	oci_xml_escape(&b, oci_slice(at));
	oci_buf_adds(&b, tag_end[-2] == '/' ? "\"/>" : "\">");
	oci_buf_adds(&b, tag_end);
	return oci_buf_take(&b);
}

static int fill(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	struct listing *l = ctx;
	struct oci_repo_pkg *p = l->to;
	const char *written = oci_rpm_text(pkg, pkg->href), *base = oci_rpm_text(pkg, pkg->base);
	const char *href = oci_starts(written, "./") ? written + 2 : written;

	p->name = oci_strdup(oci_rpm_text(pkg, pkg->name));
	p->version = oci_strdup(oci_rpm_text(pkg, pkg->evr));
	p->arch = oci_strdup(oci_rpm_text(pkg, pkg->arch));
	p->digest = pkg->digest;
	p->size = pkg->size;
	p->repo = l->source->repo;
	if (pkg->size == OCI_SIZE_UNKNOWN)
		return oci_fail(err, OCI_BADINPUT, "%s %s: no size", p->name, p->version);
	if (!l->source->base) {
		p->local = oci_strdup(written);
		href = oci_path_base(written);
	}
	if (!is_sane(href))
		return oci_fail(err, OCI_BADINPUT, "%s %s: location \"%s\" leaves the repository or is no .rpm",
				p->name, p->version, written);
	if (l->source->base)
		p->url = oci_repo_url(*base ? base : l->source->base, href);
	auto_free char *at = place(l, href, &p->digest);

	p->apart = l->source->apart;
	p->path = oci_printf("%s%s/%s", p->apart ? OCI_REPO_APART "/" : "", l->pool->arch, at);
	p->stanza = relocate(l, pkg, at);
	*oci_map_at(l->places, href) = p;
	return 0;
}

int oci_yum_closure_list(const struct oci_yum_pool *pool, const Queue *chosen, struct oci_repo_closure *out,
			 struct oci_err **err)
{
	auto_map struct oci_map places = { 0 };

	/* the places point into it */
	out->v = oci_calloc((size_t)chosen->count + 1, sizeof(*out->v));
	out->cap = (size_t)chosen->count + 1;
	for (int i = 0; i < chosen->count; i++) {
		const struct oci_yum_source *source = &pool->sources.v[pool->nodes.v[chosen->elements[i]].source];
		auto_free char *element = NULL;

		if (oci_yum_pool_element(pool, chosen->elements[i], &element, err) < 0)
			return -1;
		struct listing l = { pool, source, element, &places, oci_vec_push(out) };

		if (oci_primary_parse_one(source->what, oci_slice(element), fill, &l, err) < 0)
			return oci_fail_in(err, "%s", source->what);
	}
	return 0;
}
