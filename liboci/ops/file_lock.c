#include "ops/file_lock.h"

#include "base/file.h"
#include "base/slice.h"
#include "base/vec.h"

#include <stdlib.h>

static int parse_entry(const struct oci_list_line *line, struct oci_map *entries, struct oci_err **err)
{
	struct oci_slice rest = oci_slice(line->text), url, digest, bytes;
	struct oci_digest *d = oci_calloc(1, sizeof(*d));
	uint64_t size;

	if (!oci_slice_word(&rest, &url) || !oci_slice_word(&rest, &digest) || !oci_slice_word(&rest, &bytes) ||
	    !oci_slice_u64(bytes, &size)) {
		free(d);
		return oci_fail(err, OCI_BADINPUT, "not a lock line (URL sha256:HEX BYTES)");
	}
	void **at = oci_map_at_n(entries, url.p, url.len);

	free(*at);
	*at = d;
	return oci_digest_parse(digest, d, err);
}

static int load(const char *path, struct oci_map *entries, struct oci_err **err)
{
	auto_list struct oci_list lines = { 0 };

	if (oci_list_load(&lines, path, err) < 0)
		return -1;
	for (size_t i = 0; i < lines.n; i++)
		if (parse_entry(&lines.v[i], entries, err) < 0)
			return oci_fail_in(err, "%s:%u", path, lines.v[i].line);
	return 0;
}

static int apply(const char *path, const struct oci_map *entries, struct oci_file_item *it, struct oci_err **err)
{
	const struct oci_digest *d = oci_map_get(entries, it->url);

	if (!d)
		return oci_fail(err, OCI_NOTFOUND, "%s: %s is not in the lock %s; run once without --locked", it->where,
				it->url, path);
	if (it->expect.algorithm == d->algorithm && !oci_digest_same(&it->expect, d))
		return oci_fail(err, OCI_CONFLICT, "%s: the list wants %s, the lock %s has %s", it->where,
				OCI_DIGEST(&it->expect), path, OCI_DIGEST(d));
	if (it->expect.algorithm == OCI_NO_DIGEST)
		it->expect = *d;
	else if (it->expect.algorithm != d->algorithm)
		it->locked = *d;
	return 0;
}

int oci_file_lock_apply(const char *path, struct oci_file_items *items, struct oci_err **err)
{
	struct oci_map entries = { 0 };
	int rc = load(path, &entries, err);

	for (size_t i = 0; i < items->n && rc == 0; i++)
		rc = apply(path, &entries, &items->v[i], err);
	oci_map_clear_with(&entries, free);
	return rc;
}

int oci_file_lock_save(const char *path, const struct oci_file_items *items, struct oci_err **err)
{
	auto_strs struct oci_strs lines = { 0 };
	auto_buf struct oci_buf text = { 0 };

	for (size_t i = 0; i < items->n; i++)
		if (!items->v[i].err)
			oci_strs_add_take(&lines,
					  oci_printf("%s %s %llu\n", items->v[i].url, OCI_DIGEST(&items->v[i].sha256),
						     (unsigned long long)items->v[i].size));
	oci_strs_sort(&lines);
	for (size_t i = 0; i < lines.n; i++)
		oci_buf_adds(&text, lines.v[i]);
	return oci_file_replace_named(path, oci_buf_text(&text), text.len, err);
}
