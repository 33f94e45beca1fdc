#include "ops/lockfile.h"

#include "base/file.h"
#include "base/list.h"
#include "base/vec.h"
#include "image/ref.h"

#include <stdlib.h>

#define LOCK_MAX (64u << 20) /* bytes: several hundred thousand lines */

static int parse_line(const struct oci_list_line *line, struct oci_image_lock *out, struct oci_err **err)
{
	struct oci_slice rest = oci_slice(line->text), name, digest, more;
	auto_ref struct oci_ref ref = { 0 };
	struct oci_digest d;

	if (!oci_slice_word(&rest, &name) || !oci_slice_word(&rest, &digest) || oci_slice_word(&rest, &more))
		return oci_fail(err, OCI_BADINPUT, "not a line \"NAME DIGEST\"");
	if (oci_ref_parse_slice(name, &ref, err) < 0 || oci_digest_parse(digest, &d, err) < 0)
		return -1;
	auto_free char *key = oci_ref_name(&ref);
	const struct oci_digest *old = oci_image_lock_find(out, key);

	if (old && !oci_digest_same(old, &d))
		return oci_fail(err, OCI_CONFLICT, "%s has two digests, %s and %s", key, OCI_DIGEST(old),
				OCI_DIGEST(&d));
	oci_image_lock_set(out, key, &d);
	return 0;
}

int oci_image_lock_parse(const char *what, const char *text, size_t n, struct oci_image_lock *out, struct oci_err **err)
{
	auto_list struct oci_list lines = { 0 };

	if (oci_list_parse(&lines, what, text, n, err) < 0)
		return -1;
	for (size_t i = 0; i < lines.n; i++)
		if (parse_line(&lines.v[i], out, err) < 0)
			return oci_fail_in(err, "%s:%u", what, lines.v[i].line);
	return 0;
}

int oci_image_lock_load(const char *path, struct oci_image_lock *out, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, LOCK_MAX, &text, err) < 0)
		return -1;
	return oci_image_lock_parse(path, oci_buf_text(&text), text.len, out, err);
}

const struct oci_digest *oci_image_lock_find(const struct oci_image_lock *l, const char *name)
{
	return oci_map_get(&l->names, name);
}

void oci_image_lock_set(struct oci_image_lock *l, const char *name, const struct oci_digest *digest)
{
	void **at = oci_map_at(&l->names, name);

	free(*at);
	*at = oci_memdup(digest, sizeof(*digest));
}

int oci_image_lock_save(const struct oci_image_lock *l, const char *path, struct oci_err **err)
{
	auto_strs struct oci_strs lines = { 0 };
	auto_buf struct oci_buf text = { 0 };

	for (size_t i = 0; i < l->names.n; i++)
		oci_strs_add_take(&lines,
				  oci_printf("%s %s\n", l->names.items[i].key, OCI_DIGEST(l->names.items[i].value)));
	oci_strs_sort(&lines);
	for (size_t i = 0; i < lines.n; i++)
		oci_buf_adds(&text, lines.v[i]);
	return oci_file_replace_named(path, oci_buf_text(&text), text.len, err);
}

void oci_image_lock_clear(struct oci_image_lock *l)
{
	oci_map_clear_with(&l->names, free);
}
