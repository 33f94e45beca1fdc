#include "image/desc.h"

#include <stdlib.h>

#define SIZE_LIMIT (1LL << 53)

const char *oci_pairs_get(const struct oci_pairs *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++)
		if (oci_streq(p->v[i].key, key))
			return p->v[i].value;
	return NULL;
}

static void pair_remove(struct oci_pairs *p, size_t at)
{
	free(p->v[at].key);
	free(p->v[at].value);
	memmove(&p->v[at], &p->v[at + 1], (p->n - at - 1) * sizeof(p->v[0]));
	p->n--;
}

void oci_pairs_set(struct oci_pairs *p, const char *key, const char *value)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!oci_streq(p->v[i].key, key))
			continue;
		if (!value) {
			pair_remove(p, i);
		} else {
			char *copy = oci_strdup(value);

			free(p->v[i].value);
			p->v[i].value = copy;
		}
		return;
	}
	if (value)
		*oci_vec_push(p) = (struct oci_pair){ oci_strdup(key), oci_strdup(value) };
}

int oci_pairs_parse(const json_t *j, const char *where, struct oci_pairs *out, struct oci_err **err)
{
	const char *key;
	json_t *value;

	if (!j || json_is_null(j))
		return 0;
	if (!json_is_object(j))
		return oci_fail(err, OCI_BADINPUT, "%s: annotations are no object", where);
	json_object_foreach ((json_t *)(uintptr_t)j, key, value) {
		if (!json_is_string(value))
			return oci_fail(err, OCI_BADINPUT, "%s: annotation %s is no text", where, key);
		oci_pairs_set(out, key, json_string_value(value));
	}
	return 0;
}

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const struct oci_pair *const *)a)->key, (*(const struct oci_pair *const *)b)->key);
}

json_t *oci_pairs_json(const struct oci_pairs *p)
{
	if (p->n == 0)
		return NULL;
	auto_free const struct oci_pair **sorted = oci_calloc(p->n, sizeof(*sorted));
	json_t *j = json_object();

	for (size_t i = 0; i < p->n; i++)
		sorted[i] = &p->v[i];
	qsort(sorted, p->n, sizeof(*sorted), by_key);
	for (size_t i = 0; i < p->n; i++)
		oci_json_set_str(j, sorted[i]->key, sorted[i]->value);
	return j;
}

void oci_pairs_clear(struct oci_pairs *p)
{
	while (p->n)
		pair_remove(p, p->n - 1);
	free(p->v);
	*p = (struct oci_pairs){ 0 };
}

static void parse_optional(const json_t *j, struct oci_desc *d)
{
	const json_t *platform = oci_json_obj(j, "platform"), *urls = oci_json_arr(j, "urls");
	size_t i;
	json_t *url;

	d->artifact_type = oci_strdup(oci_json_str(j, "artifactType"));
	if (platform) {
		d->has_platform = true;
		oci_platform_set(&d->platform, oci_json_str(platform, "os"), oci_json_str(platform, "architecture"),
				 oci_json_str(platform, "variant"));
	}
	json_array_foreach ((json_t *)(uintptr_t)urls, i, url) {
		if (json_is_string(url))
			oci_strs_add(&d->urls, json_string_value(url));
	}
}

int oci_desc_parse(const json_t *j, const char *where, struct oci_desc *out, struct oci_err **err)
{
	auto_desc struct oci_desc d = { 0 };
	const char *digest, *media_type;
	int64_t size;

	if (!json_is_object(j))
		return oci_fail(err, OCI_BADINPUT, "%s: not a descriptor", where);
	if (oci_json_need_str(j, where, "mediaType", &media_type, err) < 0 ||
	    oci_json_need_str(j, where, "digest", &digest, err) < 0 ||
	    oci_json_need_int(j, where, "size", &size, err) < 0)
		return -1;
	if (size > SIZE_LIMIT)
		return oci_fail(err, OCI_BADINPUT, "%s: a size of %lld bytes cannot be", where, (long long)size);
	if (oci_digest_parse(oci_slice(digest), &d.digest, err) < 0)
		return oci_fail_in(err, "%s", where);
	if (oci_pairs_parse(json_object_get(j, "annotations"), where, &d.annotations, err) < 0)
		return -1;
	d.media_type = oci_strdup(media_type);
	d.size = (uint64_t)size;
	parse_optional(j, &d);
	*out = d;
	d = (struct oci_desc){ 0 };
	return 0;
}

static json_t *platform_json(const struct oci_platform *p)
{
	json_t *j = json_object();

	oci_json_set_str(j, "architecture", p->architecture);
	oci_json_set_str(j, "os", p->os);
	oci_json_set_str(j, "variant", p->variant);
	return j;
}

json_t *oci_desc_json(const struct oci_desc *d)
{
	json_t *j = json_object(), *annotations = oci_pairs_json(&d->annotations);

	oci_json_set_str(j, "mediaType", d->media_type);
	oci_json_set_str(j, "digest", OCI_DIGEST(&d->digest));
	oci_json_set_int(j, "size", (int64_t)d->size);
	if (d->urls.n) {
		json_t *urls = json_array();

		for (size_t i = 0; i < d->urls.n; i++)
			oci_json_append_take(urls, json_string(d->urls.v[i]));
		oci_json_set_take(j, "urls", urls);
	}
	if (annotations)
		oci_json_set_take(j, "annotations", annotations);
	if (d->has_platform)
		oci_json_set_take(j, "platform", platform_json(&d->platform));
	oci_json_set_str(j, "artifactType", d->artifact_type);
	return j;
}

void oci_desc_copy(struct oci_desc *to, const struct oci_desc *from)
{
	*to = (struct oci_desc){ .media_type = oci_strdup(from->media_type),
				 .digest = from->digest,
				 .size = from->size,
				 .has_platform = from->has_platform,
				 .artifact_type = oci_strdup(from->artifact_type) };
	if (from->has_platform)
		oci_platform_copy(&to->platform, &from->platform);
	for (size_t i = 0; i < from->urls.n; i++)
		oci_strs_add(&to->urls, from->urls.v[i]);
	for (size_t i = 0; i < from->annotations.n; i++)
		oci_pairs_set(&to->annotations, from->annotations.v[i].key, from->annotations.v[i].value);
}

void oci_desc_clear(struct oci_desc *d)
{
	free(d->media_type);
	free(d->artifact_type);
	oci_platform_clear(&d->platform);
	oci_strs_clear(&d->urls);
	oci_pairs_clear(&d->annotations);
	*d = (struct oci_desc){ 0 };
}
