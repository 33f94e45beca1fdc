#include "bundle/seal.h"

#include "base/file.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

int oci_seal_check_name(const char *name, struct oci_err **err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = strlen(name);

	if (n == 0 || n > 200 || !strchr(letters, name[0]) ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-")])
		return oci_fail(
			err, OCI_BADINPUT,
			"\"%s\" is no name of a module; lower-case letters, digits, \".\", \"_\" and \"-\" make one",
			name);
	return 0;
}

char *oci_seal_json_path(const char *name)
{
	return oci_printf("modules.d/%s.json", name);
}

char *oci_seal_sums_path(const char *name)
{
	return oci_printf("SHA256SUMS.d/%s", name);
}

static json_t *strs_json(const struct oci_strs *s)
{
	json_t *j = json_array();

	for (size_t i = 0; i < s->n; i++)
		oci_json_append_take(j, json_string(s->v[i]));
	return j;
}

static json_t *lists_json(const struct oci_seal *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->lists.n; i++) {
		json_t *j = json_object();

		oci_json_set_str(j, "name", s->lists.v[i].name);
		oci_json_set_str(j, "digest", OCI_DIGEST(&s->lists.v[i].digest));
		oci_json_set_take(j, "lines", strs_json(&s->lists.v[i].lines));
		oci_json_append_take(all, j);
	}
	return all;
}

static json_t *counts_json(const struct oci_seal *s)
{
	json_t *j = json_object();

	oci_json_set_int(j, "files", (int64_t)s->files);
	oci_json_set_int(j, "folders", (int64_t)s->folders);
	oci_json_set_int(j, "links", (int64_t)s->links);
	oci_json_set_int(j, "bytes", (int64_t)s->bytes);
	return j;
}

void oci_seal_print(const struct oci_seal *s, struct oci_buf *out)
{
	auto_json json_t *j = json_object();
	json_t *links = json_object();

	for (size_t i = 0; i < s->symlinks.n; i++)
		oci_json_set_str(links, s->symlinks.v[i].key, s->symlinks.v[i].value);
	oci_json_set_str(j, "name", s->name);
	oci_json_set_str(j, "version", s->version);
	oci_json_set_take(j, "licences", strs_json(&s->licences));
	oci_json_set_take(j, "lists", lists_json(s));
	oci_json_set_take(j, "counts", counts_json(s));
	oci_json_set_int(j, "whiteouts", (int64_t)s->whiteouts);
	oci_json_set_take(j, "symlinks", links);
	oci_json_set_take(j, "empty", strs_json(&s->empty));
	oci_json_print_pretty(j, out);
}

static int parse_strs(const json_t *j, const char *what, const char *key, struct oci_strs *out, struct oci_err **err)
{
	const json_t *list = json_object_get(j, key);
	size_t i;
	json_t *item;

	if (!json_is_array(list))
		return oci_fail(err, OCI_BADINPUT, "%s: no %s", what, key);
	json_array_foreach ((json_t *)(uintptr_t)list, i, item) {
		if (!json_is_string(item))
			return oci_fail(err, OCI_BADINPUT, "%s: %s[%zu] is no text", what, key, i);
		oci_strs_add(out, json_string_value(item));
	}
	return 0;
}

static int parse_lists(const json_t *j, const char *what, struct oci_seal *s, struct oci_err **err)
{
	size_t i;
	json_t *item;

	json_array_foreach (oci_json_arr(j, "lists"), i, item) {
		auto_free char *where = oci_printf("%s: lists[%zu]", what, i);
		const char *name, *digest;

		if (oci_json_need_str(item, where, "name", &name, err) < 0 ||
		    oci_json_need_str(item, where, "digest", &digest, err) < 0)
			return -1;
		struct oci_seal_list *list = oci_vec_push(&s->lists);

		list->name = oci_strdup(name);
		if (oci_digest_parse(oci_slice(digest), &list->digest, err) < 0)
			return oci_fail_in(err, "%s", where);
		if (parse_strs(item, where, "lines", &list->lines, err) < 0)
			return -1;
	}
	return 0;
}

static int parse_count(const json_t *j, const char *what, const char *key, uint64_t *out, struct oci_err **err)
{
	int64_t value;

	if (oci_json_need_int(j, what, key, &value, err) < 0)
		return -1;
	*out = (uint64_t)value;
	return 0;
}

static int fail_path(const char *what, const char *path, struct oci_err **err)
{
	return oci_fail(err, OCI_BADINPUT, "%s: \"%s\" is no path inside of the package", what, path);
}

static int parse_symlinks(const json_t *j, const char *what, struct oci_seal *s, struct oci_err **err)
{
	const char *path;
	json_t *target;

	if (!json_is_object(json_object_get(j, "symlinks")))
		return oci_fail(err, OCI_BADINPUT, "%s: no symlinks", what);
	json_object_foreach (json_object_get(j, "symlinks"), path, target) {
		if (!json_is_string(target))
			return oci_fail(err, OCI_BADINPUT, "%s: symlinks: %s has no target", what, path);
		if (!oci_path_is_local(path))
			return fail_path(what, path, err);
		*oci_vec_push(&s->symlinks) =
			(struct oci_pair){ oci_strdup(path), oci_strdup(json_string_value(target)) };
	}
	return 0;
}

static int parse_json(const json_t *j, const char *what, struct oci_seal *s, struct oci_err **err)
{
	const json_t *counts = oci_json_obj(j, "counts");
	const char *name, *version;

	if (oci_json_need_str(j, what, "name", &name, err) < 0 ||
	    oci_json_need_str(j, what, "version", &version, err) < 0)
		return -1;
	s->name = oci_strdup(name);
	s->version = oci_strdup(version);
	if (parse_strs(j, what, "licences", &s->licences, err) < 0 || parse_lists(j, what, s, err) < 0 ||
	    parse_count(counts, what, "files", &s->files, err) < 0 ||
	    parse_count(counts, what, "folders", &s->folders, err) < 0 ||
	    parse_count(counts, what, "links", &s->links, err) < 0 ||
	    parse_count(counts, what, "bytes", &s->bytes, err) < 0 ||
	    parse_count(j, what, "whiteouts", &s->whiteouts, err) < 0 || parse_symlinks(j, what, s, err) < 0)
		return -1;
	if (parse_strs(j, what, "empty", &s->empty, err) < 0)
		return -1;
	for (size_t i = 0; i < s->empty.n; i++)
		if (!oci_path_is_local(s->empty.v[i]))
			return fail_path(what, s->empty.v[i], err);
	return 0;
}

static int check_once(const char *what, const struct oci_sums *sums, struct oci_err **err)
{
	for (size_t i = 1; i < sums->n; i++)
		if (oci_streq(sums->v[i - 1].path, sums->v[i].path))
			return oci_fail(err, OCI_BADINPUT, "%s: %s: named twice; seal the module again", what,
					sums->v[i].path);
	return 0;
}

static int check_sums(const char *name, const struct oci_buf *json, const struct oci_sums *sums, struct oci_err **err)
{
	auto_free char *what = oci_seal_sums_path(name), *own = oci_seal_json_path(name);
	const struct oci_sum *sum = NULL;
	struct oci_digest digest;

	for (size_t i = 0; i < sums->n; i++) {
		if (!oci_path_is_local(sums->v[i].path))
			return fail_path(what, sums->v[i].path, err);
		if (sums->v[i].digest.algorithm != OCI_SHA256)
			return oci_fail(err, OCI_BADINPUT, "%s: %s: not a sha256 sum", what, sums->v[i].path);
		if (oci_streq(sums->v[i].path, own))
			sum = &sums->v[i];
	}
	oci_digest_of(oci_buf_text(json), json->len, &digest);
	if (!sum || !oci_digest_same(&sum->digest, &digest))
		return oci_fail(err, OCI_BADDIGEST, "%s: not the %s that %s names; seal the module again", own, own,
				what);
	return check_once(what, sums, err);
}

int oci_seal_parse(const char *name, const struct oci_buf *json, struct oci_sums *sums, struct oci_seal *out,
		   struct oci_err **err)
{
	auto_free char *json_path = oci_seal_json_path(name);
	auto_json json_t *j = NULL;
	auto_seal struct oci_seal s = { 0 };

	if (oci_seal_check_name(name, err) < 0 || oci_json_parse(json_path, json->data, json->len, &j, err) < 0 ||
	    parse_json(j, json_path, &s, err) < 0)
		return -1;
	if (!oci_streq(s.name, name))
		return oci_fail(err, OCI_BADINPUT, "%s: is the seal of a module %s", json_path, s.name);
	oci_sums_sort(sums);
	if (check_sums(name, json, sums, err) < 0)
		return -1;
	s.sums = *sums;
	*sums = (struct oci_sums){ 0 };
	*out = s;
	s = (struct oci_seal){ 0 };
	return 0;
}

void oci_seal_clear(struct oci_seal *s)
{
	for (size_t i = 0; i < s->lists.n; i++) {
		free(s->lists.v[i].name);
		oci_strs_clear(&s->lists.v[i].lines);
	}
	free(s->lists.v);
	free(s->name);
	free(s->version);
	oci_strs_clear(&s->licences);
	oci_pairs_clear(&s->symlinks);
	oci_strs_clear(&s->empty);
	oci_sums_clear(&s->sums);
	*s = (struct oci_seal){ 0 };
}
