#include "listgen/compare.h"

#include "base/list.h"
#include "base/map.h"
#include "base/path.h"
#include "base/slice.h"

#include <ctype.h>

void oci_compare_clear(struct oci_compare_side *side)
{
	oci_rows_clear(&side->images);
	oci_rows_clear(&side->files);
	oci_rows_clear(&side->packages);
}

int oci_compare_kind(const char *a, const char *b, bool *folders, struct oci_err **err)
{
	const char *const both[] = { a, b };

	for (size_t i = 0; i < 2; i++)
		if (!oci_streq(both[i], "-") && !oci_path_exists(both[i]))
			return oci_fail(err, OCI_NOTFOUND, "%s: no such checkout or list", both[i]);
	*folders = oci_path_is_dir(a);
	if (*folders != oci_path_is_dir(b))
		return oci_fail(err, OCI_USAGE, "diff %s %s: want two checkouts or two lists", a, b);
	return 0;
}

int oci_compare_load(const char *path, struct oci_compare_side *side, struct oci_err **err)
{
	auto_list struct oci_list list = { 0 };

	if (oci_list_load(&list, path, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		struct oci_slice rest = oci_slice(list.v[i].text), word;

		oci_slice_word(&rest, &word);
		auto_free char *text = oci_slice_dup(word);
		struct oci_rows *rows = strstr(text, "://")   ? &side->files
					: strpbrk(text, "/:") ? &side->images
							      : &side->packages;

		oci_rows_add(rows, text, "", path, list.v[i].line);
	}
	return 0;
}

/* An image without its tag and digest. */
static char *image_key(const char *text)
{
	size_t n = strcspn(text, "@");
	const char *slash = memrchr(text, '/', n);
	const char *colon = memchr(slash ?: text, ':', n - (slash ? (size_t)(slash - text) : 0));

	return oci_strndup(text, colon ? (size_t)(colon - text) : n);
}

static bool is_version_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr(".+", c));
}

/* A URL in which each run that is a number with points, v before it or not, is a *: v1.2.3, 20230807, 1.30. */
static char *file_key(const char *text)
{
	struct oci_buf b = { 0 };

	for (const char *p = text; *p;) {
		const char *start = *p == 'v' && isdigit((unsigned char)p[1]) ? p + 1 : p;
		bool fresh = p == text || !isalnum((unsigned char)p[-1]);
		size_t n = 0;

		if (fresh && isdigit((unsigned char)*start))
			while (is_version_char(start[n]) && !(start[n] == '.' && !isdigit((unsigned char)start[n + 1])))
				n++;
		if (!n) {
			oci_buf_addc(&b, *p++);
			continue;
		}
		oci_buf_addc(&b, '*');
		p = start + n;
	}
	return oci_buf_take(&b);
}

static char *package_key(const char *text)
{
	return oci_strdup(text);
}

struct pairing {
	const char *kind;
	char *(*key)(const char *text);
	bool by_variable; /* another address by the same variable is a move, too */
	const struct oci_out *out;
};

static void say(const struct pairing *p, const char *change, const char *old, const char *new)
{
	oci_say(p->out, OCI_TEXT("change", change), OCI_TEXT("kind", p->kind), OCI_TEXT("old", old),
		OCI_TEXT("new", new));
}

static bool has(const struct oci_rows *rows, const char *text)
{
	for (size_t i = 0; i < rows->n; i++)
		if (oci_streq(rows->v[i].text, text))
			return true;
	return false;
}

/* The row of `in` that was the other's before: the same name by another version, else the same variable. */
static const struct oci_row *partner(const struct pairing *p, const struct oci_row *r, const struct oci_rows *in,
				     const struct oci_rows *not_in, const struct oci_map *taken)
{
	auto_free char *key = p->key(r->text);

	for (int pass = 0; pass < (p->by_variable ? 2 : 1); pass++) {
		for (size_t i = 0; i < in->n; i++) {
			auto_free char *other = p->key(in->v[i].text);
			bool same = pass == 0 ? oci_streq(key, other)
					      : *r->variable && oci_streq(r->variable, in->v[i].variable);

			if (same && !has(not_in, in->v[i].text) && !oci_map_has(taken, in->v[i].text))
				return &in->v[i];
		}
	}
	return NULL;
}

static void compare(const struct pairing *p, const struct oci_rows *old, const struct oci_rows *new)
{
	auto_map struct oci_map taken = { 0 };

	for (size_t i = 0; i < old->n; i++) {
		const struct oci_row *r = &old->v[i];

		if (has(new, r->text) || !oci_map_add(&taken, r->text, NULL))
			continue;
		const struct oci_row *to = partner(p, r, new, old, &taken);

		say(p, to ? "moved" : "dropped", r->text, to ? to->text : "-");
		if (to)
			oci_map_add(&taken, to->text, NULL);
	}
	for (size_t i = 0; i < new->n; i++)
		if (!has(old, new->v[i].text) && oci_map_add(&taken, new->v[i].text, NULL))
			say(p, "added", "-", new->v[i].text);
}

void oci_compare_print(const struct oci_compare_side *old, const struct oci_compare_side *new,
		       const struct oci_out *out)
{
	const struct pairing images = { "image", image_key, false, out }, files = { "file", file_key, true, out };
	const struct pairing packages = { "package", package_key, false, out };

	compare(&images, &old->images, &new->images);
	compare(&files, &old->files, &new->files);
	compare(&packages, &old->packages, &new->packages);
}
