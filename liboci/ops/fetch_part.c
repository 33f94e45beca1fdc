/* The parts of the graph: each digest once, where it can be had, and how it comes here. */
#include "ops/fetch_int.h"

#include "digest/hasher.h"
#include "digest/verify.h"

#include <stdlib.h>
#include <unistd.h>

#define BATCH_COUNT 128			/* documents that are in memory at once */
#define BATCH_BYTES ((uint64_t)8 << 20) /* and what they may weigh by their own saying, one always passing */

static bool same_place(const struct fetch_item *a, const struct fetch_item *b)
{
	return a->source == b->source && oci_streq(a->from.host, b->from.host) &&
	       oci_streq(a->from.repository, b->from.repository);
}

static void add_user(struct fetch_part *part, struct fetch_item *user)
{
	for (size_t i = 0; i < part->n_users; i++)
		if (same_place(part->users[i], user))
			return;
	if (part->n_users < PART_USERS)
		part->users[part->n_users++] = user;
}

struct fetch_part *fetch_part_at(struct fetch_plan *p, const struct oci_desc *desc, struct fetch_item *user)
{
	void **at = oci_map_at(&p->parts, OCI_DIGEST(&desc->digest));
	struct fetch_part *part = *at;

	if (!part) {
		part = *at = oci_calloc(1, sizeof(*part));
		oci_desc_copy(&part->desc, desc);
		part->had = p->layout.blobs && oci_blobs_has(p->layout.blobs, &desc->digest, desc->size);
		part->have = part->had;
	}
	add_user(part, user);
	return part;
}

void fetch_part_free(void *pointer)
{
	struct fetch_part *part = pointer;

	oci_desc_clear(&part->desc);
	oci_manifest_clear(&part->m);
	oci_platform_clear(&part->platform);
	oci_err_free(part->err);
	free(part);
}

static int parse_config(struct fetch_part *part, const struct oci_buf *bytes, struct oci_err **err)
{
	auto_config struct oci_config config = { 0 };

	if (oci_config_parse(OCI_DIGEST(&part->desc.digest), bytes->data, bytes->len, &config, err) < 0)
		return -1;
	if (config.has_platform)
		oci_platform_copy(&part->platform, &config.platform);
	return 0;
}

/* The size that an index or manifest gives is as binding as the digest; of a root only the bytes tell it. */
static int check_size(struct fetch_part *part, uint64_t size, struct oci_err **err)
{
	if (part->desc.size != OCI_SIZE_UNKNOWN && part->desc.size != size)
		return oci_fail(err, OCI_BADDIGEST, "%s: has %llu bytes, and its descriptor says %llu",
				OCI_DIGEST(&part->desc.digest), (unsigned long long)size,
				(unsigned long long)part->desc.size);
	part->desc.size = size;
	return 0;
}

static int parse_part(struct fetch_part *part, const struct oci_buf *bytes, struct oci_err **err)
{
	if (check_size(part, bytes->len, err) < 0)
		return -1;
	if (!part->document) {
		if (parse_config(part, bytes, err) < 0)
			return -1;
	} else {
		if (oci_manifest_parse(OCI_DIGEST(&part->desc.digest), bytes->data, bytes->len, part->desc.media_type,
				       &part->m, err) < 0)
			return -1;
		free(part->desc.media_type);
		part->desc.media_type = oci_strdup(part->m.media_type);
	}
	part->loaded = true;
	return 0;
}

static int read_local(struct fetch_plan *p, const struct fetch_part *part, struct oci_buf *bytes, struct oci_err **err)
{
	auto_free char *path = oci_blobs_path(p->layout.blobs, &part->desc.digest);
	auto_hasher struct oci_hasher *h = oci_hasher_new(part->desc.digest.algorithm);
	struct oci_digest digest = { 0 };

	if (oci_file_read(path, part->document ? OCI_MANIFEST_MAX : OCI_CONFIG_MAX, bytes, err) < 0)
		return -1;
	oci_hasher_add(h, oci_buf_text(bytes), bytes->len);
	oci_hasher_end(h, &digest);
	return oci_verify(&(struct oci_expect){ path, part->desc.digest, OCI_SIZE_UNKNOWN }, &digest, bytes->len, err);
}

void fetch_part_drop(struct fetch_plan *p, struct fetch_part *part, const struct oci_err *why)
{
	auto_free char *path = oci_blobs_path(p->layout.blobs, &part->desc.digest);

	oci_warn(p->out, "%s; it is fetched again", oci_err_text(why));
	part->had = part->have = false;
	if (!p->what->dry_run)
		unlink(path);
}

/* From the layout itself. What is damaged there is fetched anew. */
static void load_local(struct fetch_plan *p, struct fetch_part *part)
{
	auto_buf struct oci_buf bytes = { 0 };
	auto_err struct oci_err *e = NULL;

	if (read_local(p, part, &bytes, &e) == 0)
		parse_part(part, &bytes, &part->err);
	else
		fetch_part_drop(p, part, e);
}

static void take_document(struct fetch_plan *p, struct fetch_part *part, struct oci_need *w)
{
	p->totals.pulls += part->document && !p->what->from.n;
	if (parse_part(part, &w->bytes, &part->err) < 0) {
		part->tried = part->n_users; /* the same bytes would come from everywhere */
		return;
	}
	if (p->what->dry_run)
		return;
	if (oci_blobs_put(p->layout.blobs, w->bytes.data, w->bytes.len, &part->desc.digest, NULL, &part->err) < 0)
		part->tried = part->n_users;
	else
		part->have = true;
}

/* What was linked nobody has read: with --verify it must not be as damaged as what it stands in for. */
static void take_blob(struct fetch_plan *p, struct fetch_part *part, struct oci_need *w)
{
	if (!p->what->verify || !w->linked || oci_blobs_check(p->layout.blobs, &part->desc, &part->err) == 0) {
		part->have = true;
		return;
	}
	auto_free char *path = oci_blobs_path(p->layout.blobs, &part->desc.digest);

	oci_fail_in(&part->err, "linked from %s", part->users[part->tried]->source->spec);
	unlink(path);
	part->tried++;
}

/* Ask one source for parts: a batch of wants in, each part's outcome out. */
struct asking {
	bool blobs;
	void (*take)(struct fetch_plan *p, struct fetch_part *part, struct oci_need *w);
};

static void take(struct fetch_plan *p, struct fetch_part *part, struct oci_need *w, const struct asking *how)
{
	if (!w->err) {
		oci_err_clear(&part->err);
		how->take(p, part, w);
		return;
	}
	part->tried++;
	if (!part->err || oci_err_code(part->err) == OCI_NOTFOUND) {
		oci_err_clear(&part->err);
		part->err = oci_steal(&w->err);
	}
}

static void ask_source(struct fetch_plan *p, const struct oci_source *src, struct fetch_part **parts, size_t n,
		       const struct asking *how)
{
	struct oci_need *w = oci_calloc(n + 1, sizeof(*w));

	for (size_t i = 0; i < n; i++) {
		w[i].ref = &parts[i]->users[parts[i]->tried]->from;
		oci_desc_copy(&w[i].desc, &parts[i]->desc);
	}
	if (how->blobs)
		oci_source_blobs(src, w, n, p->layout.blobs);
	else
		oci_source_manifests(src, w, n);
	for (size_t i = 0; i < n; i++) {
		take(p, parts[i], &w[i], how);
		oci_need_clear(&w[i]);
	}
	free(w);
}

static bool is_open(const struct fetch_part *part, const struct asking *how)
{
	return part->tried < part->n_users && (how->blobs ? !part->have : !part->loaded);
}

/* The next parts of one source, as many as may be in memory at once; *at moves on. */
static size_t pick(const struct oci_source *src, struct fetch_part **parts, size_t n, size_t *at,
		   const struct asking *how, struct fetch_part **picked)
{
	uint64_t weight = 0;
	size_t k = 0;

	for (; *at < n && (how->blobs || (k < BATCH_COUNT && weight < BATCH_BYTES)); ++*at) {
		struct fetch_part *part = parts[*at];

		if (!is_open(part, how) || part->users[part->tried]->source != src)
			continue;
		weight += part->desc.size == OCI_SIZE_UNKNOWN ? 0 : part->desc.size;
		picked[k++] = part;
	}
	return k;
}

/* Until each part is here or was asked for everywhere. */
static void ask(struct fetch_plan *p, struct fetch_part **parts, size_t n, const struct asking *how)
{
	auto_free struct fetch_part **picked = oci_calloc(n + 1, sizeof(struct fetch_part *));
	bool asked = true;

	while (asked) {
		asked = false;
		for (size_t s = 0; s < p->sources.n; s++)
			for (size_t at = 0; at < n;) {
				size_t k = pick(&p->sources.v[s], parts, n, &at, how, picked);

				if (k)
					ask_source(p, &p->sources.v[s], picked, k, how);
				asked |= k > 0;
			}
	}
}

void fetch_load(struct fetch_plan *p, struct fetch_part **parts, size_t n)
{
	static const struct asking how = { false, take_document };

	for (size_t i = 0; i < n; i++)
		if (parts[i]->have && !parts[i]->loaded && !parts[i]->err)
			load_local(p, parts[i]);
	ask(p, parts, n, &how);
}

void fetch_blobs(struct fetch_plan *p, struct fetch_part **parts, size_t n)
{
	static const struct asking how = { true, take_blob };

	ask(p, parts, n, &how);
}
