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

static void free_note(void *note)
{
	struct oci_file_note *n = note;

	free(n->validator);
	free(n);
}

/* "PATH TAB HEX TAB VALIDATOR". A line that a killed run left unfinished is one that is not there. */
static void load_note(struct oci_file_tree *t, struct oci_slice line)
{
	struct oci_slice path, rest, hex, validator;
	struct oci_digest sha256;

	if (!oci_slice_cut(line, '\t', &path, &rest) || !oci_slice_cut(rest, '\t', &hex, &validator) ||
	    oci_digest_parse_hex(OCI_SHA256, hex, &sha256, NULL) < 0)
		return;
	struct oci_file_note **at = (struct oci_file_note **)oci_map_at_n(&t->notes, path.p, path.len);

	if (*at)
		free((*at)->validator);
	else
		*at = oci_calloc(1, sizeof(**at));
	**at = (struct oci_file_note){ sha256, oci_slice_dup(validator) };
}

static int load_notes(struct oci_file_tree *t, struct oci_err **err)
{
	auto_free char *path = oci_path_join(t->dir, etags_name);
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, line;

	if (!oci_path_exists(path))
		return 0;
	if (oci_file_read(path, ETAGS_MAX, &text, err) < 0)
		return -1;
	rest = (struct oci_slice){ oci_buf_text(&text), text.len };
	while (oci_slice_line(&rest, &line))
		load_note(t, line);
	return 0;
}

static void print_note(const char *path, const struct oci_digest *sha256, const char *validator, struct oci_buf *out)
{
	oci_buf_addf(out, "%s\t%s\t%s\n", path, OCI_HEX(sha256), validator);
}

int oci_file_tree_note(const struct oci_file_tree *t, const struct oci_file_item *it, struct oci_err **err)
{
	auto_free char *path = oci_path_join(t->dir, etags_name);
	auto_buf struct oci_buf line = { 0 };
	auto_fd int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0)
		return oci_fail_errno(err, "cannot write %s", path);
	print_note(it->path, &it->sha256, it->validator, &line);
	return oci_file_write_fd(fd, path, line.data, line.len, err);
}

bool oci_file_tree_owns(const char *path)
{
	return oci_streq(path, sums_name) || oci_streq(path, etags_name);
}

int oci_file_tree_open(const char *dir, struct oci_file_tree *out, struct oci_err **err)
{
	auto_file_tree struct oci_file_tree t = { .dir = oci_strdup(dir) };
	auto_free char *path = oci_path_join(dir, sums_name);

	if (oci_path_exists(path) && oci_sums_load(path, OCI_SUMS_MAX, &t.sums, err) < 0)
		return -1;
	oci_sums_sort(&t.sums);
	if (load_notes(&t, err) < 0)
		return -1;
	*out = t;
	t = (struct oci_file_tree){ 0 };
	return 0;
}

void oci_file_tree_close(struct oci_file_tree *t)
{
	free(t->dir);
	oci_sums_clear(&t->sums);
	oci_map_clear_with(&t->notes, free_note);
	*t = (struct oci_file_tree){ 0 };
}

static bool hash_is(const char *file, const struct oci_digest *want, uint64_t *size)
{
	struct oci_digest got;

	return oci_hash_file(want->algorithm, file, &got, size, NULL) == 0 && oci_digest_same(&got, want);
}

/* What it must be: by the list or the lock, else by what it was when it was fetched. */
static const struct oci_digest *wanted(const struct oci_file_tree *t, const struct oci_file_item *it)
{
	const struct oci_file_note *note = oci_map_get(&t->notes, it->path);

	if (it->expect.algorithm != OCI_NO_DIGEST)
		return &it->expect;
	return note ? &note->sha256 : NULL;
}

bool oci_file_tree_holds(const struct oci_file_tree *t, struct oci_file_item *it)
{
	auto_free char *file = oci_path_join(t->dir, it->path);
	const struct oci_digest *want = wanted(t, it);
	struct stat st;

	if (!want || lstat(file, &st) < 0 || !S_ISREG(st.st_mode) || !hash_is(file, want, &it->size))
		return false;
	if (want->algorithm == OCI_SHA256)
		it->sha256 = *want;
	else if (oci_hash_file(OCI_SHA256, file, &it->sha256, NULL, NULL) < 0)
		return false;
	if (it->locked.algorithm != OCI_NO_DIGEST && !oci_digest_same(&it->locked, &it->sha256))
		return false;
	mode_t mode = oci_file_mode_of(file);

	return (st.st_mode & 07777) == mode || chmod(file, mode) == 0;
}

static void list_items(const struct oci_file_items *items, struct oci_sums *sums, struct oci_buf *etags)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct oci_file_item *it = &items->v[i];

		if (it->err)
			continue;
		oci_sums_add(sums, it->path, &it->sha256);
		if (it->validator)
			print_note(it->path, &it->sha256, it->validator, etags);
	}
}

static void list_others(const struct oci_file_tree *t, const struct oci_file_items *items, struct oci_sums *sums,
			struct oci_buf *etags)
{
	for (size_t i = 0; i < t->sums.n; i++) {
		const struct oci_sum *old = &t->sums.v[i];
		size_t place = (size_t)oci_map_get(&items->by_path, old->path);
		auto_free char *file = oci_path_join(t->dir, old->path);
		const struct oci_file_note *note = oci_map_get(&t->notes, old->path);

		/* a file whose fetch failed keeps its line: what was there is still there */
		if ((place && !items->v[place - 1].err) || !oci_path_exists(file))
			continue;
		oci_sums_add(sums, old->path, &old->digest);
		if (note)
			print_note(old->path, &note->sha256, note->validator, etags);
	}
}

/* The list of files may be the same as before, when one was lost and is back. */
static int sync_new(const struct oci_file_tree *t, const struct oci_file_items *items, struct oci_err **err)
{
	for (size_t i = 0; i < items->n; i++)
		if (!items->v[i].kept)
			return oci_path_sync_all(t->dir, err);
	return 0;
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
	if (sync_new(t, items, err) < 0 || oci_file_vouch(sums_path, oci_buf_text(&text), text.len, err) < 0)
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
	} else if (!oci_file_tree_owns(path) && !oci_sums_find(v->sums, path)) {
		differ(v, "extra", path);
	}
	return 0;
}

/* "changed", "missing", or NULL when it is as listed. */
static const char *state_of(struct verify *v, const struct oci_sum *s)
{
	auto_free char *file = oci_path_join(v->dir, s->path);
	struct oci_digest got;
	struct stat st;

	if (lstat(file, &st) < 0)
		return "missing";
	if (!S_ISREG(st.st_mode) || oci_hash_file(s->digest.algorithm, file, &got, NULL, NULL) < 0)
		return "changed";
	return oci_digest_same(&got, &s->digest) ? NULL : "changed";
}

static int verify_sums(struct verify *v, struct oci_err **err)
{
	for (size_t i = 0; i < v->sums->n; i++) {
		const struct oci_sum *s = &v->sums->v[i];

		if (!oci_path_is_local(s->path))
			return oci_fail(err, OCI_BADINPUT, "%s/%s: path \"%s\" leaves the tree", v->dir, sums_name,
					s->path);
		const char *state = state_of(v, s);

		if (state)
			differ(v, state, s->path);
	}
	return 0;
}

int oci_file_tree_verify(const char *dir, const struct oci_out *out, struct oci_err **err)
{
	auto_sums struct oci_sums sums = { 0 };
	auto_free char *path = oci_path_join(dir, sums_name);
	struct verify v = { .dir = dir, .below = "", .sums = &sums, .out = out };

	if (oci_sums_load(path, OCI_SUMS_MAX, &sums, err) < 0)
		return -1;
	oci_sums_sort(&sums);
	if (verify_sums(&v, err) < 0 || oci_path_each(dir, verify_entry, &v, err) < 0)
		return -1;
	if (v.differences)
		return oci_fail(err, OCI_BADDIGEST, "%s: %zu differences from its %s", dir, v.differences, sums_name);
	oci_note(out, "%s: all %zu files are as listed", dir, sums.n);
	return 0;
}
