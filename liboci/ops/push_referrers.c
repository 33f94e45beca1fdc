/* Registries without a referrers API find what refers to a manifest through an index under a tag, which clients keep up
 * to date: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema */
#include "ops/push_int.h"

#include "image/manifest.h"
#include "registry/pull.h"
#include "storage/fallback.h"

#include <stdlib.h>

/* One tag: of one subject in one repository. */
struct tag {
	struct oci_ref ref; /* with the tag */
	struct oci_digest subject;
	OCI_VEC(const struct oci_desc *) new; /* what was pushed now */
	struct oci_want want;		      /* the index as it is */
	struct oci_buf bytes;		      /* and as it will be */
	struct oci_digest digest;
	struct oci_put put;
};

void push_note_subject(struct push_part *part, const struct oci_manifest *m)
{
	if (!m->subject)
		return;
	part->subject = m->subject->digest;
	oci_manifest_referrer(m, &part->desc.digest, part->desc.size, &part->referrer);
}

static struct tag *tag_at(struct oci_map *tags, const struct push_part *part)
{
	auto_free char *key = oci_printf("%s@%s", part->ref.repository, OCI_DIGEST(&part->subject));
	void **at = oci_map_at(tags, key);
	struct tag *t = *at;
	char name[OCI_DIGEST_TEXT];

	if (t)
		return t;
	t = *at = oci_calloc(1, sizeof(*t));
	t->subject = part->subject;
	oci_fallback_tag(name, &part->subject);
	t->ref = (struct oci_ref){ .host = oci_strdup(part->ref.host),
				   .repository = oci_strdup(part->ref.repository),
				   .tag = oci_strdup(name) };
	return t;
}

static void free_tag(void *pointer)
{
	struct tag *t = pointer;

	oci_ref_clear(&t->ref);
	free(t->new.v);
	oci_want_clear(&t->want);
	oci_buf_clear(&t->bytes);
	oci_err_free(t->put.err);
	free(t);
}

static void gather(struct push_plan *p, struct oci_map *tags)
{
	for (size_t i = 0; i < p->parts.n; i++) {
		const struct push_part *part = p->parts.items[i].value;

		if (part->needed && part->subject.algorithm != OCI_NO_DIGEST && !part->put.err &&
		    !part->put.subject_noted)
			*oci_vec_push(&tag_at(tags, part)->new) = &part->referrer;
	}
}

static bool has(const json_t *list, const struct oci_digest *d)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (oci_streq(oci_json_str(json_array_get(list, i), "digest"), OCI_DIGEST(d)))
			return true;
	return false;
}

/* The index with what is new in it; *changed is false when it had all already. */
static int merge(struct tag *t, bool *changed, struct oci_err **err)
{
	auto_json json_t *index = NULL;
	auto_free char *what = oci_ref_name(&t->ref);

	*changed = false;
	if (oci_json_parse(what, oci_buf_text(&t->want.bytes), t->want.bytes.len, &index, err) < 0)
		return -1;
	json_t *list = json_object_get(index, "manifests");

	if (!json_is_array(list))
		return oci_fail(err, OCI_BADINPUT, "%s: no manifests", what);
	for (size_t i = 0; i < t->new.n; i++)
		if (!has(list, &t->new.v[i]->digest)) {
			oci_json_append_take(list, oci_desc_json(t->new.v[i]));
			*changed = true;
		}
	oci_json_set_str(index, "mediaType", OCI_MEDIA_INDEX);
	oci_json_print(index, &t->bytes);
	oci_digest_of(t->bytes.data, t->bytes.len, &t->digest);
	return 0;
}

static void put(struct push_plan *p, struct tag *t)
{
	auto_err struct oci_err *e = oci_steal(&t->want.err);
	bool changed = false;

	if (e || merge(t, &changed, &e) < 0) {
		t->put.err = oci_steal(&e);
		return;
	}
	if (!changed)
		return;
	t->put = (struct oci_put){ .kind = OCI_PUT_MANIFEST,
				   .ref = &t->ref,
				   .digest = t->digest,
				   .size = t->bytes.len,
				   .media_type = OCI_MEDIA_INDEX,
				   .bytes = t->bytes.data };
	oci_client_put(p->client, &t->put);
}

void push_referrers(struct push_plan *p)
{
	auto_map struct oci_map tags = { 0 };

	gather(p, &tags);
	for (size_t i = 0; i < tags.n; i++) {
		struct tag *t = tags.items[i].value;

		t->want = (struct oci_want){ .kind = OCI_WANT_REFERRERS, .ref = &t->ref, .digest = t->subject };
		oci_client_want(p->client, &t->want);
	}
	oci_client_run(p->client);
	for (size_t i = 0; i < tags.n; i++)
		put(p, tags.items[i].value);
	oci_client_run(p->client);
	for (size_t i = 0; i < tags.n; i++) {
		struct tag *t = tags.items[i].value;

		if (t->put.err)
			oci_warn(p->out, "%s: what refers to it cannot be found there: %s", OCI_DIGEST(&t->subject),
				 oci_err_text(t->put.err));
	}
	oci_map_clear_with(&tags, free_tag);
}
