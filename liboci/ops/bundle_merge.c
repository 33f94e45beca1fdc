#include "ops/bundle_merge_int.h"

#include "base/date.h"
#include "base/lock.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

static int parse_target(struct oci_merge *m, struct oci_err **err)
{
	const char *text = m->what->target;

	if (oci_starts(text, "docker://"))
		return oci_ref_parse(text + strlen("docker://"), &m->ref, err);
	if (oci_starts(text, "oci:"))
		text += strlen("oci:");
	const char *colon = strrchr(text, ':');

	if (!colon || colon == text || !colon[1] || strchr(colon, '/'))
		return oci_fail(err, OCI_USAGE, "-o %s: neither LAYOUT:TAG nor docker://REF", m->what->target);
	m->dir = oci_strndup(text, (size_t)(colon - text));
	m->tag = oci_strdup(colon + 1);
	return 0;
}

static int parse_labels(struct oci_merge *m, struct oci_err **err)
{
	for (size_t i = 0; i < m->what->labels.n; i++) {
		const char *text = m->what->labels.v[i], *equals = strchr(text, '=');

		if (!equals || equals == text)
			return oci_fail(err, OCI_USAGE, "--label %s: not K=V", text);
		auto_free char *key = oci_strndup(text, (size_t)(equals - text));

		oci_pairs_set(&m->labels, key, equals + 1);
	}
	return 0;
}

static int parse_compress(struct oci_merge *m, struct oci_err **err)
{
	static const char *const names[] = { [OCI_PLAIN] = "none", [OCI_GZIP] = "gzip", [OCI_ZSTD] = "zstd" };

	m->ready.compression = -1;
	for (size_t i = 0; m->what->compress && i < OCI_COUNT(names); i++)
		if (oci_streq(m->what->compress, names[i]))
			m->ready.compression = (int)i;
	if (m->what->compress && m->ready.compression < 0)
		return oci_fail(err, OCI_USAGE, "--compress %s: none of none, gzip, zstd", m->what->compress);
	return 0;
}

char *oci_merge_aside(const struct oci_merge *m)
{
	return oci_printf("%s.bundle-merge.partial", oci_path_base(m->ref.repository));
}

/* The folder is made only for what has to be written or read. */
static int open_blobs(struct oci_merge *m, struct oci_err **err)
{
	auto_free char *dir = m->dir ? oci_strdup(m->dir) : oci_merge_aside(m);

	if (m->layout.blobs)
		return 0;
	if (oci_lock_dir(dir, &m->what->out, &m->lock, err) < 0 || oci_layout_create(dir, &m->layout, err) < 0)
		return -1;
	m->ready.blobs = m->layout.blobs;
	return 0;
}

static int check_conflicts(const struct oci_merge *m, bool only_sealed, struct oci_err **err)
{
	for (size_t i = 0; !m->what->no_check && i < m->platforms.n; i++)
		if (oci_conflict_find(&m->platforms.v[i].parts, only_sealed, err) < 0)
			return oci_fail_in(err, "%s", OCI_PLATFORM(&m->platforms.v[i].platform));
	return 0;
}

/* Read and write what must be; *unsealed: something was found out that the seals did not say. */
static int ready_parts(struct oci_merge *m, const struct oci_parts *parts, bool *unsealed, struct oci_err **err)
{
	for (size_t i = 0; i < parts->n; i++) {
		struct oci_part *p = parts->v[i];

		*unsealed |= !p->sealed;
		if (oci_ready_as_is(p))
			continue;
		m->wrote = true;
		if (open_blobs(m, err) < 0 || oci_ready_part(&m->ready, p, err) < 0)
			return -1;
	}
	return 0;
}

static int ready_all(struct oci_merge *m, struct oci_err **err)
{
	bool unsealed = false;

	if (check_conflicts(m, true, err) < 0)
		return -1;
	for (size_t i = 0; i < m->platforms.n; i++)
		if (ready_parts(m, &m->platforms.v[i].parts, &unsealed, err) < 0)
			return -1;
	if (unsealed && check_conflicts(m, false, err) < 0)
		return -1;
	for (size_t i = 0; i < m->platforms.n; i++)
		for (size_t k = 0; k < m->platforms.v[i].parts.n; k++)
			if (oci_ready_rewrite(&m->ready, &m->platforms.v[i].parts, k, err) < 0)
				return -1;
	return 0;
}

static int make_documents(struct oci_merge *m, struct oci_err **err)
{
	auto_free struct oci_bundle_image *images = oci_calloc(m->platforms.n, sizeof(*images));
	auto_free struct oci_parts *parts = oci_calloc(m->platforms.n, sizeof(*parts));

	for (size_t i = 0; i < m->platforms.n; i++) {
		struct oci_merge_platform *p = &m->platforms.v[i];

		if (oci_bundle_image(&p->parts, &p->platform, &m->labels, m->ready.epoch, &p->image, err) < 0)
			return -1;
		images[i] = p->image;
		parts[i] = p->parts;
	}
	oci_bundle_index(images, parts, m->platforms.n, &m->index);
	return 0;
}

static int bring_layers(struct oci_merge *m, struct oci_err **err)
{
	for (size_t i = 0; i < m->platforms.n; i++)
		for (size_t k = 0; k < m->platforms.v[i].parts.n; k++) {
			const struct oci_part *p = m->platforms.v[i].parts.v[k];

			if (!p->ready && oci_image_bring(&p->module->image, p->layers.v, p->layers.n, m->layout.blobs,
							 &m->wrote, err) < 0)
				return oci_fail_in(err, "%s", p->module->arg);
		}
	return 0;
}

static int put(struct oci_merge *m, const struct oci_document *d, struct oci_err **err)
{
	auto_free char *path = oci_blobs_path(m->layout.blobs, &d->desc.digest);

	if (oci_blobs_put(m->layout.blobs, d->bytes.data, d->bytes.len, &d->desc.digest, NULL, err) < 0)
		return -1;
	return m->wrote ? 0 : oci_path_sync(path, err);
}

/* Where new layers were written all of the file system is synced; links and a few documents are soon on the disk alone.
 */
static int settle(struct oci_merge *m, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(m->dir, "blobs/sha256");

	return m->wrote ? oci_blobs_settle(m->layout.blobs, err) : oci_path_sync(dir, err);
}

int oci_merge_save(struct oci_merge *m, struct oci_err **err)
{
	if (open_blobs(m, err) < 0 || bring_layers(m, err) < 0)
		return -1;
	for (size_t i = 0; i < m->platforms.n; i++)
		if (put(m, &m->platforms.v[i].image.config, err) < 0 ||
		    put(m, &m->platforms.v[i].image.manifest, err) < 0)
			return -1;
	if (put(m, &m->index, err) < 0 || settle(m, err) < 0)
		return -1;
	oci_layout_set(&m->layout, m->tag, &m->index.desc);
	return oci_layout_save(&m->layout, err);
}

static void report(const struct oci_merge *m)
{
	for (size_t i = 0; i < m->platforms.n; i++) {
		const struct oci_merge_platform *p = &m->platforms.v[i];

		oci_say(&m->what->out, OCI_TEXT("platform", OCI_PLATFORM(&p->platform)),
			OCI_TEXT("digest", OCI_DIGEST(&p->image.manifest.desc.digest)),
			OCI_NUM("layers", p->image.layers), OCI_NUM("bytes", p->image.bytes));
	}
	oci_note(&m->what->out, "%s is %s", m->what->target, OCI_DIGEST(&m->index.desc.digest));
}

static void merge_clear(struct oci_merge *m)
{
	for (size_t i = 0; i < m->platforms.n; i++) {
		oci_platform_clear(&m->platforms.v[i].platform);
		free(m->platforms.v[i].parts.v);
		oci_bundle_image_clear(&m->platforms.v[i].image);
	}
	free(m->platforms.v);
	for (size_t i = 0; i < m->modules.n; i++)
		oci_module_close(&m->modules.v[i]);
	free(m->modules.v);
	oci_document_clear(&m->index);
	oci_pairs_clear(&m->labels);
	oci_layout_close(&m->layout);
	oci_ref_clear(&m->ref);
	oci_auto_close(&m->lock);
	free(m->dir);
	free(m->tag);
}

int oci_bundle_merge_run(struct oci_bundle_merge *what, struct oci_err **err)
{
	OCI_AUTO(merge_clear) struct oci_merge m = { .what = what, .lock = -1 };

	m.ready.out = &what->out;
	m.ready.no_check = what->no_check;
	if (parse_target(&m, err) < 0 || parse_labels(&m, err) < 0 || parse_compress(&m, err) < 0 ||
	    oci_date_source(&m.ready.epoch, err) < 0)
		return -1;
	if (oci_merge_plan(&m, err) < 0 || ready_all(&m, err) < 0 || make_documents(&m, err) < 0)
		return -1;
	if ((m.dir ? oci_merge_save(&m, err) : oci_merge_push(&m, err)) < 0)
		return -1;
	report(&m);
	return 0;
}
