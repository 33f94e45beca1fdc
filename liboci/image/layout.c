#include "image/layout.h"

#include "base/path.h"

#include <stdlib.h>

#define INDEX_MAX (256u << 20) /* of a local file: room for several hundred thousand entries */

static const char marker[] = "{\"imageLayoutVersion\":\"1.0.0\"}";

static int check_version(const json_t *marker_json, const char *what, struct oci_err **err)
{
	const char *version = oci_json_str(marker_json, "imageLayoutVersion");

	if (!oci_streq(version, "1.0.0"))
		return oci_fail(err, OCI_UNSUPPORTED, "%s: OCI layout version %s; this tool knows 1.0.0", what,
				version ? version : "unknown");
	return 0;
}

static int check_marker(const char *dir, struct oci_err **err)
{
	auto_free char *path = oci_path_join(dir, "oci-layout");
	auto_json json_t *j = NULL;
	auto_err struct oci_err *e = NULL;

	if (oci_json_load(path, 65536, &j, &e) < 0) {
		if (oci_err_code(e) != OCI_NOTFOUND)
			return oci_fail_with(err, &e);
		return oci_fail(err, OCI_NOTFOUND, "%s: not an OCI layout (no file oci-layout)", dir);
	}
	return check_version(j, dir, err);
}

static void index_names(struct oci_layout *l)
{
	oci_map_clear(&l->by_name);
	for (size_t i = 0; i < l->entries.n; i++)
		if (oci_layout_name(&l->entries.v[i]))
			oci_map_add(&l->by_name, oci_layout_name(&l->entries.v[i]), (void *)(i + 1));
}

static char *entry_key(const struct oci_desc *entry)
{
	const char *name = oci_layout_name(entry);

	return oci_printf("%s %s", OCI_DIGEST(&entry->digest), name ? name : "");
}

/* Other tools' members (os.version, data, …) are theirs to lose. */
static void keep_as_read(struct oci_layout *l, const struct oci_desc *entry, json_t *item)
{
	auto_json json_t *known = oci_desc_json(entry);
	auto_free char *key = entry_key(entry);

	if (!json_equal(known, item) && oci_map_add(&l->as_read, key, item))
		json_incref(item);
}

static int parse_entries(json_t *j, const char *path, struct oci_layout *l, struct oci_err **err)
{
	const json_t *list = oci_json_arr(j, "manifests");
	size_t i;
	json_t *item;

	if (!list)
		return oci_fail(err, OCI_BADINPUT, "%s: no manifests", path);
	json_array_foreach ((json_t *)(uintptr_t)list, i, item) {
		auto_free char *where = oci_printf("%s: manifests[%zu]", path, i);
		struct oci_desc d;

		if (oci_desc_parse(item, where, &d, err) < 0)
			return -1;
		*oci_vec_push(&l->entries) = d;
		keep_as_read(l, &d, item);
	}
	index_names(l);
	oci_json_set_take(j, "manifests", json_null());
	l->index = json_incref(j);
	return 0;
}

static int load_index(struct oci_layout *l, struct oci_err **err)
{
	auto_free char *path = oci_path_join(l->dir, "index.json");
	auto_json json_t *j = NULL;

	if (oci_json_load(path, INDEX_MAX, &j, err) < 0)
		return -1;
	return parse_entries(j, path, l, err);
}

int oci_layout_open(const char *dir, struct oci_layout *out, struct oci_err **err)
{
	auto_layout struct oci_layout l = { .dir = oci_strdup(dir) };

	if (!oci_path_is_dir(dir))
		return oci_fail(err, OCI_NOTFOUND, "%s: no such folder", dir);
	if (check_marker(dir, err) < 0 || oci_blobs_open(&l.blobs, dir, false, err) < 0 || load_index(&l, err) < 0)
		return -1;
	*out = l;
	l = (struct oci_layout){ 0 };
	return 0;
}

int oci_layout_parse(const char *what, const void *marker_text, size_t marker_n, const void *index_text, size_t index_n,
		     struct oci_layout *out, struct oci_err **err)
{
	auto_layout struct oci_layout l = { .dir = oci_strdup(what) };
	auto_free char *index = oci_printf("%s: index.json", what);
	auto_json json_t *version = NULL, *j = NULL;

	if (oci_json_parse(what, marker_text, marker_n, &version, err) < 0 || check_version(version, what, err) < 0 ||
	    oci_json_parse(index, index_text, index_n, &j, err) < 0 || parse_entries(j, index, &l, err) < 0)
		return -1;
	*out = l;
	l = (struct oci_layout){ 0 };
	return 0;
}

/* An interrupted first run leaves blobs/ and perhaps oci-layout, but no index.json yet. */
static bool is_begun(const char *dir)
{
	auto_free char *blobs = oci_path_join(dir, "blobs"), *index = oci_path_join(dir, "index.json");

	return oci_path_is_dir(blobs) && !oci_path_exists(index);
}

int oci_layout_create(const char *dir, struct oci_layout *out, struct oci_err **err)
{
	auto_layout struct oci_layout l = { .dir = oci_strdup(dir) };
	auto_free char *path = oci_path_join(dir, "oci-layout");
	bool empty;

	if (oci_path_is_empty_dir(dir, &empty, err) < 0)
		return -1;
	if (!empty && !is_begun(dir))
		return oci_layout_open(dir, out, err);
	if (oci_path_mkdirs(dir, err) < 0 || oci_blobs_open(&l.blobs, dir, true, err) < 0 ||
	    oci_file_replace(path, marker, sizeof(marker) - 1, err) < 0)
		return -1;
	*out = l;
	l = (struct oci_layout){ 0 };
	return 0;
}

const char *oci_layout_name(const struct oci_desc *entry)
{
	return oci_pairs_get(&entry->annotations, OCI_REF_NAME);
}

int oci_layout_ref(const struct oci_desc *entry, struct oci_ref *out, struct oci_err **err)
{
	const char *name = oci_pairs_get(&entry->annotations, OCI_CONTAINERD_NAME);

	if (!name)
		name = oci_layout_name(entry);
	if (!name)
		return oci_fail(err, OCI_NOTFOUND, "%s: an entry without a name", OCI_DIGEST(&entry->digest));
	return oci_ref_parse(name, out, err);
}

const struct oci_desc *oci_layout_find(const struct oci_layout *l, const char *name)
{
	size_t place = (size_t)oci_map_get(&l->by_name, name);

	return place ? &l->entries.v[place - 1] : NULL;
}

bool oci_layout_set(struct oci_layout *l, const char *name, const struct oci_desc *desc)
{
	struct oci_desc *entry = (struct oci_desc *)(uintptr_t)oci_layout_find(l, name);

	if (entry && oci_digest_same(&entry->digest, &desc->digest))
		return false;
	if (entry)
		oci_desc_clear(entry);
	else
		entry = oci_vec_push(&l->entries);
	oci_desc_copy(entry, desc);
	oci_pairs_set(&entry->annotations, OCI_REF_NAME, name);
	*oci_map_at(&l->by_name, name) = (void *)(size_t)(entry - l->entries.v + 1);
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct oci_desc *x = a, *y = b;
	const char *n = oci_layout_name(x), *m = oci_layout_name(y);
	int order = strcmp(n ? n : "", m ? m : "");

	return order ? order : oci_digest_compare(&x->digest, &y->digest);
}

static json_t *entry_json(const struct oci_layout *l, const struct oci_desc *entry)
{
	auto_free char *key = entry_key(entry);
	json_t *as_read = oci_map_get(&l->as_read, key);

	return as_read ? json_incref(as_read) : oci_desc_json(entry);
}

int oci_layout_save(struct oci_layout *l, struct oci_err **err)
{
	auto_free char *path = oci_path_join(l->dir, "index.json");
	auto_json json_t *j = l->index ? json_copy(l->index) : json_object();
	auto_buf struct oci_buf text = { 0 };
	json_t *list = json_array();

	if (l->entries.n > 1)
		qsort(l->entries.v, l->entries.n, sizeof(l->entries.v[0]), by_name);
	index_names(l);
	for (size_t i = 0; i < l->entries.n; i++)
		oci_json_append_take(list, entry_json(l, &l->entries.v[i]));
	oci_json_set_int(j, "schemaVersion", 2);
	oci_json_set_str(j, "mediaType", OCI_MEDIA_INDEX);
	oci_json_set_take(j, "manifests", list);
	oci_json_print(j, &text);
	return oci_file_replace(path, text.data, text.len, err);
}

static void drop_json(void *j)
{
	json_decref(j);
}

void oci_layout_close(struct oci_layout *l)
{
	for (size_t i = 0; i < l->entries.n; i++)
		oci_desc_clear(&l->entries.v[i]);
	free(l->entries.v);
	oci_map_clear(&l->by_name);
	oci_json_drop(&l->index);
	oci_map_clear_with(&l->as_read, drop_json);
	oci_blobs_close(l->blobs);
	free(l->dir);
	*l = (struct oci_layout){ 0 };
}
