#include "storage/fallback.h"

#include "base/map.h"

#include <stdlib.h>

struct subject {
	char *repository;
	struct oci_digest digest;
	OCI_VEC(struct oci_desc) referrers; /* without doubles */
	bool offered;
	struct oci_digest offer; /* an index with offer_n entries */
	size_t offer_n;
};

struct oci_fallback {
	struct oci_map subjects; /* "repository digest" -> struct subject */
};

struct oci_fallback *oci_fallback_new(void)
{
	return oci_calloc(1, sizeof(struct oci_fallback));
}

static void free_subject(void *p)
{
	struct subject *s = p;

	for (size_t i = 0; i < s->referrers.n; i++)
		oci_desc_clear(&s->referrers.v[i]);
	free(s->referrers.v);
	free(s->repository);
	free(s);
}

void oci_fallback_free(struct oci_fallback *f)
{
	if (!f)
		return;
	oci_map_clear_with(&f->subjects, free_subject);
	free(f);
}

void oci_fallback_freep(struct oci_fallback **f)
{
	oci_fallback_free(*f);
	*f = NULL;
}

const char *oci_fallback_tag(char *buf, const struct oci_digest *subject)
{
	snprintf(buf, OCI_DIGEST_TEXT, "%s-%s", oci_digest_algorithm(subject), OCI_HEX(subject));
	buf[128] = '\0'; /* the longest tag; sha512 digests are cut, as the specification says */
	return buf;
}

bool oci_fallback_subject(const char *tag, struct oci_digest *out)
{
	if (!oci_starts(tag, "sha256-"))
		return false;
	return oci_digest_parse_hex(OCI_SHA256, oci_slice(tag + strlen("sha256-")), out, NULL) == 0;
}

static struct subject *find_subject(struct oci_fallback *f, const char *repository, const struct oci_digest *digest)
{
	auto_free char *key = oci_printf("%s %s", repository, OCI_DIGEST(digest));
	void **at = oci_map_at(&f->subjects, key);

	if (!*at) {
		struct subject *s = oci_calloc(1, sizeof(*s));

		s->repository = oci_strdup(repository);
		s->digest = *digest;
		*at = s;
	}
	return *at;
}

static void add(struct subject *s, const struct oci_desc *desc)
{
	for (size_t i = 0; i < s->referrers.n; i++)
		if (oci_digest_same(&s->referrers.v[i].digest, &desc->digest))
			return;
	oci_desc_copy(oci_vec_push(&s->referrers), desc);
}

void oci_fallback_add(struct oci_fallback *f, const char *repository, const struct oci_desc *desc,
		      const struct oci_manifest *document)
{
	struct subject *s = find_subject(f, repository, &document->subject->digest);
	auto_desc struct oci_desc d = { 0 };

	oci_manifest_referrer(document, &desc->digest, desc->size, &d);
	add(s, &d);
}

void oci_fallback_offer(struct oci_fallback *f, const char *repository, const struct oci_digest *subject,
			const struct oci_desc *desc, const struct oci_manifest *index)
{
	struct subject *s = find_subject(f, repository, subject);

	for (size_t i = 0; i < index->children.n; i++)
		add(s, &index->children.v[i]);
	s->offered = true;
	s->offer = desc->digest;
	s->offer_n = index->children.n;
}

/* What the store has under the tag already; *n is 0 without a tag. */
static int add_stored(struct subject *s, struct oci_store *store, const char *tag, size_t *n, struct oci_err **err)
{
	auto_manifest struct oci_manifest m = { 0 };
	struct oci_digest now;

	*n = 0;
	if (oci_store_tag(store, s->repository, tag, &now, NULL) < 0)
		return 0;
	if (oci_store_manifest(store, &now, &m, NULL, err) < 0)
		return oci_fail_in(err, "%s:%s", s->repository, tag);
	if (!m.is_index)
		return oci_fail(err, OCI_CONFLICT, "%s: tag %s of %s is no index of referrers", oci_store_dir(store),
				tag, s->repository);
	for (size_t i = 0; i < m.children.n; i++)
		add(s, &m.children.v[i]);
	*n = m.children.n;
	return 0;
}

static int by_digest(const void *a, const void *b)
{
	return oci_digest_compare(&((const struct oci_desc *)a)->digest, &((const struct oci_desc *)b)->digest);
}

static void print_index(struct subject *s, struct oci_buf *out)
{
	auto_json json_t *j = json_object();
	json_t *list = json_array();

	qsort(s->referrers.v, s->referrers.n, sizeof(s->referrers.v[0]), by_digest);
	for (size_t i = 0; i < s->referrers.n; i++)
		oci_json_append_take(list, oci_desc_json(&s->referrers.v[i]));
	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", OCI_MEDIA_INDEX);
	oci_json_set_take(j, "manifests", list);
	oci_json_print(j, out);
}

static int write_subject(struct subject *s, struct oci_store *store, struct oci_store_writer *w, struct oci_err **err)
{
	char tag[OCI_DIGEST_TEXT];
	auto_buf struct oci_buf bytes = { 0 };
	struct oci_desc made = { 0 };
	size_t stored;

	oci_fallback_tag(tag, &s->digest);
	if (add_stored(s, store, tag, &stored, err) < 0)
		return -1;
	if (stored && stored == s->referrers.n)
		return 0;
	if (oci_store_writer_begin(w, s->repository, err) < 0)
		return -1;
	if (s->offered && s->offer_n == s->referrers.n)
		return oci_store_writer_tag(w, tag, &s->offer, err);
	print_index(s, &bytes);
	if (oci_store_writer_document(w, &bytes, &made, err) < 0)
		return -1;
	return oci_store_writer_tag(w, tag, &made.digest, err);
}

int oci_fallback_write(const struct oci_fallback *f, struct oci_store *store, struct oci_store_writer *w,
		       struct oci_err **err)
{
	for (size_t i = 0; i < f->subjects.n; i++)
		if (write_subject(f->subjects.items[i].value, store, w, err) < 0)
			return -1;
	return 0;
}
