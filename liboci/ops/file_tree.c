#include "ops/file_tree.h"

#include "base/file.h"
#include "base/path.h"
#include "base/slice.h"
#include "base/vec.h"
#include "digest/hasher.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#define ETAGS_MAX (64u << 20)

static const char sums_name[] = "SHA256SUMS", etags_name[] = ".etags";

static int load_etags(struct oci_file_tree *t, struct oci_err **err)
{
	auto_free char *path = oci_path_join(t->dir, etags_name);
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, line, name, value;

	if (!oci_path_exists(path))
		return 0;
	if (oci_file_read(path, ETAGS_MAX, &text, err) < 0)
		return -1;
	rest = (struct oci_slice){ oci_buf_text(&text), text.len };
	while (oci_slice_line(&rest, &line))
		if (oci_slice_cut(line, '\t', &name, &value) && !oci_map_get_n(&t->etags, name.p, name.len))
			*oci_map_at_n(&t->etags, name.p, name.len) = oci_slice_dup(value);
	return 0;
}

int oci_file_tree_open(const char *dir, struct oci_file_tree *out, struct oci_err **err)
{
	auto_file_tree struct oci_file_tree t = { .dir = oci_strdup(dir) };
	auto_free char *path = oci_path_join(dir, sums_name);

	if (oci_path_exists(path) && oci_sums_load(path, &t.sums, err) < 0)
		return -1;
	oci_sums_sort(&t.sums);
	if (load_etags(&t, err) < 0)
		return -1;
	*out = t;
	t = (struct oci_file_tree){ 0 };
	return 0;
}

void oci_file_tree_close(struct oci_file_tree *t)
{
	free(t->dir);
	oci_sums_clear(&t->sums);
	oci_map_clear_with(&t->etags, free);
	*t = (struct oci_file_tree){ 0 };
}

static bool hash_is(const char *file, const struct oci_digest *want, uint64_t *size)
{
	struct oci_digest got;

	return oci_hash_file(want->algorithm, file, &got, size, NULL) == 0 && oci_digest_same(&got, want);
}

bool oci_file_tree_holds(const struct oci_file_tree *t, struct oci_file_item *it)
{
	auto_free char *file = oci_path_join(t->dir, it->path);
	const struct oci_sum *listed = oci_sums_find(&t->sums, it->path);
	const struct oci_digest *want = it->expect.algorithm != OCI_NO_DIGEST ? &it->expect
					: listed			      ? &listed->digest
									      : NULL;
	struct stat st;

	if (!want || lstat(file, &st) < 0 || !S_ISREG(st.st_mode) || !hash_is(file, want, &it->size))
		return false;
	if (want->algorithm == OCI_SHA256)
		it->sha256 = *want;
	else if (oci_hash_file(OCI_SHA256, file, &it->sha256, NULL, NULL) < 0)
		return false;
	return true;
}

static void list_items(const struct oci_file_items *items, struct oci_sums *sums, struct oci_buf *etags)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct oci_file_item *it = &items->v[i];

		if (it->err)
			continue;
		oci_sums_add(sums, it->path, &it->sha256);
		if (it->validator)
			oci_buf_addf(etags, "%s\t%s\n", it->path, it->validator);
	}
}

static void list_others(const struct oci_file_tree *t, const struct oci_file_items *items, struct oci_sums *sums,
			struct oci_buf *etags)
{
	for (size_t i = 0; i < t->sums.n; i++) {
		const struct oci_sum *old = &t->sums.v[i];
		size_t place = (size_t)oci_map_get(&items->by_path, old->path);
		auto_free char *file = oci_path_join(t->dir, old->path);
		const char *etag = oci_map_get(&t->etags, old->path);

		/* a file whose fetch failed keeps its line: what was there is still there */
		if ((place && !items->v[place - 1].err) || !oci_path_exists(file))
			continue;
		oci_sums_add(sums, old->path, &old->digest);
		if (etag)
			oci_buf_addf(etags, "%s\t%s\n", old->path, etag);
	}
}

int oci_file_tree_save(const struct oci_file_tree *t, const struct oci_file_items *items, struct oci_err **err)
{
	auto_sums struct oci_sums sums = { 0 };
	auto_buf struct oci_buf text = { 0 }, etags = { 0 };
	auto_free char *sums_path = oci_path_join(t->dir, sums_name);
	auto_free char *etags_path = oci_path_join(t->dir, etags_name);

	list_items(items, &sums, &etags);
	list_others(t, items, &sums, &etags);
	oci_sums_sort(&sums);
	oci_sums_print(&sums, &text);
	if (oci_file_replace(sums_path, oci_buf_text(&text), text.len, err) < 0)
		return -1;
	if (!etags.len && !oci_path_exists(etags_path))
		return 0;
	return oci_file_replace(etags_path, oci_buf_text(&etags), etags.len, err);
}

struct verify {
	const char *dir;
	const char *below; /* of the folder being listed: "" or "a/b/" */
	const struct oci_sums *sums;
	const struct oci_out *out;
	size_t differences;
};

static void differ(struct verify *v, const char *how, const char *path)
{
	oci_say(v->out, OCI_TEXT("state", how), OCI_TEXT("path", path));
	v->differences++;
}

static int verify_entry(void *ctx, const char *name, struct oci_err **err)
{
	struct verify *v = ctx;
	auto_free char *path = oci_printf("%s%s", v->below, name);
	auto_free char *file = oci_path_join(v->dir, path);
	struct stat st;

	if (lstat(file, &st) < 0)
		return oci_fail_errno(err, "%s", file);
	if (S_ISDIR(st.st_mode)) {
		struct verify below = *v;
		auto_free char *prefix = oci_printf("%s/", path);

		below.below = prefix;
		if (oci_path_each(file, verify_entry, &below, err) < 0)
			return -1;
		v->differences = below.differences;
	} else if (!oci_streq(path, sums_name) && !oci_streq(path, etags_name) && !oci_sums_find(v->sums, path)) {
		differ(v, "extra", path);
	}
	return 0;
}

static int verify_sums(struct verify *v, struct oci_err **err)
{
	for (size_t i = 0; i < v->sums->n; i++) {
		const struct oci_sum *s = &v->sums->v[i];
		auto_free char *file = oci_path_join(v->dir, s->path);
		struct oci_digest got;

		if (!oci_path_is_local(s->path))
			return oci_fail(err, OCI_BADINPUT, "%s/%s: path \"%s\" leaves the tree", v->dir, sums_name,
					s->path);
		if (!oci_path_exists(file))
			differ(v, "missing", s->path);
		else if (oci_hash_file(s->digest.algorithm, file, &got, NULL, err) < 0)
			return -1;
		else if (!oci_digest_same(&got, &s->digest))
			differ(v, "changed", s->path);
	}
	return 0;
}

int oci_file_tree_verify(const char *dir, const struct oci_out *out, struct oci_err **err)
{
	auto_sums struct oci_sums sums = { 0 };
	auto_free char *path = oci_path_join(dir, sums_name);
	struct verify v = { .dir = dir, .below = "", .sums = &sums, .out = out };

	if (oci_sums_load(path, &sums, err) < 0)
		return -1;
	oci_sums_sort(&sums);
	if (verify_sums(&v, err) < 0 || oci_path_each(dir, verify_entry, &v, err) < 0)
		return -1;
	if (v.differences)
		return oci_fail(err, OCI_BADDIGEST, "%s: %zu differences from its %s", dir, v.differences, sums_name);
	oci_note(out, "%s: all %zu files are as listed", dir, sums.n);
	return 0;
}
