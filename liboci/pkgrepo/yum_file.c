/* Metadata files of rpm-md repositories in the cache. */
#include "archive/inflate.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/cache.h"
#include "pkgrepo/get.h"
#include "pkgrepo/yum_repo.h"

#include <stdio.h>
#include <stdlib.h>

/* What a file may unpack to: a large distribution's filelists are under 1 GiB. */
#define MAX_PLAIN ((uint64_t)4 << 30)

/* Failures are told once, at the end. */
static const struct oci_out silent;

void oci_yum_file_init(struct oci_yum_file *f, const struct oci_yum_repo *r, const struct oci_repomd_data *data,
		       const char *cache)
{
	const struct oci_digest *plain = data->plain.algorithm ? &data->plain : &data->digest;

	f->data = data;
	f->url = oci_repo_url(r->base, data->href);
	f->plain = oci_repo_cache_path(cache, plain);
	f->packed = oci_printf("%s.packed-%.16s", f->plain, OCI_HEX(&data->digest));
}

void oci_yum_file_clear(struct oci_yum_file *f)
{
	free(f->url);
	free(f->packed);
	free(f->plain);
	*f = (struct oci_yum_file){ 0 };
}

int oci_yum_files_get(struct oci_repo_net *net, struct oci_yum_file *const *files, size_t n, struct oci_err **err)
{
	auto_free struct oci_repo_get *gets = oci_calloc(n + 1, sizeof(*gets));
	auto_failures struct oci_failures failures = { 0 };
	size_t wanted = 0;

	for (size_t i = 0; i < n; i++)
		if (!oci_path_exists(files[i]->plain) && !oci_path_exists(files[i]->packed))
			gets[wanted++] = (struct oci_repo_get){ .url = files[i]->url,
								.path = files[i]->packed,
								.synced = true,
								.digest = files[i]->data->digest,
								.size = files[i]->data->size,
								.progress = files[i]->url };
	if (!wanted)
		return 0;
	oci_repo_get_files(net, gets, wanted);
	for (size_t i = 0; i < wanted; i++)
		if (gets[i].err)
			oci_failures_add_take(&failures, &silent, &gets[i].err);
	return oci_failures_end(&failures, n, err);
}

uint64_t oci_yum_file_max(const struct oci_yum_file *f)
{
	return f->data->plain_size < MAX_PLAIN ? f->data->plain_size : MAX_PLAIN;
}

int oci_yum_file_unpack(const struct oci_yum_file *f, struct oci_err **err)
{
	const struct oci_repo_unpack u = { .packed = f->packed,
					   .what = f->url,
					   .path = f->plain,
					   .digest = f->data->plain,
					   .size = f->data->plain_size,
					   .max = oci_yum_file_max(f) };

	if (oci_path_exists(f->plain))
		return 0;
	int rc = oci_repo_cache_unpack(&u, err);

	remove(f->packed);
	return rc;
}

int oci_yum_file_open(const struct oci_yum_file *f, struct oci_reader *out, struct oci_err **err)
{
	struct oci_reader packed, plain;

	if (oci_path_exists(f->plain))
		return oci_reader_of_path(out, f->plain, err);
	if (oci_reader_of_path(&packed, f->packed, err) < 0 ||
	    oci_inflate_reader(packed, f->url, &plain, NULL, err) < 0)
		return -1;
	*out = oci_verify_reader(
		plain, &(struct oci_expect){ .what = f->url, .digest = f->data->plain, .size = f->data->plain_size });
	return 0;
}
