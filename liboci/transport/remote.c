#include "transport/remote.h"

#include "base/path.h"
#include "registry/pull.h"
#include "transport/cosign_int.h"

#include <stdlib.h>

struct remote {
	struct oci_client *client;
	struct oci_xfer *xfer; /* for foreign layers, on hosts that are no registries; NULL until one is met */
	struct oci_xfer_settings settings;
};

static struct oci_want *begin(struct oci_need *needs, size_t n, enum oci_want_kind kind)
{
	struct oci_want *w = oci_calloc(n + 1, sizeof(*w));

	for (size_t i = 0; i < n; i++) {
		w[i].kind = kind;
		w[i].ref = needs[i].ref;
		w[i].digest = needs[i].desc.digest;
		w[i].size = needs[i].desc.size;
		w[i].sized = w[i].digest.algorithm != OCI_NO_DIGEST && needs[i].desc.size != OCI_SIZE_UNKNOWN;
	}
	return w;
}

/* Queue those that have not failed yet, and wait for them. */
static void run(struct remote *r, const struct oci_need *needs, struct oci_want *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!needs[i].err)
			oci_client_want(r->client, &w[i]);
	oci_client_run(r->client);
}

/* Hand over the outcome of one; true when it failed. */
static bool finish(struct oci_need *need, struct oci_want *w)
{
	if (need->err)
		return false;
	need->err = oci_steal(&w->err);
	return need->err != NULL;
}

static void take_desc(struct oci_need *need, struct oci_want *w)
{
	free(need->desc.media_type);
	need->desc.media_type = oci_steal(&w->media_type);
	need->desc.digest = w->digest;
	need->desc.size = w->size;
}

static size_t resolve(void *ctx, struct oci_need *needs, size_t n)
{
	struct oci_want *w = begin(needs, n, OCI_WANT_RESOLVE);
	size_t failed = 0;

	run(ctx, needs, w, n);
	for (size_t i = 0; i < n; i++) {
		if (finish(&needs[i], &w[i]))
			failed++;
		else if (!needs[i].err)
			take_desc(&needs[i], &w[i]);
		oci_want_clear(&w[i]);
	}
	free(w);
	return failed;
}

static bool is_small_blob(const struct oci_need *need)
{
	return need->desc.media_type && !oci_media_is_document(need->desc.media_type);
}

static size_t manifests(void *ctx, struct oci_need *needs, size_t n)
{
	struct oci_want *w = begin(needs, n, OCI_WANT_MANIFEST);
	size_t failed = 0;

	for (size_t i = 0; i < n; i++)
		if (is_small_blob(&needs[i])) {
			w[i].kind = OCI_WANT_BLOB;
			w[i].max_bytes = OCI_CONFIG_MAX;
		}
	run(ctx, needs, w, n);
	for (size_t i = 0; i < n; i++) {
		if (finish(&needs[i], &w[i])) {
			failed++;
		} else if (!needs[i].err) {
			if (w[i].kind == OCI_WANT_MANIFEST)
				take_desc(&needs[i], &w[i]);
			needs[i].bytes = w[i].bytes;
			w[i].bytes = (struct oci_buf){ 0 };
		}
		oci_want_clear(&w[i]);
	}
	free(w);
	return failed;
}

/* A foreign layer may lie only where its urls say. */
static int fetch_urls(struct remote *r, struct oci_need *need, const char *path, const char *partial,
		      struct oci_err **err)
{
	if (!r->xfer)
		r->xfer = oci_xfer_new(&r->settings);
	for (size_t i = 0; i < need->desc.urls.n; i++) {
		auto_response struct oci_response answer = { 0 };
		struct oci_request request = { .url = need->desc.urls.v[i],
					       .digest = need->desc.digest,
					       .size = need->desc.size,
					       .sized = true,
					       .path = path,
					       .partial = partial };

		oci_err_clear(err);
		if (oci_xfer_one(r->xfer, &request, &answer, err) == 0)
			return 0;
	}
	return -1;
}

static int make_folders(const char *path, const char *partial, struct oci_err **err)
{
	return oci_path_mkdirs_for(path, err) < 0 || oci_path_mkdirs_for(partial, err) < 0 ? -1 : 0;
}

static bool finish_blob(struct remote *r, struct oci_need *need, struct oci_want *w, struct oci_blobs *into)
{
	bool failed = finish(need, w);

	if (failed && oci_err_code(need->err) == OCI_NOTFOUND && oci_layer_is_foreign(&need->desc) && need->desc.urls.n)
		failed = fetch_urls(r, need, w->path, w->partial, &need->err) < 0;
	if (!need->err)
		oci_blobs_landed(into, &need->desc.digest);
	free((char *)(uintptr_t)w->path);
	free((char *)(uintptr_t)w->partial);
	free((char *)(uintptr_t)w->progress);
	oci_want_clear(w);
	return failed;
}

static size_t blobs(void *ctx, struct oci_need *needs, size_t n, struct oci_blobs *into)
{
	struct oci_want *w = begin(needs, n, OCI_WANT_BLOB);
	size_t failed = 0;

	for (size_t i = 0; i < n; i++) {
		w[i].path = oci_blobs_landing(into, &needs[i].desc.digest);
		w[i].partial = oci_blobs_partial(into, &needs[i].desc.digest);
		w[i].progress = oci_printf("%s %.19s", needs[i].ref->repository, OCI_DIGEST(&needs[i].desc.digest));
		if (!needs[i].err && make_folders(w[i].path, w[i].partial, &needs[i].err) < 0)
			failed++;
	}
	run(ctx, needs, w, n);
	for (size_t i = 0; i < n; i++)
		failed += finish_blob(ctx, &needs[i], &w[i], into);
	free(w);
	return failed;
}

#define ASKED (1 + OCI_COSIGN_TAGS) /* requests for the referrers of one manifest */

static void ask_referrers(struct oci_need *need, struct oci_want *w, struct oci_ref *tags)
{
	w[0] = (struct oci_want){ .kind = OCI_WANT_REFERRERS, .ref = need->ref, .digest = need->desc.digest };
	for (size_t i = 0; i < OCI_COSIGN_TAGS; i++) {
		tags[i] = (struct oci_ref){ .host = need->ref->host, .repository = need->ref->repository };
		tags[i].tag = oci_cosign_tag(&need->desc.digest, (unsigned)i);
		w[1 + i] = (struct oci_want){ .kind = OCI_WANT_RESOLVE, .ref = &tags[i] };
	}
}

static void take_index(struct oci_need *need, struct oci_want *w)
{
	auto_manifest struct oci_manifest m = { 0 };
	auto_free char *what = oci_printf("referrers of %s", OCI_DIGEST(&need->desc.digest));

	if (w->err ||
	    oci_manifest_parse(what, oci_buf_text(&w->bytes), w->bytes.len, OCI_MEDIA_INDEX, &m, &w->err) < 0) {
		need->err = oci_steal(&w->err);
		return;
	}
	for (size_t i = 0; i < m.children.n; i++)
		oci_desc_copy(oci_vec_push(&need->found), &m.children.v[i]);
}

static void take_tag(struct oci_need *need, struct oci_want *w, const char *tag)
{
	if (w->err && oci_err_code(w->err) != OCI_NOTFOUND && !need->err)
		need->err = oci_steal(&w->err);
	if (w->err || need->err)
		return;
	struct oci_desc *d = oci_vec_push(&need->found);

	d->media_type = oci_steal(&w->media_type);
	d->digest = w->digest;
	d->size = w->size;
	oci_pairs_set(&d->annotations, OCI_REF_NAME, tag);
}

static bool finish_referrers(struct oci_need *need, struct oci_want *w, struct oci_ref *tags)
{
	bool asked = !need->err;

	if (asked)
		take_index(need, &w[0]);
	for (size_t i = 0; asked && i < OCI_COSIGN_TAGS; i++)
		take_tag(need, &w[1 + i], tags[i].tag);
	for (size_t i = 0; i < ASKED; i++)
		oci_want_clear(&w[i]);
	for (size_t i = 0; i < OCI_COSIGN_TAGS; i++)
		free(tags[i].tag);
	return asked && need->err;
}

static size_t referrers(void *ctx, struct oci_need *needs, size_t n)
{
	struct remote *r = ctx;
	struct oci_want *w = oci_calloc(n * ASKED + 1, sizeof(*w));
	struct oci_ref *tags = oci_calloc(n * OCI_COSIGN_TAGS + 1, sizeof(*tags));
	size_t failed = 0;

	for (size_t i = 0; i < n; i++) {
		ask_referrers(&needs[i], &w[i * ASKED], &tags[i * OCI_COSIGN_TAGS]);
		for (size_t k = 0; !needs[i].err && k < ASKED; k++)
			oci_client_want(r->client, &w[i * ASKED + k]);
	}
	oci_client_run(r->client);
	for (size_t i = 0; i < n; i++)
		failed += finish_referrers(&needs[i], &w[i * ASKED], &tags[i * OCI_COSIGN_TAGS]);
	free(tags);
	free(w);
	return failed;
}

static void close_remote(void *ctx)
{
	struct remote *r = ctx;

	oci_client_free(r->client);
	oci_xfer_free(r->xfer);
	free(r);
}

static struct oci_xfer_settings xfer_settings(const struct oci_remote *how, const struct oci_out *out)
{
	return (struct oci_xfer_settings){
		.jobs = (uint32_t)how->jobs, .ca_file = how->ca, .insecure = &how->insecure, .out = out
	};
}

int oci_remote_client(const struct oci_remote *how, const struct oci_out *out, struct oci_client **client,
		      struct oci_err **err)
{
	struct oci_client_settings s = { .xfer = xfer_settings(how, out),
					 .mirrors = &how->mirrors,
					 .plain_http = &how->plain_http,
					 .authfile = how->authfile };

	return oci_client_new(client, &s, err);
}

int oci_remote_open(const struct oci_remote *how, const struct oci_out *out, struct oci_source *src,
		    struct oci_err **err)
{
	static const struct oci_source_ops ops = { .resolve = resolve,
						   .manifests = manifests,
						   .blobs = blobs,
						   .referrers = referrers,
						   .close = close_remote };
	struct oci_client *client;

	if (oci_remote_client(how, out, &client, err) < 0)
		return -1;
	struct remote *r = oci_calloc(1, sizeof(*r));

	*r = (struct remote){ .client = client, .settings = xfer_settings(how, out) };
	*src = (struct oci_source){ .ops = &ops, .ctx = r, .spec = oci_strdup("docker://") };
	return 0;
}

void oci_remote_clear(struct oci_remote *how)
{
	oci_strs_clear(&how->mirrors);
	oci_strs_clear(&how->plain_http);
	oci_strs_clear(&how->insecure);
}
